/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.bridge.Armed;
import org.kmodscope.bridge.Bridge;
import org.kmodscope.bridge.Running;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventRing;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** Overflows that are forced, and what was told of them. */
record LossRuns(Bridge bridge, Peers peers, Path directory) {

    private static final int SMALL_RING = 256;

    /** Signals that may be queued, in the run that overflows the kernel's queue. */
    private static final int FEW_SIGNALS = 1024;

    /**
     * What came of it.
     *
     * @param sent events that were caused
     * @param came events that arrived
     * @param told events that a LOST record counted; exact
     * @param overflows OVERFLOW records, each for an unknown number
     */
    record Loss(long sent, long came, long told, long overflows) {

        /** Events that are missing without a word. */
        long unreported() {
            return overflows > 0 ? 0 : Math.abs(sent - came - told);
        }

        /** Whether there was a loss at all; without, the run says nothing. */
        boolean isForced() {
            return came < sent;
        }
    }

    /** A reader of the ring that is too slow: all that is missing must be counted exactly. */
    Loss inTheRing(int count) throws KmodscopeException, InterruptedException {
        EventRing ring = new EventRing(SMALL_RING);
        Tally tally = new Tally();
        AtomicBoolean done = new AtomicBoolean();
        long sent;
        Thread reader =
                Thread.ofPlatform()
                        .name("bench-slow-reader")
                        .daemon()
                        .start(
                                () -> {
                                    while (!done.get()) {
                                        LockSupport.parkNanos(5_000_000);
                                        ring.drain(tally, SMALL_RING);
                                    }
                                });
        try (Stage stage = Stage.in(directory);
                Armed armed = bridge.arm(SignalRuns.request(stage));
                Running running = armed.start(ring)) {
            stage.loop().ready();
            // Not as fast as it goes: the kernel's own queue must hold.
            sent =
                    signals(
                            peers.run(
                                    "writer",
                                    stage.fifo(),
                                    stage.loop().file(),
                                    count,
                                    100_000,
                                    0,
                                    0));
            running.stop();
        } finally {
            done.set(true);
            reader.join();
        }
        while (ring.drain(tally, Integer.MAX_VALUE) > 0) {
            // To the end of the ring, and the loss that is told of there.
        }
        return tally.of(sent);
    }

    /** A thread of the bridge that stands still: the kernel's queue overflows, and says so. */
    Loss inTheKernel() throws KmodscopeException, InterruptedException {
        Tally tally = new Tally();
        CountDownLatch goOn = new CountDownLatch(1);
        EventSink standing =
                (time, head, request, result, tail) -> {
                    await(goOn);
                    tally.accept(time, head, request, result, tail);
                };
        int count = 8 * FEW_SIGNALS;
        long sent;
        String before = limit();
        try (Stage stage = Stage.in(directory);
                Armed armed = bridge.arm(SignalRuns.request(stage));
                Running running = armed.start(standing)) {
            limit(Integer.toString(FEW_SIGNALS));
            stage.loop().ready();
            sent = signals(peers.run("writer", stage.fifo(), stage.loop().file(), count, 0, 0, 0));
            goOn.countDown();
            running.stop();
        } finally {
            goOn.countDown();
            limit(before);
        }
        return tally.of(sent);
    }

    /** The writer's reads make room in the pipe, which is signalled, too. */
    private static long signals(JsonObject figures) {
        return figures.get("sent").getAsLong() + figures.get("reads").getAsLong();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** This process' soft limit of queued signals: a number, or {@code unlimited}. */
    private static String limit() throws KmodscopeException, InterruptedException {
        return prlimit("--sigpending", "--raw", "--noheadings", "--output=SOFT").strip();
    }

    private static void limit(String signals) throws KmodscopeException, InterruptedException {
        prlimit("--sigpending=" + signals + ":");
    }

    private static String prlimit(String... arguments)
            throws KmodscopeException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of("prlimit", "--pid"));
        argv.add(Long.toString(ProcessHandle.current().pid()));
        argv.addAll(List.of(arguments));
        Captured ended =
                HostCommand.of(argv).providedBy("util-linux").capture(new NullProgressMonitor());
        if (ended.exit() != 0) {
            throw new KmodscopeException(
                    Kind.MISSING, "prlimit failed: " + ended.words(), "Install util-linux.");
        }
        return ended.out();
    }

    /** Counts what came and what was told missing; used by one thread after another. */
    private static final class Tally implements EventSink {

        private long came;
        private long told;
        private long overflows;

        @Override
        public synchronized void accept(
                long time, long head, long request, long result, long tail) {
            switch (EventCodec.kind(head)) {
                case SIGIO_IN, SIGIO_OUT -> {
                    // What a poll found after an overflow is no signal.
                    if ((EventCodec.flags(head) & EventCodec.FLAG_RESYNC) == 0) {
                        came++;
                    }
                }
                case LOST -> told += result;
                case OVERFLOW -> overflows++;
                default -> {}
            }
        }

        synchronized Loss of(long sent) {
            return new Loss(sent, came, told, overflows);
        }
    }
}
