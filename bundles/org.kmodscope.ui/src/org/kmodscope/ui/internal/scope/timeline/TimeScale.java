/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

/**
 * The one mapping between time and pixels, for canvas and strips alike. Pixels count from the left
 * edge of the plot.
 *
 * @param start the time at pixel 0, in nanoseconds of the recording's clock
 * @param nanosPerPixel how much one pixel covers, positive
 */
public record TimeScale(long start, double nanosPerPixel) {

    /** The finest scale; the record resolves no less than a nanosecond. */
    public static final double FINEST = 1;

    /** The coarsest scale: a day over a thousand pixels. */
    public static final double COARSEST = 86_400e9 / 1_000;

    public TimeScale {
        if (!(nanosPerPixel > 0)) {
            throw new IllegalArgumentException("nanosPerPixel " + nanosPerPixel);
        }
    }

    /** The scale that shows a span from edge to edge. */
    public static TimeScale fitting(long from, long to, int width) {
        double span = Math.max(1, (double) to - from);
        return new TimeScale(from, clamp(span / Math.max(1, width)));
    }

    /** Where a time is; outside the plot when it is not shown. */
    public double toPixel(long time) {
        return (time - start) / nanosPerPixel;
    }

    /** As {@link #toPixel}, in whole pixels that do not overflow far outside the plot. */
    public int column(long time) {
        double x = Math.floor((time - start) / nanosPerPixel);
        return (int) Math.max(-32_000, Math.min(32_000, x));
    }

    /** The time at a pixel. */
    public long toTime(double x) {
        return start + Math.round(x * nanosPerPixel);
    }

    /** The time just behind the last pixel. */
    public long end(int width) {
        return toTime(width);
    }

    /** Zooms by a factor (above 1: closer); the time under the pixel stays where it is. */
    public TimeScale zoom(double factor, double x) {
        double next = clamp(nanosPerPixel / factor);
        return new TimeScale(start + Math.round(x * (nanosPerPixel - next)), next);
    }

    /** Moves the window by pixels, later for positive ones. */
    public TimeScale pan(double pixels) {
        return new TimeScale(start + Math.round(pixels * nanosPerPixel), nanosPerPixel);
    }

    /** The same scale with its right edge at a time. */
    public TimeScale endingAt(long time, int width) {
        return new TimeScale(time - Math.round(width * nanosPerPixel), nanosPerPixel);
    }

    private static double clamp(double nanosPerPixel) {
        return Math.max(FINEST, Math.min(COARSEST, nanosPerPixel));
    }
}
