/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hops are measured when they are sure, and only then. */
class LatencyTest {

    private static final long MS = 1_000_000;

    private final EventModel model = new EventModel(1024, 10);
    private final int agent = model.source("agent");
    private long calls;

    private void write(long time) {
        Sent.record(model, agent, Sent.event(time, EventKind.WRITE_START, 0, ++calls, 0));
        Sent.record(model, agent, Sent.event(time + 10, EventKind.WRITE_END, 0, calls, 64));
    }

    private void signal(int source, long time) {
        Sent.record(model, source, Sent.event(time, EventKind.SIGIO_IN, 1, 0, 0));
    }

    private void read(int source, long time, long took, long result) {
        calls++;
        Sent.record(model, source, Sent.event(time, EventKind.READ_START, 1, calls, 0));
        Sent.record(model, source, Sent.event(time + took, EventKind.READ_END, 1, calls, result));
    }

    private Optional<LatencyRow> row(Hop hop, String source) {
        model.settle();
        return model
                .snapshot(0, new boolean[EventModel.MOST_SOURCES], Optional.empty())
                .latencies()
                .stream()
                .filter(each -> each.hop() == hop && each.source().equals(source))
                .findFirst();
    }

    private long count(Hop hop) {
        return row(hop, "agent").map(LatencyRow::count).orElse(0L);
    }

    private long unmatched(Hop hop) {
        return row(hop, "agent").map(LatencyRow::unmatched).orElse(0L);
    }

    @Test
    void oneChainHasThreeHops() {
        write(1000);
        signal(agent, 1500);
        read(agent, 1600, 100, 64);
        LatencyRow toSignal = row(Hop.WRITE_TO_SIGIO, "agent").orElseThrow();
        assertEquals(1, toSignal.count());
        assertEquals(500, toSignal.minNanos());
        assertEquals(500, toSignal.p50());
        assertEquals(500, toSignal.maxNanos());
        assertEquals(200, row(Hop.SIGIO_TO_READ, "agent").orElseThrow().maxNanos());
        assertEquals(700, row(Hop.WRITE_TO_READ, "agent").orElseThrow().maxNanos());
        assertEquals(0, toSignal.unmatched());
    }

    @Test
    void twoSourcesOfOneWriteHaveEachTheirRow() {
        int bridge = model.source("bridge");
        for (int each = 0; each < 10; each++) {
            long time = each * MS;
            write(time);
            signal(agent, time + 300);
            signal(bridge, time + 900);
        }
        assertEquals(300, row(Hop.WRITE_TO_SIGIO, "agent").orElseThrow().maxNanos());
        assertEquals(10, row(Hop.WRITE_TO_SIGIO, "bridge").orElseThrow().count());
        assertEquals(900, row(Hop.WRITE_TO_SIGIO, "bridge").orElseThrow().minNanos());
    }

    @Test
    void somebodyElsesWriteIsNotJoined() {
        signal(agent, 1000);
        assertEquals(0, count(Hop.WRITE_TO_SIGIO));
        assertEquals(1, unmatched(Hop.WRITE_TO_SIGIO));
        // Nor does it spoil what comes after.
        write(20 * MS);
        signal(agent, 20 * MS + 700);
        assertEquals(1, count(Hop.WRITE_TO_SIGIO));
        assertEquals(700, row(Hop.WRITE_TO_SIGIO, "agent").orElseThrow().maxNanos());
    }

    @Test
    void anEpisodeWithSomebodyElsesWriteIsDiscarded() {
        write(1000);
        signal(agent, 1100); // of an echo
        signal(agent, 1500); // of the write
        assertEquals(0, count(Hop.WRITE_TO_SIGIO));
        assertEquals(2, unmatched(Hop.WRITE_TO_SIGIO));
    }

    @Test
    void aWriteThatFailsCausesNothing() {
        calls++;
        Sent.record(model, agent, Sent.event(1000, EventKind.WRITE_START, 0, calls, 0));
        Sent.record(model, agent, Sent.event(1010, EventKind.WRITE_END, 0, calls, -11));
        write(2000);
        signal(agent, 2400);
        assertEquals(400, row(Hop.WRITE_TO_SIGIO, "agent").orElseThrow().minNanos());
    }

    @Test
    void signalsThatCoalesceGiveNoFigures() {
        for (int each = 0; each < 1000; each++) {
            write(each * 100_000L);
            if (each % 10 == 9) {
                signal(agent, each * 100_000L + 50_000);
            }
        }
        assertEquals(0, count(Hop.WRITE_TO_SIGIO));
    }

    @Test
    void aMissingSignalHealsAfterAWhile() {
        for (int each = 0; each < 100; each++) {
            write(each * 100 * MS);
            if (each != 10) {
                signal(agent, each * 100 * MS + 20_000);
            }
        }
        LatencyRow row = row(Hop.WRITE_TO_SIGIO, "agent").orElseThrow();
        assertEquals(20_000, row.maxNanos(), "never joined with the write before");
        assertTrue(row.count() > 40, row.count() + " of 100");
        assertEquals(99, row.count() + row.unmatched());
    }

    @Test
    void nothingIsMeasuredAcrossALoss() {
        write(1000);
        Sent.record(model, agent, Sent.lost(1200, 3));
        signal(agent, 1500);
        read(agent, 1600, 100, 64);
        assertEquals(0, count(Hop.WRITE_TO_SIGIO));
        assertEquals(0, count(Hop.WRITE_TO_READ));
        assertEquals(1, count(Hop.SIGIO_TO_READ), "both ends came after the loss");
    }

    /**
     * The same latency for every write, several on their way at once, records lost in all places:
     * whatever is measured is that latency, or it was joined with the wrong end.
     */
    @Test
    void lossNeverMakesAWrongFigure() {
        Random random = Seeded.random(LatencyTest.class);
        long measured = 0;
        for (int round = 0; round < 300; round++) {
            model.clear();
            long latency = 1000 + random.nextInt(300_000);
            long time = 0;
            List<Event> events = new ArrayList<>();
            for (int each = 0; each < 2000; each++) {
                time += random.nextInt(200) == 0 ? 6 * MS + latency : random.nextInt(200_000);
                events.add(Sent.event(time, EventKind.WRITE_START, 0, each, 0));
                events.add(Sent.event(time + 1, EventKind.WRITE_END, 0, each, 64));
                events.add(Sent.event(time + latency, EventKind.SIGIO_IN, 1, 0, 0));
            }
            events.sort(Comparator.comparingLong(Event::timeNanos));
            boolean overflow = random.nextInt(4) == 0;
            long lost = 0;
            for (Event each : events) {
                if (random.nextInt(lost > 0 ? 3 : 1500) == (lost > 0 ? 1 : 0)) {
                    if (lost > 0) {
                        Sent.record(
                                model,
                                agent,
                                overflow
                                        ? Sent.event(each.timeNanos(), EventKind.OVERFLOW)
                                        : Sent.lost(each.timeNanos(), lost));
                        lost = 0;
                    } else {
                        lost = 1;
                        continue;
                    }
                }
                if (lost > 0) {
                    lost++;
                } else {
                    Sent.record(model, agent, each);
                }
            }
            Optional<LatencyRow> row = row(Hop.WRITE_TO_SIGIO, "agent");
            if (row.isPresent() && row.get().count() > 0) {
                measured += row.get().count();
                assertEquals(latency, row.get().minNanos(), "round " + round);
                assertEquals(latency, row.get().maxNanos(), "round " + round);
            }
        }
        assertTrue(measured > 10_000, measured + " measured in all");
    }

    @Test
    void undisturbedEveryWriteIsMeasured() {
        Random random = Seeded.random(LatencyTest.class);
        List<Event> events = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        long time = 0;
        long signalled = 0;
        int writes = 20_000;
        for (int each = 0; each < writes; each++) {
            time += random.nextInt(100_000);
            signalled = Math.max(signalled + 1, time + 5_000 + random.nextInt(60_000));
            expected.add(signalled - time);
            events.add(Sent.event(time, EventKind.WRITE_START, 0, each, 0));
            events.add(Sent.event(time + 1000, EventKind.WRITE_END, 0, each, 64));
            events.add(Sent.event(signalled, EventKind.SIGIO_IN, 1, 0, 0));
        }
        events.sort(Comparator.comparingLong(Event::timeNanos));
        events.forEach(each -> Sent.record(model, agent, each));
        expected.sort(null);
        LatencyRow row = row(Hop.WRITE_TO_SIGIO, "agent").orElseThrow();
        assertEquals(writes, row.count());
        assertEquals(0, row.unmatched());
        assertEquals(expected.getFirst(), row.minNanos());
        assertEquals(expected.getLast(), row.maxNanos());
        assertEquals((double) expected.get(writes / 2), row.p50(), row.p50() * 0.002);
        assertEquals((double) expected.get(writes * 9 / 10), row.p90(), row.p90() * 0.002);
        assertEquals((double) expected.get(writes * 99 / 100), row.p99(), row.p99() * 0.002);
        LatencySeries series = row.series();
        long inSeries = 0;
        for (int bucket = 0; bucket < series.buckets(); bucket++) {
            inSeries += series.count(bucket);
            assertTrue(series.max(bucket) <= row.maxNanos());
            assertTrue(series.p50(bucket) <= series.p90(bucket));
            assertTrue(series.p90(bucket) <= series.p99(bucket));
            assertTrue(series.p99(bucket) <= series.max(bucket));
        }
        assertEquals(writes, inSeries);
    }

    @Test
    void whatAPollFoundIsNoSignal() {
        write(1000);
        Event found = new Event(1500, EventKind.SIGIO_IN, EventCodec.FLAG_RESYNC, 1, 0, 0, 0x41, 0);
        Sent.record(model, agent, found);
        assertEquals(Optional.empty(), row(Hop.WRITE_TO_SIGIO, "agent"));
    }

    @Test
    void aReadThatFindsNothingAnswersNoSignal() {
        signal(agent, 1000);
        signal(agent, 1001);
        signal(agent, 1002);
        read(agent, 1100, 50, 192);
        read(agent, 1200, 50, -11);
        read(agent, 9000, 50, 64);
        assertEquals(1, count(Hop.SIGIO_TO_READ));
        assertEquals(150, row(Hop.SIGIO_TO_READ, "agent").orElseThrow().maxNanos());
        assertEquals(2, unmatched(Hop.SIGIO_TO_READ));
    }

    @Test
    void aReadThatBeganBeforeTheSignalDoesNotAnswerIt() {
        calls++;
        Sent.record(model, agent, Sent.event(900, EventKind.READ_START, 1, calls, 0));
        signal(agent, 1000);
        Sent.record(model, agent, Sent.event(1100, EventKind.READ_END, 1, calls, 64));
        read(agent, 1200, 50, 64);
        assertEquals(250, row(Hop.SIGIO_TO_READ, "agent").orElseThrow().minNanos());
    }

    @Test
    void requestsAreJoinedByTheirNumber() {
        Sent.record(model, agent, Sent.event(100, EventKind.AIO_SUBMIT, 3, 7, 0));
        Sent.record(model, agent, Sent.event(150, EventKind.AIO_SUBMIT, 3, 8, 0));
        Sent.record(model, agent, Sent.event(160, EventKind.AIO_SUBMIT, 4, 7, 0));
        Sent.record(model, agent, Sent.event(400, EventKind.AIO_COMPLETE, 3, 8, 64));
        Sent.record(model, agent, Sent.event(500, EventKind.AIO_CANCEL, 3, 7, -125));
        Sent.record(model, agent, Sent.event(600, EventKind.AIO_COMPLETE, 9, 7, 64));
        assertEquals(1, count(Hop.AIO));
        assertEquals(250, row(Hop.AIO, "agent").orElseThrow().maxNanos());
        assertEquals(1, unmatched(Hop.AIO));
        Sent.record(model, agent, Sent.lost(700, 1));
        Sent.record(model, agent, Sent.event(800, EventKind.AIO_COMPLETE, 4, 7, 64));
        assertEquals(1, count(Hop.AIO), "not across a loss");
    }

    @Test
    void theTableOfRequestsIsAsGoodAsAMap() {
        Random random = Seeded.random(LatencyTest.class);
        LatencyBook book = new LatencyBook();
        AioTracker tracker = new AioTracker(book);
        java.util.Map<Long, Long> map = new java.util.HashMap<>();
        long durations = 0;
        for (int step = 0; step < 2_000_000; step++) {
            // Numbers as a kernel gives them: addresses, a few bits of them differ.
            long request = 0xffff_8880_0000_0000L + random.nextInt(40_000) * 64L;
            if (random.nextBoolean()) {
                tracker.submitted(0, 1, request, step);
                if (map.size() < 32_768 || map.containsKey(request)) {
                    map.put(request, (long) step);
                }
            } else {
                tracker.ended(0, 1, request, step, true);
                durations += map.remove(request) != null ? 1 : 0;
            }
            assertEquals(map.size(), tracker.outstanding());
        }
        assertEquals(durations, book.rows(new String[] {"a"}, 0, 0).get(0).count());
    }
}
