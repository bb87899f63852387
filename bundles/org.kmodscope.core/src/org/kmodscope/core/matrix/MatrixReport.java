/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.probe.JUnitReport;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeTest;

/**
 * A driver on several kernels.
 *
 * @param style what checkpatch found in the project; skipped where it cannot be had
 * @param rows one per kernel, in the order asked for
 * @param elapsed for all of them
 */
public record MatrixReport(MatrixCell style, List<MatrixRow> rows, Duration elapsed) {

    /** Takes a copy of the list. */
    public MatrixReport {
        rows = List.copyOf(rows);
    }

    /** How the driver did on all of them. */
    public MatrixVerdict verdict() {
        MatrixVerdict kernels = MatrixVerdict.worst(rows.stream().map(MatrixRow::verdict).toList());
        return MatrixVerdict.worst(List.of(style.verdict(), kernels));
    }

    /**
     * Writes it as XML for CI systems: a suite {@code project} with the style and one suite per
     * kernel; in that each step is a test of the class {@code matrix} and each result of a probe
     * one of the class {@code NAME.1} or {@code NAME.2}, after which load it ran.
     */
    public void writeJUnit(Path file) throws IOException {
        JUnitReport junit = new JUnitReport();
        junit.add("project", report(List.of(test(1, "checkpatch", style))), style.elapsed());
        for (MatrixRow row : rows) {
            junit.add(row.kernelId(), steps(row), row.elapsed());
            for (MatrixRow.ProbeResult result : row.probes()) {
                ProbeReport report = result.report();
                junit.add(
                        row.kernelId(),
                        new ProbeReport(
                                report.name() + "." + result.round(),
                                report.tests(),
                                report.planned(),
                                report.bailOut(),
                                report.problems(),
                                report.other()),
                        Duration.ZERO); // their time is in that of the row
            }
        }
        junit.write(file);
    }

    /**
     * The table in Markdown, and below it what failed.
     *
     * @param relativeTo names of logs are given relative to this directory
     */
    public String markdown(Path relativeTo) {
        return new MatrixMarkdown(this, relativeTo).text();
    }

    private static ProbeReport steps(MatrixRow row) {
        List<ProbeTest> tests = new ArrayList<>();
        for (MatrixStep step : MatrixStep.values()) {
            tests.add(test(step.ordinal() + 1, step.title(), row.cell(step)));
        }
        return report(tests);
    }

    private static ProbeReport report(List<ProbeTest> tests) {
        return new ProbeReport(
                "matrix", tests, tests.size(), Optional.empty(), List.of(), List.of());
    }

    private static ProbeTest test(int number, String name, MatrixCell cell) {
        ProbeTest.Outcome outcome =
                switch (cell.verdict()) {
                    case PASSED -> ProbeTest.Outcome.PASS;
                    case SKIPPED -> ProbeTest.Outcome.SKIP;
                    case MISSING, BROKEN -> ProbeTest.Outcome.ERROR;
                    case FAILED -> ProbeTest.Outcome.FAIL;
                };
        String reason =
                cell.verdict() == MatrixVerdict.PASSED
                        ? ""
                        : cell.details().isEmpty() ? cell.text() : cell.details().getFirst();
        return new ProbeTest(number, name, outcome, reason, cell.details(), List.of(), List.of());
    }
}
