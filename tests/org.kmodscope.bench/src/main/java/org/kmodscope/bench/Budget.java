/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.Locale;

/** What a figure must reach, or must not pass. */
sealed interface Budget {

    boolean isKeptBy(double figure);

    /** Not less than this. */
    record AtLeast(double limit) implements Budget {

        @Override
        public boolean isKeptBy(double figure) {
            return figure >= limit;
        }

        @Override
        public String toString() {
            return ">= " + number(limit);
        }
    }

    /** Not more than this. */
    record AtMost(double limit) implements Budget {

        @Override
        public boolean isKeptBy(double figure) {
            return figure <= limit;
        }

        @Override
        public String toString() {
            return "<= " + number(limit);
        }
    }

    private static String number(double limit) {
        return limit == Math.rint(limit)
                ? String.format(Locale.ROOT, "%.0f", limit)
                : String.format(Locale.ROOT, "%.2f", limit);
    }
}
