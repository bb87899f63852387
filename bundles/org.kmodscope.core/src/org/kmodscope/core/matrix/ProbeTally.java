/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeTest;

/** All runs of all probes as one cell. */
final class ProbeTally {

    private static final String SKIPPED = "skipped ";

    private ProbeTally() {}

    /**
     * Counts.
     *
     * @param broken what is wrong with probes that could not be built
     */
    static MatrixCell of(List<MatrixRow.ProbeResult> results, List<String> broken) {
        if (results.isEmpty() && broken.isEmpty()) {
            return MatrixCell.skipped("The project has no probes.");
        }
        int good = 0;
        int failed = 0;
        int skipped = 0;
        boolean passed = broken.isEmpty();
        List<String> details = new ArrayList<>(broken);
        for (MatrixRow.ProbeResult result : results) {
            ProbeReport report = result.report();
            ProbeReport.Counts counts = report.counts();
            good += counts.passed() + counts.expected();
            failed += counts.failed();
            skipped += counts.skipped();
            passed &= report.passed();
            String where = report.name() + " after load " + result.round() + ": ";
            report.bailOut().ifPresent(why -> details.add(where + "gave up: " + why));
            report.problems().forEach(problem -> details.add(where + problem));
            report.tests().forEach(test -> collect(where, test, details));
        }
        // What failed first: who reads only the beginning must not read of skips alone.
        details.sort(Comparator.comparing(line -> line.contains(SKIPPED)));
        StringBuilder text = new StringBuilder();
        text.append(failed > 0 ? failed + " failed, " : passed ? "" : "broken, ");
        text.append(good).append(" ok");
        text.append(skipped > 0 ? ", " + skipped + " skipped" : "");
        return new MatrixCell(
                passed ? MatrixVerdict.PASSED : MatrixVerdict.FAILED,
                text.toString(),
                Duration.ZERO,
                details);
    }

    private static void collect(String where, ProbeTest test, List<String> details) {
        if (test.outcome().failure() || test.outcome() == ProbeTest.Outcome.SKIP) {
            String reason = test.reason().isEmpty() ? "" : " (" + test.reason() + ")";
            details.add(
                    where
                            + (test.outcome().failure() ? "not ok " : SKIPPED)
                            + test.number()
                            + " "
                            + test.name()
                            + reason);
        }
        test.subtests().forEach(subtest -> collect(where, subtest, details));
    }
}
