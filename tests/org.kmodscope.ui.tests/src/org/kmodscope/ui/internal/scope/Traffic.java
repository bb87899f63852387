/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.io.IOException;
import java.util.Random;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.ide.tests.scope.ReplayBridge;
import org.kmodscope.ide.tests.scope.ReplaySession;

/** Bytes of a driver's life as an agent would write them: the same ones each time. */
final class Traffic {

    private static final int IN = 0x41;
    private static final int OUT = 0x304;

    private final ReplaySession session;
    private final Random random = new Random(29);

    /** More than this at once would overrun the ring between pump and model. */
    private static final int AT_ONCE = 20_000;

    private final Arrival arrival;
    private long awaited;
    private long records;
    private long call = 4700;
    private long request = 800;

    /** Waits until so many events have arrived. */
    interface Arrival {
        void await(long count) throws Exception;
    }

    Traffic(ReplaySession session, Arrival arrival) {
        this.session = session;
        this.arrival = arrival;
    }

    /** One write, its signal, the read that answers, and the signal that there is room again. */
    private void chain(long start) throws IOException {
        long number = ++call;
        records += 6;
        session.record(start, EventKind.WRITE_START, 0, number, 0, 0);
        session.record(
                start + 14_000 + random.nextInt(9_000), EventKind.WRITE_END, 0, number, 64, 0);
        long signal = start + 52_000 + random.nextInt(60_000);
        signal += random.nextInt(200) == 0 ? 900_000 : 0;
        session.record(signal, EventKind.SIGIO_IN, 0, 0, 0, IN);
        long read = signal + 14_000 + random.nextInt(16_000);
        session.record(read, EventKind.READ_START, 0, number, 0, 0);
        session.record(read + 17_000, EventKind.READ_END, 0, number, 64, 0);
        session.record(read + 40_000 + random.nextInt(16_000), EventKind.SIGIO_OUT, 0, 0, 0, OUT);
    }

    /** A steady driver for so many seconds, with {@code perSecond} writes. */
    void steady(double seconds, double perSecond) throws Exception {
        long end = session.clock() + Math.round(seconds * 1e9);
        double level = 1;
        while (session.clock() < end) {
            level = Math.max(0.6, Math.min(1.5, level + random.nextGaussian() * 0.02));
            long start = session.clock();
            chain(start);
            long gap = Math.round(1e9 / perSecond * level);
            session.pass(Math.max(0, start + gap - session.clock()));
            if (records - awaited > AT_ONCE) {
                arrive();
            }
        }
        session.flush();
    }

    /** Waits until all has arrived but the last, which the model holds back to put it in order. */
    private void arrive() throws Exception {
        session.flush();
        awaited = records;
        arrival.await(records - AT_ONCE / 2);
    }

    /** Some events are missing. */
    void lose(long count, long nanos) throws IOException {
        session.pass(nanos);
        session.record(session.clock(), EventKind.LOST, 0, nanos, count, 0);
        session.pass(60_000);
        session.flush();
    }

    /** How many events there must be when all have arrived. */
    long records() {
        return records;
    }

    /** Asynchronous requests with the work that ends them, one of them cancelled. */
    void requests(int count) throws IOException {
        long start = session.clock();
        for (int i = 0; i < count; i++) {
            long number = ++request;
            long at = start + i * 70_000L;
            records += 4;
            session.record(at, EventKind.AIO_SUBMIT, 0, number, 0, 0);
        }
        for (int i = 0; i < count; i++) {
            long number = request - count + 1 + i;
            long at = start + count * 70_000L + i * 55_000L;
            session.record(at - 30_000, EventKind.WORK_START, 0, number, 0, 0);
            session.record(at - 4_000, EventKind.WORK_END, 0, number, 0, 0);
            boolean cancel = i == count / 2;
            session.record(
                    at,
                    cancel ? EventKind.AIO_CANCEL : EventKind.AIO_COMPLETE,
                    0,
                    number,
                    cancel ? -125 : 64,
                    0);
        }
        session.flush();
    }

    /** Three models that take turns of a second: notified, done, and waiting. */
    void turns(ReplayBridge bridge, int turns, int perSecond) throws Exception {
        for (int turn = 0; turn < turns; turn++) {
            int model = turn % 3 + 1;
            bridge.tell(session.clock(), EventKind.MARKER, model, turn + 1, EventCodec.TURN_BEGINS);
            for (int i = 0; i < perSecond; i++) {
                long start = session.clock();
                long number = ++call;
                session.record(start, EventKind.WRITE_START, 0, number, 0, 0);
                session.record(start + 12_000, EventKind.WRITE_END, 0, number, 64, 0);
                answer(bridge, model, start, number);
                session.pass(1_000_000_000L / perSecond - 12_000);
            }
            bridge.tell(session.clock(), EventKind.MARKER, model, turn + 1, EventCodec.TURN_ENDS);
            session.pass(4_000_000);
            records += 2 + 2L * perSecond;
            session.flush();
            arrival.await(records);
        }
    }

    private void answer(ReplayBridge bridge, int model, long start, long number) {
        if (model == 2) {
            long done = start + 60_000 + random.nextInt(90_000);
            bridge.tell(start - 500_000, EventKind.AIO_SUBMIT, model, number, 64);
            bridge.tell(done, EventKind.AIO_COMPLETE, model, number, 64);
            records += 2;
            return;
        }
        long told = start + 40_000 * model + random.nextInt(120_000);
        if (model == 1) {
            bridge.tell(told, EventKind.SIGIO_IN, model, 0, 0);
            records++;
        }
        bridge.tell(told + 20_000, EventKind.READ_START, model, number, 0);
        bridge.tell(told + 34_000, EventKind.READ_END, model, number, 64);
        records += 2;
    }
}
