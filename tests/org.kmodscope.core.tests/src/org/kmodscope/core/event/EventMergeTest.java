/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventMergeTest {

    /** What came out; the request of a record is the order in which it was put in. */
    private record Out(int source, long time, long order) {}

    private final List<Out> out = new ArrayList<>();

    private EventMerge merge(int capacity, long window) {
        return new EventMerge(
                capacity,
                window,
                (source, time, head, request, result, tail) -> {
                    assertEquals(~time, head);
                    assertEquals(time + 1, result);
                    assertEquals(time + 2, tail);
                    out.add(new Out(source, time, request));
                });
    }

    private static void add(EventMerge merge, int source, long arrived, long time) {
        merge.add(source, arrived, time, ~time, merge.nextOrder(), time + 1, time + 2);
    }

    private static final Comparator<Out> IN_ORDER =
            Comparator.comparingLong(Out::time).thenComparingLong(Out::order);

    @Test
    void withinTheWindowTheOrderIsPerfect() {
        Random random = Seeded.random(EventMergeTest.class);
        for (int round = 0; round < 300; round++) {
            out.clear();
            long window = 1 + random.nextInt(1000);
            EventMerge merge = merge(1 << 12, window);
            long now = 0;
            List<Out> expected = new ArrayList<>();
            for (int each = 0; each < 2000; each++) {
                now += random.nextInt(3);
                // On its way for less than the window.
                long time = now - random.nextInt((int) window);
                int source = random.nextInt(3);
                expected.add(new Out(source, time, merge.nextOrder()));
                add(merge, source, now, time);
                if (random.nextInt(10) == 0) {
                    merge.release(now);
                }
            }
            merge.releaseAll();
            expected.sort(IN_ORDER);
            assertEquals(expected, out);
        }
    }

    @Test
    void nothingWaitsLongerThanTheWindow() {
        Random random = Seeded.random(EventMergeTest.class);
        EventMerge merge = merge(1 << 10, 100);
        List<Long> arrivals = new ArrayList<>();
        long now = 0;
        for (int each = 0; each < 100_000; each++) {
            now += random.nextInt(30);
            // Any time at all: some records are far in the past or in the future.
            add(merge, 0, now, random.nextInt(10) == 0 ? random.nextLong() : now);
            arrivals.add(now);
            merge.release(now);
            assertTrue(arrivals.get((int) Math.min(each, merge.oldestOrder())) > now - 100);
        }
        merge.releaseAll();
        assertEquals(100_000, out.size());
        assertEquals(100_000, out.stream().mapToLong(Out::order).distinct().count());
    }

    @Test
    void aFullMergePutsOutTheEarliestRatherThanLoseAny() {
        Random random = Seeded.random(EventMergeTest.class);
        for (int round = 0; round < 200; round++) {
            out.clear();
            EventMerge merge = merge(64, Long.MAX_VALUE);
            int count = 1000;
            for (int each = 0; each < count; each++) {
                // One record that never gets its turn must not fill the queue.
                add(merge, 0, each, each == 3 ? Long.MAX_VALUE : each - random.nextInt(60));
                if (random.nextInt(500) == 0) {
                    merge.releaseAll();
                }
            }
            merge.releaseAll();
            assertEquals(count, out.size());
            assertEquals(count, out.stream().mapToLong(Out::order).distinct().count());
            assertEquals(merge.nextOrder(), merge.oldestOrder());
        }
    }

    @Test
    void equalTimesKeepTheirOrder() {
        EventMerge merge = merge(64, 10);
        for (int each = 0; each < 50; each++) {
            add(merge, each & 3, 0, 7);
        }
        merge.release(9);
        assertEquals(0, out.size());
        merge.release(10);
        assertEquals(50, out.size());
        assertTrue(out.stream().sorted(IN_ORDER).toList().equals(out));
    }

    @Test
    void clearForgets() {
        EventMerge merge = merge(64, 10);
        for (int each = 0; each < 100; each++) {
            add(merge, 0, each, 1000 - each);
        }
        merge.clear();
        out.clear();
        add(merge, 0, 100, 5);
        merge.releaseAll();
        assertEquals(1, out.size());
    }
}
