/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Models that take turns are told apart, and a write is joined with what brought its bytes. */
class ComparisonTest {

    private static final long MS = 1_000_000;
    private static final long EAGAIN = -11;

    private final EventModel model = new EventModel(1024, 10);
    private final int agent = model.source("agent");
    private final int poll = model.source("bridge:poll");
    private final int aio = model.source("bridge:aio");
    private long calls;

    private void send(int source, long time, EventKind kind, long request, long result) {
        Sent.record(model, source, Sent.event(time, kind, 1, request, result));
    }

    private void begin(int source, long time) {
        send(source, time, EventKind.MARKER, 1, EventCodec.TURN_BEGINS);
    }

    private void end(int source, long time) {
        send(source, time, EventKind.MARKER, 1, EventCodec.TURN_ENDS);
    }

    private void write(long time, long bytes) {
        send(agent, time, EventKind.WRITE_START, ++calls, 0);
        send(agent, time + 100, EventKind.WRITE_END, calls, bytes);
    }

    private void read(int source, long time, long result) {
        send(source, time - 50, EventKind.READ_START, ++calls, 0);
        send(source, time, EventKind.READ_END, calls, result);
    }

    private EventSnapshot snapshot(long now) {
        return model.snapshot(
                now,
                new boolean[EventModel.MOST_SOURCES],
                Optional.of(new Viewport.Fixed(0, 100 * MS, 100)));
    }

    private Optional<LatencyRow> row(String source) {
        return snapshot(0).latencies().stream()
                .filter(each -> each.hop() == Hop.WRITE_TO_DATA && each.source().equals(source))
                .findFirst();
    }

    private long count(String source) {
        return row(source).map(LatencyRow::count).orElse(0L);
    }

    @Test
    void eachModelHasItsTurnsRatesAndLatencies() {
        begin(poll, MS);
        write(2 * MS, 16);
        read(poll, 2 * MS + 500, 16);
        read(poll, 2 * MS + 600, EAGAIN);
        write(3 * MS, 16);
        read(poll, 3 * MS + 500, 16);
        end(poll, 11 * MS);
        begin(aio, 12 * MS);
        send(aio, 12 * MS + 1, EventKind.AIO_SUBMIT, 1, 64);
        write(13 * MS, 16);
        send(aio, 13 * MS + 900, EventKind.AIO_COMPLETE, 1, 16);
        EventSnapshot now = snapshot(17 * MS);
        assertEquals(
                List.of(
                        new TurnTotals("bridge:poll", 1, 10 * MS, 2, 32),
                        new TurnTotals("bridge:aio", 1, 5 * MS, 1, 16)),
                now.turns());
        assertEquals(200, now.turns().getFirst().perSecond());
        assertEquals(
                List.of(
                        new Turn("bridge:poll", MS, 11 * MS),
                        new Turn("bridge:aio", 12 * MS, 17 * MS)),
                now.picture().orElseThrow().turns());
        assertEquals(2, count("bridge:poll"));
        assertEquals(500, row("bridge:poll").orElseThrow().maxNanos());
        assertEquals(1, count("bridge:aio"));
        assertEquals(900, row("bridge:aio").orElseThrow().maxNanos());
        assertEquals(0, row("bridge:poll").orElseThrow().unmatched());
    }

    @Test
    void withoutTurnsNothingIsCompared() {
        write(2 * MS, 16);
        read(poll, 2 * MS + 500, 16);
        assertEquals(List.of(), snapshot(MS).turns());
        assertTrue(row("bridge:poll").isEmpty());
    }

    @Test
    void dataThatIsReadBeforeItsWriteReturnsIsJoinedAllTheSame() {
        begin(aio, MS);
        send(agent, 2 * MS, EventKind.WRITE_START, 7, 0);
        send(aio, 2 * MS + 40, EventKind.AIO_COMPLETE, 1, 16);
        assertEquals(0, count("bridge:aio"), "nobody knows yet how much was written");
        send(agent, 2 * MS + 100, EventKind.WRITE_END, 7, 16);
        assertEquals(40, row("bridge:aio").orElseThrow().maxNanos());
    }

    @Test
    void aWriteIsReadWhenItsLastByteIs() {
        begin(poll, MS);
        write(2 * MS, 16);
        read(poll, 2 * MS + 300, 10);
        assertEquals(0, count("bridge:poll"));
        read(poll, 2 * MS + 800, 6);
        assertEquals(800, row("bridge:poll").orElseThrow().maxNanos());
    }

    @Test
    void oneReadMayBringSeveralWrites() {
        begin(poll, MS);
        write(2 * MS, 16);
        write(2 * MS + 200, 16);
        read(poll, 2 * MS + 1000, 32);
        assertEquals(2, count("bridge:poll"));
        assertEquals(800, row("bridge:poll").orElseThrow().minNanos());
        assertEquals(1000, row("bridge:poll").orElseThrow().maxNanos());
    }

    @Test
    void whatWasWrittenWhileNobodyWatchedIsNoLatencyOfTheNext() {
        begin(poll, MS);
        end(poll, 2 * MS);
        write(3 * MS, 16);
        begin(aio, 4 * MS);
        send(aio, 4 * MS + 10, EventKind.AIO_COMPLETE, 1, 16);
        assertEquals(0, count("bridge:aio"));
        write(5 * MS, 16);
        send(aio, 5 * MS + 300, EventKind.AIO_COMPLETE, 2, 16);
        assertEquals(1, count("bridge:aio"));
        assertEquals(300, row("bridge:aio").orElseThrow().maxNanos());
    }

    @Test
    void whatSomebodyElseWroteIsJoinedWithNoWrite() {
        begin(poll, MS);
        read(poll, 2 * MS, 5);
        assertEquals(1, row("bridge:poll").orElseThrow().unmatched());
        write(3 * MS, 16);
        read(poll, 3 * MS + 400, 21);
        assertEquals(400, row("bridge:poll").orElseThrow().maxNanos());
        assertEquals(2, row("bridge:poll").orElseThrow().unmatched());
    }

    @Test
    void whatSomebodyElseReadDoesNotMakeLaterWritesLate() {
        begin(poll, MS);
        write(2 * MS, 16);
        read(poll, 3 * MS, EAGAIN);
        write(4 * MS, 16);
        read(poll, 4 * MS + 200, 16);
        assertEquals(1, count("bridge:poll"));
        assertEquals(200, row("bridge:poll").orElseThrow().maxNanos());
        assertEquals(1, row("bridge:poll").orElseThrow().unmatched());
    }

    @Test
    void aWriteThatFailedBringsNothing() {
        begin(poll, MS);
        write(2 * MS, EAGAIN);
        write(3 * MS, 16);
        read(poll, 3 * MS + 200, 16);
        assertEquals(1, count("bridge:poll"));
        assertEquals(200, row("bridge:poll").orElseThrow().maxNanos());
    }

    @Test
    void acrossALossNothingIsJoined() {
        begin(poll, MS);
        write(2 * MS, 16);
        Sent.record(model, agent, Sent.lost(2 * MS + 200, 3));
        read(poll, 2 * MS + 500, 16);
        assertEquals(0, count("bridge:poll"));
    }

    @Test
    void clearForgetsTurns() {
        begin(poll, MS);
        write(2 * MS, 16);
        read(poll, 2 * MS + 500, 16);
        model.clear();
        assertEquals(List.of(), snapshot(3 * MS).turns());
        assertTrue(row("bridge:poll").isEmpty());
    }
}
