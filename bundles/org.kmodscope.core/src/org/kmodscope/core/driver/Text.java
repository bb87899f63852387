/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.ArrayList;
import java.util.List;

/** Columns and quoting in C source: tabs are eight wide, a character is one column. */
final class Text {

    static final int TAB = 8;

    private Text() {}

    /** What stands between the quotes of a C string literal. */
    static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** The column after the text when it begins at a given one, both from 0. */
    static int column(int from, String text) {
        var column = from;
        for (var i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            column = text.charAt(i) == '\t' ? nextStop(column) : column + 1;
        }
        return column;
    }

    /** How wide a line is. */
    static int width(String line) {
        return column(0, line);
    }

    /** The tab stop after a column. */
    static int nextStop(int column) {
        return (column / TAB + 1) * TAB;
    }

    /** As many tabs as fit, then blanks: what the kernel's checker asks of a continuation line. */
    static String indent(int width) {
        return "\t".repeat(width / TAB) + " ".repeat(width % TAB);
    }

    /** The blanks a line begins with. */
    static String leading(String line) {
        return line.substring(0, line.length() - line.stripLeading().length());
    }

    /** The lines of a text that ends with a line feed. */
    static List<String> lines(String text) {
        var result = new ArrayList<>(List.of(text.split("\n", -1)));
        if (!result.isEmpty() && result.getLast().isEmpty()) {
            result.removeLast();
        }
        return result;
    }

    /** The reverse of {@link #lines}. */
    static String join(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
