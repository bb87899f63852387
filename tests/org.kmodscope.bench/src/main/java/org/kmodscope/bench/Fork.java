/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventRing;
import org.kmodscope.core.event.EventSink;

/**
 * The main class of a JVM of its own, so that what was compiled or allocated for one measurement
 * does not change another.
 */
final class Fork {

    private static final int WARM_UP = 10;
    private static final int BURST = 16_384;
    private static final int BURSTS = 200;

    private Fork() {}

    /**
     * The arguments: {@code ring} or {@code codec} and how many rounds, to print nanoseconds per
     * event for each round after the warm-up; {@code model} and how many seconds, to print what a
     * {@link ModelRun} has, in its order.
     */
    public static void main(String[] args) throws InterruptedException, KmodscopeException {
        int rounds = Integer.parseInt(args[1]);
        if (args[0].equals("model")) {
            ModelRun run = ModelRun.measure(Duration.ofSeconds(rounds));
            System.out.println(run.sent());
            System.out.println(run.lost());
            System.out.println(run.cpuShare());
            System.out.println(run.heapBytes());
            return;
        }
        for (int round = 0; round < WARM_UP + rounds; round++) {
            double nanos =
                    switch (args[0]) {
                        case "ring" -> ring();
                        case "codec" -> codec();
                        default -> throw new IllegalArgumentException(args[0]);
                    };
            if (round >= WARM_UP) {
                System.out.println(nanos);
            }
        }
    }

    /** What it costs the writer, while a reader in another thread takes out what comes. */
    private static double ring() throws InterruptedException {
        EventRing ring = new EventRing();
        long total = (long) BURST * BURSTS;
        AtomicLong seen = new AtomicLong();
        Thread reader =
                Thread.ofPlatform()
                        .name("bench-reader")
                        .start(
                                () -> {
                                    Sum sum = new Sum();
                                    while (sum.seen < total) {
                                        if (ring.drain(sum, Integer.MAX_VALUE) == 0) {
                                            Thread.onSpinWait();
                                        }
                                        seen.setRelease(sum.seen);
                                    }
                                });
        double[] bursts = new double[BURSTS];
        for (int burst = 0; burst < BURSTS; burst++) {
            long start = System.nanoTime();
            fill(ring);
            bursts[burst] = (double) (System.nanoTime() - start) / BURST;
            while (seen.getAcquire() < (long) BURST * (burst + 1)) {
                Thread.onSpinWait();
            }
        }
        reader.join();
        if (ring.refused() != 0) {
            throw new IllegalStateException(ring.refused() + " events found no room");
        }
        // The median: a burst in which the thread lost its CPU says nothing of the ring.
        return Spread.of(bursts).median();
    }

    /** What it costs to write a record and to read it again. */
    private static double codec() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BURST * EventCodec.RECORD_BYTES);
        Sum sum = new Sum();
        long start = System.nanoTime();
        for (int burst = 0; burst < BURSTS; burst++) {
            buffer.clear();
            fill(
                    (time, head, request, result, tail) ->
                            EventCodec.put(buffer, time, head, request, result, tail));
            buffer.flip();
            while (buffer.hasRemaining()) {
                EventCodec.take(buffer, sum);
            }
        }
        long nanos = System.nanoTime() - start;
        if (sum.seen != (long) BURST * BURSTS) {
            throw new IllegalStateException(sum.seen + " events came back");
        }
        return (double) nanos / sum.seen;
    }

    private static void fill(EventSink sink) {
        long head = EventCodec.head(EventKind.SIGIO_IN, 0, 1);
        for (int event = 0; event < BURST; event++) {
            sink.accept(event, head, 0, 0, EventCodec.tail(1, event));
        }
    }

    /** Looks at every word, so that no reading of it is left out. */
    private static final class Sum implements EventSink {

        private long seen;
        private long words;

        @Override
        public void accept(long time, long head, long request, long result, long tail) {
            words += time ^ head ^ request ^ result ^ tail;
            seen++;
        }

        @Override
        public String toString() {
            return Long.toString(words);
        }
    }
}
