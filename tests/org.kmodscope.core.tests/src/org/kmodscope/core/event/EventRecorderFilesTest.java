/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;

/** What a recorder writes to files, and reads from them. */
@Timeout(60)
class EventRecorderFilesTest implements EventRecorder.Listener {

    private final BlockingQueue<KmodscopeException> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<EventSnapshot> snapshots = new LinkedBlockingQueue<>();
    private final EventRecorder recorder =
            EventRecorder.start(EventRecorder.Settings.defaults().withWindowEvents(1 << 14), this);

    @TempDir private Path directory;

    @Override
    public void published(EventSnapshot snapshot) {
        snapshots.add(snapshot);
    }

    @Override
    public void failed(KmodscopeException failure) {
        failures.add(failure);
    }

    @AfterEach
    void close() {
        recorder.close();
    }

    @Test
    void writersGetAllInOrderAndAreClosed() throws Exception {
        List<String> written = new ArrayList<>();
        CountDownLatch closed = new CountDownLatch(1);
        recorder.write(
                new EventWriter() {
                    @Override
                    public void write(
                            String source, long time, long head, long request, long r, long t) {
                        written.add(source + time);
                    }

                    @Override
                    public void close() {
                        closed.countDown();
                    }
                });
        Path csv = directory.resolve("events.csv");
        recorder.write(EventCsv.create(csv));
        recorder.attach(
                Scripted.waiting(
                        "a",
                        Sent.event(3, EventKind.SIGIO_IN),
                        Sent.event(1, EventKind.SIGIO_IN),
                        Sent.lost(2, 5)));
        EventSnapshot last = recorder.finish();
        assertEquals(5, last.lost());
        assertEquals(List.of("a1", "a2", "a3"), written);
        assertEquals(0, closed.getCount());
        assertEquals(4, Files.readAllLines(csv).size());
        assertThrows(IllegalStateException.class, () -> recorder.write((s, t, h, q, r, l) -> {}));
    }

    @Test
    void aWriterThatFailsIsToldAndDoesNotEndTheRecording() throws Exception {
        recorder.write(
                (source, time, head, request, result, tail) -> {
                    throw new IOException("No space left on device");
                });
        recorder.attach(
                Scripted.waiting(
                        "a", Sent.event(1, EventKind.SIGIO_IN), Sent.event(2, EventKind.SIGIO_IN)));
        KmodscopeException failure = failures.poll(10, TimeUnit.SECONDS);
        assertTrue(failure.getMessage().contains("No space left on device"));
        assertSame(failure, assertThrows(KmodscopeException.class, recorder::finish));
        assertEquals(2, recorder.snapshot().events());
        assertEquals(0, failures.size(), "told once");
    }

    @Test
    void aRecordingIsLoadedWhole() throws Exception {
        Path file = directory.resolve("events.kmse");
        try (EventRecording recording = EventRecording.create(file)) {
            for (int each = 0; each < 200_000; each++) {
                recording.write(
                        each % 2 == 0 ? "agent" : "bridge",
                        each,
                        EventCodec.head(EventKind.SIGIO_IN, 0, 1),
                        0,
                        0,
                        0);
            }
        }
        recorder.load(file);
        EventSnapshot loaded = snapshots.poll(10, TimeUnit.SECONDS);
        assertEquals(200_000, loaded.events());
        assertEquals(0, loaded.lost());
        assertEquals(100_000, loaded.sources().get(1).count(EventKind.SIGIO_IN));
        assertThrows(KmodscopeException.class, () -> recorder.load(directory.resolve("missing")));
        recorder.close();
        assertThrows(IllegalStateException.class, () -> recorder.load(file));
    }
}
