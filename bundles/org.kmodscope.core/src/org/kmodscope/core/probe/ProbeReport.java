/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run of a probe said.
 *
 * @param name the probe's name
 * @param tests its tests, in order
 * @param planned how many it promised; -1 when it promised nothing
 * @param bailOut why it gave up, if it did
 * @param problems what is wrong with the report itself: a plan that is not met, tests out of order,
 *     no test at all, a program that ended badly; each makes the run a failure
 * @param other lines that are not KTAP and {@code #} lines that belong to no test, at most the last
 *     {@link KtapParser#MOST_LINES}
 */
public record ProbeReport(
        String name,
        List<ProbeTest> tests,
        int planned,
        Optional<String> bailOut,
        List<String> problems,
        List<String> other) {

    /** Takes copies of the lists. */
    public ProbeReport {
        tests = List.copyOf(tests);
        problems = List.copyOf(problems);
        other = List.copyOf(other);
    }

    /**
     * How many tests ended how; a test with subtests counts only when it failed and none of them
     * did.
     *
     * @param passed as they should
     * @param failed including time-outs and errors
     * @param skipped not run
     * @param expected failed as they were expected to (XFAIL, TODO)
     */
    public record Counts(int passed, int failed, int skipped, int expected) {

        /** All of them. */
        public int total() {
            return passed + failed + skipped + expected;
        }

        /** Those of both. */
        public Counts plus(Counts other) {
            return new Counts(
                    passed + other.passed,
                    failed + other.failed,
                    skipped + other.skipped,
                    expected + other.expected);
        }
    }

    /** Whether the run is a success: no failure, no bail-out, nothing wrong with the report. */
    public boolean passed() {
        return bailOut.isEmpty()
                && problems.isEmpty()
                && tests.stream().noneMatch(ProbeTest::failed);
    }

    /** How many tests ended how. */
    public Counts counts() {
        int[] counts = new int[4];
        tests.forEach(test -> count(test, counts));
        return new Counts(counts[0], counts[1], counts[2], counts[3]);
    }

    /** The same with one more thing that is wrong, such as that the program ran too long. */
    public ProbeReport withProblem(String problem) {
        List<String> all = new ArrayList<>(problems);
        all.add(problem);
        return new ProbeReport(name, tests, planned, bailOut, all, other);
    }

    private static void count(ProbeTest test, int[] counts) {
        if (!test.subtests().isEmpty()) {
            test.subtests().forEach(subtest -> count(subtest, counts));
            if (test.outcome().failure() && test.subtests().stream().noneMatch(ProbeTest::failed)) {
                counts[1]++;
            }
            return;
        }
        switch (test.outcome()) {
            case PASS -> counts[0]++;
            case FAIL, TIMEOUT, ERROR -> counts[1]++;
            case SKIP -> counts[2]++;
            case XFAIL, TODO -> counts[3]++;
        }
    }
}
