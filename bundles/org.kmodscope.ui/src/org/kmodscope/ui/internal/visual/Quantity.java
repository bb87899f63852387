/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import java.util.Locale;

/** Times and counts as people read them. Figures look the same on every machine and in reports. */
public final class Quantity {

    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private Quantity() {}

    /** An interval with one decimal, such as {@code 18.4 µs}. */
    public static String interval(long nanos) {
        long size = Math.abs(nanos);
        if (size < MICRO) {
            return nanos + " ns";
        }
        if (size < MILLI) {
            return decimals(nanos, MICRO, 1) + " µs";
        }
        return size < SECOND
                ? decimals(nanos, MILLI, 1) + " ms"
                : decimals(nanos, SECOND, 2) + " s";
    }

    /** An interval with two significant digits or more, such as {@code 98 µs} or {@code 3.9 ms}. */
    public static String brief(long nanos) {
        long size = Math.abs(nanos);
        if (size < MICRO) {
            return nanos + " ns";
        }
        long unit = size < MILLI ? MICRO : size < SECOND ? MILLI : SECOND;
        String name = unit == MICRO ? " µs" : unit == MILLI ? " ms" : " s";
        return decimals(nanos, unit, size < 10 * unit ? 1 : 0) + name;
    }

    /** A power of ten of nanoseconds, such as {@code 10 µs}, for scales. */
    public static String decade(double nanos) {
        String unit = nanos >= 1e9 ? " s" : nanos >= 1e6 ? " ms" : nanos >= 1e3 ? " µs" : " ns";
        double scale = nanos >= 1e9 ? 1e9 : nanos >= 1e6 ? 1e6 : nanos >= 1e3 ? 1e3 : 1;
        return Math.round(nanos / scale) + unit;
    }

    /** A moment of the recording to a microsecond, such as {@code 12.483 200 s}. */
    public static String moment(long nanos) {
        long micros = Math.floorDiv(nanos, MICRO);
        String sign = micros < 0 ? "−" : "";
        long size = Math.abs(micros);
        return String.format(
                Locale.ROOT,
                "%s%d.%03d %03d s",
                sign,
                size / 1_000_000,
                size / 1_000 % 1_000,
                size % 1_000);
    }

    /** A whole number in groups of three, such as {@code 1,421,806}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A count or rate with two significant digits or more, such as {@code 5.6 k}. */
    public static String brief(double number) {
        if (number >= 999_500) {
            return String.format(
                    Locale.ROOT, number < 9_950_000 ? "%.1f M" : "%.0f M", number / 1e6);
        }
        if (number >= 999.5) {
            return String.format(Locale.ROOT, number < 99_500 ? "%.1f k" : "%.0f k", number / 1e3);
        }
        return String.format(Locale.ROOT, number < 9.95 && number > 0 ? "%.1f" : "%.0f", number);
    }

    /** What something takes on disk, with two significant digits or more, such as {@code 98 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        long unit = bytes < 999_500 ? 1_000 : bytes < 999_500_000 ? 1_000_000 : 1_000_000_000;
        String name = unit == 1_000 ? " kB" : unit == 1_000_000 ? " MB" : " GB";
        return decimals(bytes, unit, bytes < 10 * unit ? 1 : 0) + name;
    }

    /** A quantity of a unit with some decimals, such as {@code +243.1} for micros of nanos. */
    public static String signed(long nanos, long unit, int decimals) {
        String text = decimals(Math.abs(nanos), unit, decimals);
        return nanos < 0 ? "−" + text : "+" + text;
    }

    private static String decimals(long nanos, long unit, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", (double) nanos / unit);
    }
}
