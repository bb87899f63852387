/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.Optional;

/** One line of the report. */
sealed interface Row {

    /** Short and without blanks, for programs that read the report. */
    String name();

    /** For people. */
    String title();

    /**
     * What was measured. With a C program beside it, its ratio to that is judged; without, the
     * figure itself.
     *
     * @param unit of own and c
     * @param own of kmodscope
     * @param c of the C program
     * @param ratio own to c, pair by pair
     * @param budget empty for what is only told
     * @param note empty when there is nothing to say
     */
    record Measured(
            String name,
            String title,
            String unit,
            Spread own,
            Optional<Spread> c,
            Optional<Spread> ratio,
            Optional<Budget> budget,
            String note)
            implements Row {

        /** A figure that stands for itself. */
        static Measured alone(
                String name, String title, String unit, Spread own, Optional<Budget> budget) {
            return new Measured(
                    name, title, unit, own, Optional.empty(), Optional.empty(), budget, "");
        }

        /** What the budget is about. */
        Spread judged() {
            return ratio.orElse(own);
        }

        /** Empty without a budget. */
        Optional<Boolean> ok() {
            return budget.map(limit -> limit.isKeptBy(judged().median()));
        }

        Measured with(String why) {
            return new Measured(name, title, unit, own, c, ratio, budget, why);
        }
    }

    /** What could not be measured here, and why. */
    record Skipped(String name, String title, String why) implements Row {}

    /** Whether a budget was missed. */
    default boolean isMissed() {
        return this instanceof Measured measured && !measured.ok().orElse(true);
    }

    /** Whether repeated measurements differ so much that their median says little. */
    default boolean isNoisy() {
        return this instanceof Measured measured && measured.judged().isNoisy();
    }
}
