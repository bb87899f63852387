/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A report as GitHub's and GitLab's Markdown. */
record MatrixMarkdown(MatrixReport report, Path relativeTo) {

    private static final int MOST_DETAILS = 20;

    String text() {
        StringBuilder text = new StringBuilder("| kernel |");
        StringBuilder rule = new StringBuilder("| --- |");
        for (MatrixStep step : MatrixStep.values()) {
            text.append(' ').append(step.title()).append(" |");
            rule.append(" --- |");
        }
        text.append(" time | logs |\n").append(rule).append(" ---: | --- |\n");
        report.rows().forEach(row -> row(row, text));
        MatrixCell style = report.style();
        text.append("\ncheckpatch: ").append(escaped(style.text())).append('\n');
        if (style.verdict() != MatrixVerdict.PASSED) {
            details("checkpatch", style.details(), text);
        }
        for (MatrixRow row : report.rows()) {
            for (MatrixStep step : MatrixStep.values()) {
                MatrixCell cell = row.cell(step);
                if (cell.verdict().compareTo(MatrixVerdict.MISSING) >= 0) {
                    details(row.kernelId() + ": " + step.title(), cell.details(), text);
                }
            }
        }
        return text.toString();
    }

    private void row(MatrixRow row, StringBuilder text) {
        text.append("| ").append(row.kernelId()).append(" |");
        for (MatrixStep step : MatrixStep.values()) {
            MatrixCell cell = row.cell(step);
            boolean bad = cell.verdict().compareTo(MatrixVerdict.MISSING) >= 0;
            text.append(' ')
                    .append(bad ? "**" + escaped(cell.text()) + "**" : escaped(cell.text()));
            if (!cell.elapsed().isZero()) {
                text.append(' ').append(seconds(cell.elapsed()));
            }
            text.append(" |");
        }
        String logs = relativeTo.relativize(row.logs()).toString();
        text.append(' ').append(seconds(row.elapsed())).append(" | [").append(escaped(logs));
        text.append("](<").append(logs).append(">) |\n");
    }

    /** Lines as code. */
    private static void details(String title, List<String> lines, StringBuilder text) {
        text.append("\n**").append(escaped(title)).append("**\n\n");
        // Indented code, which nothing in a line can end.
        lines.stream()
                .limit(MOST_DETAILS)
                .flatMap(String::lines)
                .forEach(line -> text.append("    ").append(line).append('\n'));
        if (lines.size() > MOST_DETAILS) {
            text.append("    … and ").append(lines.size() - MOST_DETAILS).append(" more\n");
        }
    }

    private static String escaped(String text) {
        return text.replaceAll("([\\\\`*_{}\\[\\]<>|#])", "\\\\$1");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
}
