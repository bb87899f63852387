/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.util.Locale;

/** Numbers with their unit, for people; the same in every locale. */
public final class Quantity {

    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;

    private Quantity() {}

    /** A time span in the unit that leaves one to three digits before the point. */
    public static String nanos(double nanos) {
        if (nanos < MICRO) {
            return String.format(Locale.ROOT, "%.0f ns", nanos);
        }
        if (nanos < MILLI) {
            return scaled(nanos / MICRO) + " us";
        }
        return nanos < SECOND ? scaled(nanos / MILLI) + " ms" : scaled(nanos / SECOND) + " s";
    }

    /** How long a step took. */
    public static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / SECOND);
    }

    /** Bytes, in decimal units as disks are sold. */
    public static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        if (bytes < 1_000_000) {
            return scaled(bytes / 1e3) + " kB";
        }
        return bytes < 1_000_000_000 ? scaled(bytes / 1e6) + " MB" : scaled(bytes / 1e9) + " GB";
    }

    /** A count with its digits in groups of three. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String scaled(double value) {
        return String.format(
                Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
