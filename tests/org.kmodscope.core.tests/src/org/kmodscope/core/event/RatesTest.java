/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RatesTest {

    private static final long BUCKET = 250_000_000;

    @Test
    void everyEventOfTheLastMinuteIsInItsBucket() {
        Random random = Seeded.random(RatesTest.class);
        for (int round = 0; round < 100; round++) {
            RateBuckets buckets = new RateBuckets();
            Map<Long, Long> expected = new TreeMap<>();
            long time = random.nextLong(1L << 50);
            long newest = Long.MIN_VALUE;
            for (int each = 0; each < 3000; each++) {
                time += random.nextLong(BUCKET / 5) * (random.nextInt(300) == 0 ? 2000 : 1);
                long when = time - random.nextLong(3 * BUCKET);
                newest = Math.max(newest, when / BUCKET);
                buckets.event(EventKind.SIGIO_IN, when);
                expected.merge(when / BUCKET, 1L, Long::sum);
            }
            Rates rates = buckets.snapshot(time);
            assertTrue(rates.buckets() <= 240);
            assertEquals(newest * BUCKET, rates.startNanos(rates.buckets() - 1));
            for (int bucket = 0; bucket < rates.buckets(); bucket++) {
                long start = rates.startNanos(bucket);
                assertEquals(
                        expected.getOrDefault(start / BUCKET, 0L),
                        rates.count(EventKind.SIGIO_IN, bucket));
                assertEquals(0, rates.count(EventKind.SIGIO_OUT, bucket));
            }
        }
    }

    @Test
    void theRateIsThatOfTheLastWholeSecond() {
        RateBuckets buckets = new RateBuckets();
        for (long each = 0; each < 4000; each++) {
            buckets.event(EventKind.WRITE_START, each * 1_000_000);
        }
        assertEquals(1000, buckets.snapshot(3_999_999_999L).perSecond());
        assertEquals(500, buckets.snapshot(4_500_000_000L).perSecond());
        assertEquals(0, buckets.snapshot(9_000_000_000L).perSecond(), "it does not stand still");
    }

    @Test
    void lossesHaveTheirOwnCounts() {
        RateBuckets buckets = new RateBuckets();
        buckets.event(EventKind.SIGIO_IN, 10);
        buckets.loss(20, 5, true);
        buckets.loss(30, 4, true);
        buckets.loss(BUCKET + 1, 0, false);
        Rates rates = buckets.snapshot(0);
        assertEquals(2, rates.buckets());
        assertEquals(9, rates.lost(0));
        assertTrue(rates.lossExact(0));
        assertFalse(rates.lossExact(1));
    }

    @Test
    void nothingIsNoBucket() {
        assertEquals(0, new RateBuckets().snapshot(5).buckets());
        assertEquals(0, new RateBuckets().snapshot(5).perSecond());
    }
}
