/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/** The stretch of time that a view shows, and how many columns of pixels it has for it. */
public sealed interface Viewport {

    /** The most columns that can be asked for. */
    int MOST_COLUMNS = 8192;

    /** From 1 to {@link #MOST_COLUMNS}. */
    int columns();

    /** From one moment of the target's clock to another. */
    record Fixed(long fromNanos, long toNanos, int columns) implements Viewport {

        /** Refuses what is empty or reversed. */
        public Fixed {
            if (toNanos <= fromNanos || toNanos - fromNanos < 0) {
                throw new IllegalArgumentException(
                        "no stretch of time: from " + fromNanos + " to " + toNanos);
            }
            check(columns);
        }
    }

    /**
     * The last so many nanoseconds, or a little more: up to the end of the column in which {@link
     * EventSnapshot#nowNanos} lies. From one picture to the next columns keep their places on the
     * time axis, so that what moves does not flicker.
     */
    record Live(long spanNanos, int columns) implements Viewport {

        /** Refuses what is empty. */
        public Live {
            if (spanNanos <= 0) {
                throw new IllegalArgumentException("no stretch of time: " + spanNanos);
            }
            check(columns);
        }
    }

    private static void check(int columns) {
        if (columns < 1 || columns > MOST_COLUMNS) {
            throw new IllegalArgumentException("not 1 to " + MOST_COLUMNS + " columns: " + columns);
        }
    }
}
