/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Table;
import org.kmodscope.cli.internal.terminal.Table.Cell;
import org.kmodscope.cli.internal.terminal.Table.Column;
import org.kmodscope.core.matrix.MatrixCell;
import org.kmodscope.core.matrix.MatrixReport;
import org.kmodscope.core.matrix.MatrixRow;
import org.kmodscope.core.matrix.MatrixStep;
import org.kmodscope.core.matrix.MatrixVerdict;

/** A matrix as an aligned table: a row per kernel, a column per step. */
record MatrixTable(Face face) {

    private static final int MOST_DETAILS = 8;

    /** The columns; the kernel itself is one of its own. */
    private static final List<MatrixStep> STEPS =
            Stream.of(MatrixStep.values()).filter(step -> step != MatrixStep.KERNEL).toList();

    /** Steps that say nothing but their time when all is well. */
    private static final List<MatrixStep> TIMED = List.of(MatrixStep.BUILD, MatrixStep.BOOT);

    /** The finished table with its logs and a last line that sums it up. */
    List<String> end(MatrixReport report, Path project) {
        Table table = new Table(columns("TIME", "LOGS"));
        for (MatrixRow row : report.rows()) {
            List<Cell> cells = cells(row.kernelId(), row.cells());
            cells.add(new Cell(time(row.elapsed()), Style.PLAIN));
            cells.add(
                    new Cell(
                            project.resolve("build/matrix").resolve(name(row)) + "/", Style.FAINT));
            table.row(cells);
        }
        List<String> lines = new ArrayList<>(table.lines(face));
        MatrixCell style = report.style();
        lines.add("checkpatch " + face.paint(style(style), style.text()));
        long failed =
                report.rows().stream()
                        .filter(row -> row.verdict().compareTo(MatrixVerdict.MISSING) >= 0)
                        .count();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "kernels %d passed %d not passed %d time %s",
                        report.rows().size(),
                        report.rows().size() - failed,
                        failed,
                        time(report.elapsed())));
        return lines;
    }

    /** The table while it fills. */
    List<String> live(Map<String, Map<MatrixStep, MatrixCell>> rows, Map<String, String> now) {
        Table table = new Table(columns("NOW"));
        rows.forEach(
                (id, known) -> {
                    List<Cell> cells = cells(id, known);
                    cells.add(new Cell(now.getOrDefault(id, ""), Style.FAINT));
                    table.row(cells);
                });
        return table.lines(face);
    }

    /** What is wrong, and why something was skipped. */
    List<String> faults(MatrixReport report) {
        List<String> lines = new ArrayList<>();
        if (report.style().verdict() != MatrixVerdict.PASSED) {
            lines.add("checkpatch: " + report.style().text());
            details(report.style(), lines);
        }
        for (MatrixRow row : report.rows()) {
            row.cells()
                    .forEach(
                            (step, cell) -> {
                                if (cell.verdict().compareTo(MatrixVerdict.MISSING) >= 0) {
                                    lines.add(
                                            row.kernelId()
                                                    + ", "
                                                    + step.title()
                                                    + ": "
                                                    + cell.text());
                                    details(cell, lines);
                                }
                            });
        }
        return lines;
    }

    /** One cell as a person reads it. */
    static String text(MatrixStep step, MatrixCell cell) {
        boolean time = TIMED.contains(step) && cell.verdict() == MatrixVerdict.PASSED;
        return time ? time(cell.elapsed()) : cell.text();
    }

    private static void details(MatrixCell cell, List<String> lines) {
        List<String> all = cell.details().stream().flatMap(String::lines).toList();
        all.stream().limit(MOST_DETAILS).forEach(line -> lines.add("    " + line));
        if (all.size() > MOST_DETAILS) {
            lines.add("    and " + (all.size() - MOST_DETAILS) + " more lines, in its logs");
        }
    }

    private static Column[] columns(String... last) {
        Stream<String> titles =
                Stream.of(
                                Stream.of("KERNEL"),
                                STEPS.stream().map(step -> step.title().toUpperCase(Locale.ROOT)),
                                Stream.of(last))
                        .flatMap(part -> part);
        return titles.map(Column::words).toArray(Column[]::new);
    }

    private static List<Cell> cells(String id, Map<MatrixStep, MatrixCell> known) {
        List<Cell> cells = new ArrayList<>();
        MatrixCell kernel = known.get(MatrixStep.KERNEL);
        boolean missing =
                known.containsKey(MatrixStep.KERNEL) && kernel.verdict() != MatrixVerdict.PASSED;
        cells.add(new Cell(id, missing ? Style.BAD : Style.PLAIN));
        for (MatrixStep step : STEPS) {
            cells.add(
                    known.containsKey(step)
                            ? new Cell(text(step, known.get(step)), style(known.get(step)))
                            : new Cell("", Style.PLAIN));
        }
        return cells;
    }

    private static Style style(MatrixCell cell) {
        return switch (cell.verdict()) {
            case PASSED -> Style.GOOD;
            case SKIPPED -> Style.FAINT;
            case MISSING, BROKEN -> Style.WARNING;
            case FAILED -> Style.BAD;
        };
    }

    private static String time(Duration time) {
        return Quantity.seconds(time.toNanos());
    }

    private static String name(MatrixRow row) {
        return row.logs().resolveSibling("").relativize(row.logs()).toString();
    }
}
