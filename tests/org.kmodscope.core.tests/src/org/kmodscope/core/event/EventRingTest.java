/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRingTest {

    private static final long MARK = 0x5bd1e9955bd1e995L;

    /** Takes records whose words follow from their number; sums what is told lost. */
    private static final class Checker implements EventSink {
        private long next;
        private long received;
        private long lost;
        private boolean atLeast;

        @Override
        public void accept(long time, long head, long request, long result, long tail) {
            if (EventCodec.kind(head) == EventKind.LOST) {
                lost += result;
                next += result;
                atLeast |= EventCodec.flags(head) != 0;
                return;
            }
            // The losses before a record account exactly for the numbers that are missing.
            assertEquals(next, time, "order, or a loss in another place than it happened");
            assertEquals(EventCodec.head(EventKind.SIGIO_IN, 0, (int) time), head, "torn");
            assertEquals(time * MARK, request, "torn");
            assertEquals(~time, result, "torn");
            assertEquals(EventCodec.tail((int) time, 7), tail, "torn");
            next++;
            received++;
        }
    }

    private static void send(EventRing ring, long number) {
        ring.accept(
                number,
                EventCodec.head(EventKind.SIGIO_IN, 0, (int) number),
                number * MARK,
                ~number,
                EventCodec.tail((int) number, 7));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16, 256})
    void everyRecordIsDeliveredOrCountedInItsPlace(int capacity) {
        Random random = Seeded.random(EventRingTest.class);
        for (int round = 0; round < 500; round++) {
            EventRing ring = new EventRing(capacity);
            Checker checker = new Checker();
            long sent = 0;
            for (int step = 0; step < 100; step++) {
                for (int more = random.nextInt(2 * capacity); more > 0; more--) {
                    send(ring, sent++);
                }
                int max = 1 + random.nextInt(2 * capacity);
                assertTrue(ring.drain(checker, max) <= max);
            }
            while (ring.drain(checker, capacity) > 0) {
                // Until all is told.
            }
            assertEquals(sent, checker.received + checker.lost);
            assertEquals(checker.lost, ring.refused());
            assertFalse(checker.atLeast);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "4, 0", "64, 0", "1024, 0", "65536, 0", "64, 200000", "1024, 1000000"})
    void twoThreadsLoseNothingInSilence(int capacity, long pause) throws InterruptedException {
        long sent = pause == 0 ? 20_000_000 : 2_000_000;
        EventRing ring = new EventRing(capacity);
        Checker checker = new Checker();
        AtomicBoolean over = new AtomicBoolean();
        Thread writer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (long number = 0; number < sent; number++) {
                                        send(ring, number);
                                        if ((number & 0xfff) == 0 && pause > 0) {
                                            LockSupport.parkNanos(1000);
                                        }
                                    }
                                    over.set(true);
                                });
        int drained;
        boolean last;
        do {
            last = over.get();
            drained = ring.drain(checker, 1 + capacity / 3);
            if (pause > 0) {
                LockSupport.parkNanos(pause / 100);
            }
        } while (!last || drained > 0);
        assertTrue(writer.join(Duration.ofSeconds(10)));
        assertEquals(sent, checker.received + checker.lost);
        assertEquals(ring.refused(), checker.lost);
        assertTrue(checker.received > 0);
    }

    @Test
    void aLossThatFindsNoRoomIsHandedOn() {
        EventRing ring = new EventRing(2);
        send(ring, 0);
        send(ring, 1);
        EventCodec.send(Sent.lost(100, 41), ring);
        EventCodec.send(Sent.event(200, EventKind.SIGIO_IN), ring);
        EventCodec.send(Sent.event(300, EventKind.OVERFLOW), ring);
        Sent sent = new Sent();
        assertEquals(3, ring.drain(sent, 10));
        assertEquals(
                new Event(300, EventKind.LOST, EventCodec.FLAG_COUNT_UNKNOWN, 0, 200, 42, 0, 0),
                sent.events.get(2));
        assertEquals(0, ring.drain(sent, 10));
    }

    @Test
    void countsBeyondAllMeasureDoNotWrap() {
        EventRing ring = new EventRing(2);
        send(ring, 0);
        send(ring, 1);
        EventCodec.send(Sent.lost(100, Long.MAX_VALUE), ring);
        EventCodec.send(Sent.lost(101, Long.MAX_VALUE), ring);
        EventCodec.send(Sent.lost(102, -5), ring);
        Sent sent = new Sent();
        ring.drain(sent, 10);
        assertEquals((1L << 38) - 1, sent.events.get(2).result());
        assertEquals(EventCodec.FLAG_COUNT_UNKNOWN, sent.events.get(2).flags(), "there is more");
    }

    @Test
    void theHotPathMakesNoGarbage() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        EventRing ring = new EventRing(1024);
        long[] sum = new long[1];
        EventSink sink = (time, head, request, result, tail) -> sum[0] += time;
        for (int warm = 0; warm < 2; warm++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (long number = 0; number < 1_000_000; number++) {
                send(ring, number);
                if ((number & 0x3ff) == 0) {
                    ring.drain(sink, 2048);
                }
            }
            long garbage = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(garbage < 10_000, garbage + " bytes for a million records");
        }
        assertTrue(sum[0] > 0);
    }

    @Test
    void capacityIsAPowerOfTwo() {
        for (int capacity : new int[] {-2, 0, 1, 3, 1000, 1 << 25}) {
            assertThrows(IllegalArgumentException.class, () -> new EventRing(capacity));
        }
        assertEquals(65_536, new EventRing().capacity());
    }
}
