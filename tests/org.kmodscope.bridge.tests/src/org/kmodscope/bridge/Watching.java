/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.target.IoModel;

/** A descriptor that is watched by any model but signals, through the public interface. */
final class Watching implements AutoCloseable {

    final Recorder recorder = new Recorder();
    final Running running;
    private final Armed armed;

    private Watching(Armed armed) throws Exception {
        this.armed = armed;
        this.running = armed.start(recorder);
    }

    static Watching start(int descriptor, IoModel model) throws Exception {
        return new Watching(Bridge.open().armDescriptor(descriptor, model));
    }

    /** What the calls or requests that ended well have moved so far. */
    static long bytes(List<Event> events) {
        return events.stream()
                .filter(Watching::isEnd)
                .mapToLong(event -> Math.max(0, event.result()))
                .sum();
    }

    static boolean isEnd(Event event) {
        return switch (event.kind()) {
            case AIO_COMPLETE, AIO_CANCEL, READ_END, WRITE_END -> true;
            default -> false;
        };
    }

    static boolean isStart(Event event) {
        return switch (event.kind()) {
            case AIO_SUBMIT, READ_START, WRITE_START -> true;
            default -> false;
        };
    }

    void awaitBytes(long bytes) throws Exception {
        recorder.await(all -> bytes(all) >= bytes);
    }

    TransferStatistics statistics() {
        return assertInstanceOf(TransferStatistics.class, running.statistics());
    }

    TransferStatistics stop() throws Exception {
        return assertInstanceOf(TransferStatistics.class, running.stop().statistics());
    }

    /** Waits until the source has ended by itself. */
    SourceEnd ended() throws Exception {
        return running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /**
     * That every request began once and ended once, but those that are still outstanding, and that
     * the counts are those of the events.
     */
    void assertPaired(TransferStatistics counted) {
        Set<Long> begun = new HashSet<>();
        Set<Long> ended = new HashSet<>();
        List<Event> events = recorder.events();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            assertEquals(i, event.sequence());
            if (isStart(event)) {
                assertTrue(begun.add(event.request()), event::toString);
            } else if (isEnd(event)) {
                assertTrue(begun.contains(event.request()), event::toString);
                assertTrue(ended.add(event.request()), event::toString);
            }
        }
        assertEquals(begun.size(), counted.started());
        assertEquals(ended.size(), counted.ended());
        assertEquals(bytes(events), counted.bytes());
        assertEquals(
                recorder.events(EventKind.AIO_CANCEL).size(), counted.cancelled(), "cancelled");
    }

    @Override
    public void close() {
        running.close();
        armed.close();
    }
}
