/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.ArrayList;
import java.util.List;

/** Chooses where a time axis has its ticks: at 1, 2 or 5 times a power of ten, far enough apart. */
public final class TimeTicks {

    /** Pixels that two labels need. */
    static final int APART = 88;

    private static final long[] MANTISSAS = {1, 2, 5};

    private TimeTicks() {}

    /**
     * One tick.
     *
     * @param x pixels from the left edge of the plot
     * @param label what to write at it
     */
    public record Tick(int x, String label) {}

    /** The least step in nanoseconds whose ticks are far enough apart. */
    public static long step(double nanosPerPixel) {
        double least = nanosPerPixel * APART;
        long power = 1;
        while (true) {
            for (long mantissa : MANTISSAS) {
                if (mantissa * power >= least) {
                    return mantissa * power;
                }
            }
            power *= 10;
        }
    }

    /**
     * The moment the labels of an axis count from: a round time at or before the left edge that
     * does not change with every pixel of panning.
     */
    public static long base(TimeScale scale, long origin) {
        long coarse = step(scale.nanosPerPixel()) * 10;
        return origin + Math.floorDiv(scale.start() - origin, coarse) * coarse;
    }

    /** Ticks of a standing picture, labelled by their distance from {@link #base}. */
    public static List<Tick> standing(TimeScale scale, long origin, int width) {
        long step = step(scale.nanosPerPixel());
        long base = base(scale, origin);
        long first = base + Math.ceilDiv(scale.start() - base, step) * step;
        long unit = unit(scale.end(width) - base);
        List<Tick> ticks = new ArrayList<>();
        for (long time = first; scale.toPixel(time) < width; time += step) {
            long offset = time - base;
            ticks.add(new Tick(scale.column(time), offset == 0 ? "0" : "+" + label(offset, unit)));
        }
        return ticks;
    }

    /** Ticks of a live picture, labelled by their distance from its right edge, which is now. */
    public static List<Tick> live(TimeScale scale, int width) {
        long step = step(scale.nanosPerPixel());
        long span = (long) (width * scale.nanosPerPixel());
        long unit = unit(span);
        List<Tick> ticks = new ArrayList<>();
        for (long offset = span / step * step; offset >= 0; offset -= step) {
            int x = (int) Math.round(width - offset / scale.nanosPerPixel());
            ticks.add(new Tick(x, offset == 0 ? "now" : "−" + label(offset, unit)));
        }
        return ticks;
    }

    /** The unit that suits the longest distance on an axis. */
    private static long unit(long longest) {
        if (longest >= 1_000_000_000) {
            return 1_000_000_000;
        }
        return longest >= 1_000_000 ? 1_000_000 : longest >= 1_000 ? 1_000 : 1;
    }

    /** A distance in a unit, with the decimals that it needs. */
    static String label(long offset, long unit) {
        String name =
                unit == 1_000_000_000
                        ? " s"
                        : unit == 1_000_000 ? " ms" : unit == 1_000 ? " µs" : " ns";
        long whole = offset / unit;
        long rest = offset % unit;
        if (rest == 0) {
            return whole + name;
        }
        String decimals = String.valueOf(unit + rest).substring(1);
        int keep = decimals.length();
        while (decimals.charAt(keep - 1) == '0') {
            keep--;
        }
        return whole + "." + decimals.substring(0, keep) + name;
    }
}
