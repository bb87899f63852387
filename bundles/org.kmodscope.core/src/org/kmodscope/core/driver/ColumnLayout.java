/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Aligns columns again that tabs had aligned and a name of another length moved: the values of
 * macros, the names of members, comments behind code, the backslashes of a macro.
 */
final class ColumnLayout {

    private static final Pattern GAP = Pattern.compile("(?<=[^\\t])\\t+(?=[^\\t])");

    private ColumnLayout() {}

    static List<Line> align(List<Line> lines) {
        var result = new ArrayList<Line>();
        for (var i = 0; i < lines.size(); ) {
            var end = i + 1;
            while (end < lines.size() && alike(lines.get(i), lines.get(end))) {
                end++;
            }
            result.addAll(block(lines.subList(i, end)));
            i = end;
        }
        return result;
    }

    private static boolean alike(Line one, Line other) {
        return cells(one.before()).length == cells(other.before()).length
                && (one.before().endsWith("\\") && other.before().endsWith("\\")
                        || Text.leading(one.before()).equals(Text.leading(other.before()))
                                && other.before().startsWith("#") == one.before().startsWith("#"));
    }

    private static String[] cells(String line) {
        return GAP.split(line);
    }

    /**
     * Lines with the same number of cells; a cell begins in one column in all of them, or stays.
     */
    private static List<Line> block(List<Line> lines) {
        var count = cells(lines.getFirst().before()).length;
        if (count == 1 || lines.stream().noneMatch(Line::changed)) {
            return lines;
        }
        var before = new ArrayList<String>();
        var after = new ArrayList<String>();
        for (var line : lines) {
            before.add(cells(line.before())[0]);
            after.add(cells(line.after())[0]);
        }
        for (var cell = 1; cell < count; cell++) {
            var starts = new ArrayList<Integer>();
            for (var line : lines) {
                starts.add(start(line.before(), cell));
            }
            if (starts.stream().distinct().count() > 1) {
                return lines;
            }
            var spare = starts.getFirst() - widest(before);
            var start = widest(after) + spare;
            for (var i = 0; i < lines.size(); i++) {
                before.set(
                        i,
                        fill(before.get(i), starts.getFirst())
                                + cells(lines.get(i).before())[cell]);
                after.set(i, fill(after.get(i), start) + cells(lines.get(i).after())[cell]);
            }
        }
        var result = new ArrayList<Line>();
        for (var i = 0; i < lines.size(); i++) {
            result.add(new Line(lines.get(i).before(), after.get(i)));
        }
        return result;
    }

    private static int start(String line, int cell) {
        var matcher = GAP.matcher(line);
        for (var i = 0; i < cell; i++) {
            matcher.find();
        }
        return Text.width(line.substring(0, matcher.end()));
    }

    /** The first tab stop behind all of them. */
    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(text -> Text.nextStop(Text.width(text))).max().orElse(0);
    }

    private static String fill(String text, int column) {
        var result = new StringBuilder(text);
        for (var at = Text.width(text); at < column; at = Text.nextStop(at)) {
            result.append('\t');
        }
        return result.toString();
    }
}
