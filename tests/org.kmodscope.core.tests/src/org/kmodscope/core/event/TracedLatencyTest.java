/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the kernel tells what a signal was sent for, numbers join what belongs together. */
class TracedLatencyTest {

    private final EventModel model = new EventModel(1024, 10);
    private final int agent = model.source("agent");
    private long calls;

    private EventSnapshot snapshot() {
        model.settle();
        return model.snapshot(0, new boolean[EventModel.MOST_SOURCES], Optional.empty());
    }

    private LatencyRow row(Hop hop) {
        return snapshot().latencies().stream()
                .filter(each -> each.hop() == hop)
                .findFirst()
                .orElseThrow();
    }

    private void read(long time) {
        calls++;
        Sent.record(model, agent, Sent.event(time, EventKind.READ_START, 1, calls, 0));
        Sent.record(model, agent, Sent.event(time + 100, EventKind.READ_END, 1, calls, 64));
    }

    private void generated(long time, long number, int flags) {
        Sent.record(
                model,
                agent,
                new Event(time, EventKind.SIGNAL_GENERATED, flags, 1, number, 0, 0x41, 0));
    }

    private void numbered(long time, long number) {
        Sent.record(model, agent, Sent.event(time, EventKind.SIGIO_IN, 1, number, 0));
    }

    private void writeThatSignals(long time, long number) {
        Sent.record(model, agent, Sent.event(time, EventKind.WRITE_START, 0, ++calls, 0));
        generated(time + 5, number, EventCodec.FLAG_OWN_WRITE);
        Sent.record(model, agent, Sent.event(time + 10, EventKind.WRITE_END, 0, calls, 64));
    }

    @Test
    void whatTheKernelTellsIsJoinedByNumber() {
        for (int each = 1; each <= 3; each++) {
            writeThatSignals(each * 1000, each);
        }
        for (int each = 1; each <= 3; each++) {
            numbered(10_000 + each, each);
        }
        read(11_000);
        assertEquals(3, row(Hop.GENERATED_TO_SIGIO).count());
        assertEquals(3, row(Hop.WRITE_TO_SIGIO).count());
        assertEquals(10_001 - 1_000, row(Hop.WRITE_TO_SIGIO).maxNanos());
        assertEquals(1, row(Hop.WRITE_TO_READ).count());
    }

    @Test
    void aLossLeavesNumbersAsTheyAre() {
        writeThatSignals(1000, 1);
        Sent.record(model, agent, Sent.lost(1500, 4));
        // Of number 2 the kernel's side was lost, of number 3 the arrival.
        numbered(2000, 1);
        numbered(2100, 2);
        writeThatSignals(2200, 3);
        writeThatSignals(2400, 4);
        numbered(2500, 4);
        assertEquals(2, row(Hop.WRITE_TO_SIGIO).count());
        assertEquals(1, row(Hop.GENERATED_TO_SIGIO).unmatched());
        assertEquals(1000, row(Hop.WRITE_TO_SIGIO).maxNanos());
    }

    @Test
    void somebodyElsesWriteIsToldApart() {
        Sent.record(model, agent, Sent.event(1000, EventKind.WRITE_START, 0, ++calls, 0));
        generated(1001, 1, 0);
        generated(1002, 2, EventCodec.FLAG_OWN_WRITE);
        Sent.record(model, agent, Sent.event(1003, EventKind.WRITE_END, 0, calls, 64));
        numbered(1004, 1);
        numbered(1005, 2);
        assertEquals(1, row(Hop.WRITE_TO_SIGIO).count());
        assertEquals(1, row(Hop.WRITE_TO_SIGIO).unmatched());
        assertEquals(5, row(Hop.WRITE_TO_SIGIO).maxNanos());
    }

    @Test
    void ofTwoWritesAtOnceNoneIsTheCause() {
        Sent.record(model, agent, Sent.event(1000, EventKind.WRITE_START, 0, 1, 0));
        Sent.record(model, agent, Sent.event(1001, EventKind.WRITE_START, 0, 2, 0));
        generated(1002, 1, EventCodec.FLAG_OWN_WRITE);
        numbered(1003, 1);
        assertEquals(0, row(Hop.WRITE_TO_SIGIO).count());
        assertEquals(1, row(Hop.GENERATED_TO_SIGIO).count());
    }

    @Test
    void outcomesAreCounted() {
        for (SignalOutcome outcome : SignalOutcome.values()) {
            Sent.record(
                    model,
                    agent,
                    Sent.event(1000, EventKind.SIGNAL_GENERATED, 0, 0, outcome.ordinal()));
        }
        Sent.record(model, agent, Sent.event(1000, EventKind.SIGNAL_GENERATED, 0, 0, 99));
        EventSnapshot snapshot = snapshot();
        for (SignalOutcome outcome : SignalOutcome.values()) {
            assertEquals(1, snapshot.count(outcome), outcome::name);
        }
        assertEquals(6, snapshot.count(EventKind.SIGNAL_GENERATED));
    }
}
