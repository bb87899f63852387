/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import java.util.List;

/**
 * One test of a probe's report.
 *
 * @param number its number among its siblings, from 1; 0 for what has no number of its own
 * @param name its description; may be empty
 * @param outcome how it ended
 * @param reason what stands behind the directive, or after a bare {@code #}; may be empty
 * @param diagnostics the {@code #} lines that belong to it, without the {@code #}
 * @param measures what was measured, in the order it was told; these lines are not among the
 *     diagnostics
 * @param subtests what it consists of
 */
public record ProbeTest(
        int number,
        String name,
        Outcome outcome,
        String reason,
        List<String> diagnostics,
        List<Measure> measures,
        List<ProbeTest> subtests) {

    /** Takes copies of the lists. */
    public ProbeTest {
        diagnostics = List.copyOf(diagnostics);
        measures = List.copyOf(measures);
        subtests = List.copyOf(subtests);
    }

    /** How a test ended. */
    public enum Outcome {
        PASS(false),
        FAIL(true),
        /** It could not be run here. */
        SKIP(false),
        /** It failed, as it was expected to. */
        XFAIL(false),
        /** It fails until something is written. */
        TODO(false),
        TIMEOUT(true),
        /** It broke before it could tell. */
        ERROR(true);

        private final boolean failure;

        Outcome(boolean failure) {
            this.failure = failure;
        }

        /** Whether a run with such a test failed. */
        public boolean failure() {
            return failure;
        }
    }

    /** Whether it or one of its subtests failed. */
    public boolean failed() {
        return outcome.failure() || subtests.stream().anyMatch(ProbeTest::failed);
    }
}
