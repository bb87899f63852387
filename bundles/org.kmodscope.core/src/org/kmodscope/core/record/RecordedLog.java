/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetSession;

/** Tells a listener the kernel log of a recording, from its beginning. */
final class RecordedLog implements TargetSession.Subscription {

    private static final int ERROR = 3;

    private final Recording recording;
    private final long opened;
    private final ReplayClock clock;
    private final LongSupplier reached;
    private final Consumer<KernelLogLine> listener;
    private volatile boolean closed;

    private RecordedLog(
            Recording recording,
            long opened,
            ReplayClock clock,
            LongSupplier reached,
            Consumer<KernelLogLine> listener) {
        this.recording = recording;
        this.opened = opened;
        this.clock = clock;
        this.reached = reached;
        this.listener = listener;
    }

    /**
     * Starts to tell, on a thread of its own that ends with the log, the subscription or the
     * session.
     *
     * @param opened when the replay began, by nanoTime()
     * @param reached up to which byte of the file things have happened
     */
    static RecordedLog start(
            Recording recording,
            long opened,
            ReplayClock clock,
            LongSupplier reached,
            Consumer<KernelLogLine> listener) {
        RecordedLog log = new RecordedLog(recording, opened, clock, reached, listener);
        Thread.ofPlatform().name("kmodscope-replay-log").daemon().start(log::run);
        return log;
    }

    private void run() {
        try {
            tell();
        } catch (KmodscopeException damage) {
            listener.accept(new KernelLogLine(ERROR, 0, 0, String.valueOf(damage.getMessage())));
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell() throws KmodscopeException, InterruptedException {
        try (RecordReader reader = new RecordReader(recording.file(), recording.start())) {
            for (Optional<RecordLine> next = reader.next();
                    next.isPresent();
                    next = reader.next()) {
                RecordLine line = next.get();
                if (line.kind() == RecordLine.Kind.OPEN) {
                    return;
                }
                if (line.kind() != RecordLine.Kind.LOG) {
                    continue;
                }
                long place = reader.start();
                clock.until(() -> closed || place < reached.getAsLong());
                clock.pass(opened, line.micros() - recording.began(), () -> closed);
                if (closed || clock.over()) {
                    return;
                }
                listener.accept(
                        new KernelLogLine(
                                (int) line.number(0),
                                line.number(1),
                                line.number(2),
                                line.text(3)));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        clock.wake();
    }
}
