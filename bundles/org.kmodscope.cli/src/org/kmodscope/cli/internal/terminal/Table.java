/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under headings, as wide as their widest cell, for a fixed-width font. */
public final class Table {

    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** A table without rows. */
    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row of plain cells. */
    public Table row(String... cells) {
        return row(Arrays.stream(cells).map(text -> new Cell(text, Style.PLAIN)).toList());
    }

    /** Adds a row. */
    public Table row(List<Cell> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    cells.size() + " cells in a table of " + columns.size() + " columns");
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /** The heading and the rows. */
    public List<String> lines(Face face) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] =
                    rows.stream()
                            .mapToInt(row -> row.get(column).text().length())
                            .reduce(columns.get(i).title().length(), Math::max);
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                line(
                        face,
                        columns.stream().map(c -> new Cell(c.title(), Style.FAINT)).toList(),
                        widths));
        rows.forEach(row -> lines.add(line(face, row, widths)));
        return lines;
    }

    private String line(Face face, List<Cell> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            Cell cell = cells.get(i);
            String room = " ".repeat(widths[i] - cell.text().length());
            String text = face.paint(cell.style(), cell.text());
            boolean last = i == widths.length - 1;
            line.append(i == 0 ? "" : GAP);
            if (columns.get(i).right()) {
                line.append(room).append(text);
            } else {
                line.append(text).append(last ? "" : room);
            }
        }
        return line.toString().stripTrailing();
    }

    /**
     * A column.
     *
     * @param title its heading
     * @param right whether its cells end at its right edge, as numbers do
     */
    public record Column(String title, boolean right) {

        /** A column of words. */
        public static Column words(String title) {
            return new Column(title, false);
        }

        /** A column of numbers. */
        public static Column numbers(String title) {
            return new Column(title, true);
        }
    }

    /** A cell's text and look. */
    public record Cell(String text, Style style) {}
}
