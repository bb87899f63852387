/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.matrix.MatrixReport;
import org.kmodscope.core.matrix.MatrixRow;
import org.kmodscope.core.matrix.MatrixStep;

/** Finds what compilers and checkers said of the driver's lines in the result of a matrix. */
public final class ToolMessages {

    private static final Pattern LINE =
            Pattern.compile("([^\\s:][^:]*):(\\d{1,9})(?::(\\d{1,9}))?: (error|warning): (.*)");

    private ToolMessages() {}

    /** Each message once, however many kernels it came on. */
    public static List<Diagnostic> of(MatrixReport report) {
        Set<Diagnostic> found = new LinkedHashSet<>();
        for (MatrixRow row : report.rows()) {
            for (MatrixStep step :
                    List.of(MatrixStep.BUILD, MatrixStep.WARNINGS, MatrixStep.SPARSE)) {
                row.cell(step).details().forEach(line -> add(line, found));
            }
        }
        report.style().details().forEach(line -> add(line, found));
        return List.copyOf(found);
    }

    private static void add(String line, Set<Diagnostic> found) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            String column = matcher.group(3);
            found.add(
                    new Diagnostic(
                            matcher.group(1),
                            Integer.parseInt(matcher.group(2)),
                            column == null ? 0 : Integer.parseInt(column),
                            Diagnostic.Severity.valueOf(matcher.group(4).toUpperCase(Locale.ROOT)),
                            matcher.group(5)));
        }
    }
}
