/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventRing;

/**
 * What it costs a source to hand its events to the thread of the model, in Java and in C.
 *
 * <p>Each line of the ring comes from the reader's CPU, so the cost depends on how far that is: on
 * one machine 2 ns for an event where the two share a cache, and 30 where they do not. The host of
 * a virtual machine moves its CPUs, the more often the more they sleep. Therefore each run measures
 * the distance, too, and a pair counts only when both of its runs had the same.
 */
record HandOffRuns(Peers peers) {

    /** Half a ring: it never is full. */
    private static final int BURST = EventRing.DEFAULT_CAPACITY / 2;

    /** As many signals as the bridge reads at once. */
    private static final int BATCH = 64;

    /** A run is short: where the CPUs are changes several times in a second. */
    private static final int BURSTS = 25;

    private static final int UNCOUNTED = 5;
    private static final int WARM_UP_BURSTS = 500;

    /** As long as the recorder's. */
    private static final long REST_MICROS = 2_000;

    private static final int PINGS = 64;

    /** How much farther the CPUs may be from each other in one run of a pair than in the other. */
    private static final double SAME_DISTANCE = 1.3;

    /** Pairs that are tried for each that is wanted; the report goes on with those that count. */
    private static final int TRIES = 6;

    private static final int LEAST_PAIRS = 3;

    /**
     * One run. What else the machine does only adds to it: both are the least of a burst.
     *
     * @param nanos of the writer, for an event
     * @param roundTripNanos of a word to the reader's CPU and back
     */
    record Run(double nanos, double roundTripNanos) {

        boolean isAsFarAs(Run other) {
            double ratio = roundTripNanos / other.roundTripNanos;
            return ratio < SAME_DISTANCE && ratio > 1 / SAME_DISTANCE;
        }
    }

    /**
     * Runs both in turn until enough pairs count.
     *
     * @param count how many pairs
     * @throws KmodscopeException FAILED when next to none does: a budget that was not looked at is
     *     not kept
     */
    Row row(String name, String title, int count, Budget budget)
            throws KmodscopeException, InterruptedException {
        new Bursts().run(WARM_UP_BURSTS);
        List<Run> own = new ArrayList<>();
        List<Run> c = new ArrayList<>();
        for (int tried = 0; own.size() < count && tried < count * TRIES; tried++) {
            boolean first = tried % 2 == 0;
            Run before = first ? new Bursts().run(BURSTS) : byC();
            Run after = first ? byC() : new Bursts().run(BURSTS);
            if (before.isAsFarAs(after)) {
                own.add(first ? before : after);
                c.add(first ? after : before);
            }
        }
        if (own.size() < LEAST_PAIRS) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The hand-off cannot be compared: the CPUs were never as far from each other as"
                            + " a moment before.",
                    "Measure again, on a machine that has its CPUs to itself.");
        }
        double[] ours = own.stream().mapToDouble(Run::nanos).toArray();
        double[] theirs = c.stream().mapToDouble(Run::nanos).toArray();
        Spread away = Spread.of(own.stream().mapToDouble(Run::roundTripNanos).toArray());
        return new Row.Measured(
                name,
                title,
                "ns/event",
                Spread.of(ours),
                Optional.of(Spread.of(theirs)),
                Optional.of(Spread.ofRatios(ours, theirs)),
                Optional.of(budget),
                "to the other CPU and back: %.0f ns (%.0f to %.0f)"
                        .formatted(away.median(), away.least(), away.most()));
    }

    private Run byC() throws KmodscopeException, InterruptedException {
        JsonObject figures = peers.run("ring", BURSTS, UNCOUNTED, BURST, REST_MICROS);
        return new Run(figures.get("nanos").getAsDouble(), figures.get("round_trip").getAsDouble());
    }

    /** The same as {@code ring.c}: it has the order of what the two threads do. */
    private static final class Bursts {

        private final EventRing ring = new EventRing();
        private volatile long emptied;
        private volatile long ping;
        private volatile long pong;

        Run run(int count) throws InterruptedException {
            Thread reader =
                    Thread.ofPlatform().name("bench-reader").daemon().start(() -> read(count));
            double least = Double.POSITIVE_INFINITY;
            double roundTrip = Double.POSITIVE_INFINITY;
            for (int burst = 0; burst < count; burst++) {
                double nanos = write();
                while (emptied < (burst + 1L) * BURST) {
                    Thread.onSpinWait();
                }
                double away = exchange();
                if (burst >= UNCOUNTED) {
                    least = Math.min(least, nanos);
                    roundTrip = Math.min(roundTrip, away);
                }
            }
            reader.join();
            if (ring.refused() != 0) {
                throw new IllegalStateException(ring.refused() + " events found no room");
            }
            return new Run(least, roundTrip);
        }

        private double write() {
            long begun = System.nanoTime();
            for (int first = 0; first < BURST; first += BATCH) {
                batch(first);
            }
            return (double) (System.nanoTime() - begun) / BURST;
        }

        /** The start script keeps HotSpot from inlining it: a source calls its sink, too. */
        private void batch(int first) {
            long head = EventCodec.head(EventKind.SIGIO_IN, 0, 1);
            for (int event = first; event < first + BATCH; event++) {
                ring.accept(event, head, 0, 0, EventCodec.tail(1, event));
            }
        }

        private double exchange() {
            long begun = System.nanoTime();
            long last = pong + PINGS;
            for (long next = pong + 1; next <= last; next++) {
                ping = next;
                while (pong != next) {
                    Thread.onSpinWait();
                }
            }
            return (double) (System.nanoTime() - begun) / PINGS;
        }

        private void read(int count) {
            WordSum words = new WordSum();
            long told = 0;
            long pings = 0;
            while (told < (long) count * BURST) {
                if (ring.drain(words, Integer.MAX_VALUE) > 0) {
                    continue;
                }
                if (words.records() == told + BURST) {
                    told += BURST;
                    emptied = told;
                    for (int each = 0; each < PINGS; each++) {
                        pings++;
                        while (ping != pings) {
                            Thread.onSpinWait();
                        }
                        pong = pings;
                    }
                }
                LockSupport.parkNanos(REST_MICROS * 1_000);
            }
        }
    }
}
