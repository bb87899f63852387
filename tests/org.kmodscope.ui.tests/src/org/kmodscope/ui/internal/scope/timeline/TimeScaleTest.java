/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time to pixels and back. */
class TimeScaleTest {

    @Test
    void zoomKeepsTheTimeUnderThePointer() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            var scale = new TimeScale(random.nextLong(1L << 50), 1 + random.nextDouble() * 1e7);
            double x = random.nextDouble() * 1_000;
            double factor = Math.pow(2, random.nextGaussian());
            TimeScale next = scale.zoom(factor, x);
            double error = Math.abs(next.toPixel(scale.toTime(x)) - x);
            assertTrue(error * next.nanosPerPixel() <= 2, scale + " at " + x + ": " + error);
        }
    }

    @Test
    void zoomStopsAtBothEnds() {
        var scale = new TimeScale(0, 1_000);
        assertEquals(TimeScale.FINEST, scale.zoom(1e9, 10).nanosPerPixel());
        assertEquals(TimeScale.COARSEST, scale.zoom(1e-12, 10).nanosPerPixel());
    }

    @Test
    void panAndBackIsNothing() {
        var scale = new TimeScale(123_456_789, 250);
        assertEquals(scale, scale.pan(77).pan(-77));
    }

    @Test
    void fittingShowsTheSpanFromEdgeToEdge() {
        TimeScale scale = TimeScale.fitting(1_000, 801_000, 800);
        assertEquals(0, scale.toPixel(1_000));
        assertEquals(800, scale.toPixel(801_000));
        assertEquals(801_000, scale.end(800));
    }

    @Test
    void farTimesDoNotOverflowPixels() {
        var scale = new TimeScale(0, 1);
        assertEquals(32_000, scale.column(Long.MAX_VALUE));
        assertEquals(-32_000, scale.column(Long.MIN_VALUE / 2));
    }

    @Test
    void nothingIsNoScale() {
        assertThrows(IllegalArgumentException.class, () -> new TimeScale(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new TimeScale(0, Double.NaN));
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "1000, 100000", "2300, 500000", "1140, 200000", "2000000, 200000000"})
    void ticksAreAtRoundStepsFarEnoughApart(double nanosPerPixel, long step) {
        assertEquals(step, TimeTicks.step(nanosPerPixel));
        assertTrue(step / nanosPerPixel >= TimeTicks.APART);
    }

    @Test
    void aStandingAxisCountsFromItsBase() {
        var scale = new TimeScale(5_000_000 + 1_230_000, 1_000);
        assertEquals(6_000_000, TimeTicks.base(scale, 5_000_000));
        var ticks = TimeTicks.standing(scale, 5_000_000, 400);
        assertEquals(new TimeTicks.Tick(70, "+300 µs"), ticks.getFirst());
        assertEquals("+600 µs", ticks.getLast().label());
        assertEquals(4, ticks.size());
    }

    @Test
    void aLiveAxisEndsNow() {
        var ticks = TimeTicks.live(new TimeScale(99, 2e6), 1_000);
        assertEquals(new TimeTicks.Tick(1_000, "now"), ticks.getLast());
        assertEquals(new TimeTicks.Tick(0, "−2 s"), ticks.getFirst());
        assertTrue(ticks.stream().anyMatch(tick -> tick.label().equals("−0.4 s")), ticks + "");
    }

    @Test
    void labelsKeepTheDecimalsThatTheyNeed() {
        assertEquals("1.25 ms", TimeTicks.label(1_250_000, 1_000_000));
        assertEquals("0.5 s", TimeTicks.label(500_000_000, 1_000_000_000));
        assertEquals("7 µs", TimeTicks.label(7_000, 1_000));
        assertEquals("20 ns", TimeTicks.label(20, 1));
    }
}
