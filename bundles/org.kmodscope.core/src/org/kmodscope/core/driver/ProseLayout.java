/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Fills paragraphs: those of comments in C where a name of another length came into them, and all
 * those of Markdown, which a template writes as one line each. Tables and drawings keep their
 * lines.
 */
final class ProseLayout {

    private static final Pattern COMMENT_TEXT = Pattern.compile("(\\t* \\* )([^\\s@].*)");
    private static final Pattern ONE_LINE = Pattern.compile("(\\t*)/\\* (.*) \\*/");
    private static final Pattern ITEM = Pattern.compile("( *(?:[-*]|\\d+\\.) +)(\\S.*)");
    private static final Pattern PLAIN = Pattern.compile("( *)(\\S.*)");

    private ProseLayout() {}

    /** Fills the comments of C code. */
    static List<Line> comments(List<Line> lines) {
        var result = new ArrayList<Line>();
        var scanner = new CodeScanner();
        for (var i = 0; i < lines.size(); ) {
            var line = lines.get(i);
            var inside = scanner.inComment();
            scanner.advance(line.before());
            i++;
            var text = COMMENT_TEXT.matcher(line.after());
            var alone = ONE_LINE.matcher(line.after());
            if (inside && scanner.inComment() && text.matches()) {
                var paragraph = new ArrayList<>(List.of(line));
                while (i < lines.size() && continues(lines.get(i), text.group(1))) {
                    scanner.advance(lines.get(i).before());
                    paragraph.add(lines.get(i++));
                }
                result.addAll(
                        paragraph.stream().anyMatch(Line::changed)
                                ? paragraph(paragraph, text.group(1), text.group(1))
                                : paragraph);
            } else if (!inside
                    && line.changed()
                    && alone.matches()
                    && Text.width(line.after()) > CodeLayout.MARGIN) {
                var indent = alone.group(1);
                result.add(same(indent + "/*"));
                result.addAll(fill(alone.group(2), indent + " * ", indent + " * "));
                result.add(same(indent + " */"));
            } else {
                result.add(line);
            }
        }
        return result;
    }

    private static boolean continues(Line line, String prefix) {
        var matcher = COMMENT_TEXT.matcher(line.after());
        return matcher.matches() && matcher.group(1).equals(prefix) && !line.after().endsWith("*/");
    }

    /** Fills the paragraphs and list items of Markdown. */
    static List<Line> markdown(List<Line> lines) {
        var result = new ArrayList<Line>();
        var fenced = false;
        for (var i = 0; i < lines.size(); ) {
            var line = lines.get(i++);
            fenced ^= line.after().strip().startsWith("```");
            var item = ITEM.matcher(line.after());
            var plain = PLAIN.matcher(line.after());
            if (fenced || !plain.matches() || !isText(plain.group(2))) {
                result.add(line);
                continue;
            }
            var first = item.matches() ? item.group(1) : plain.group(1);
            var rest = " ".repeat(first.length());
            var paragraph = new ArrayList<>(List.of(line));
            while (i < lines.size() && goesOn(lines.get(i).after(), rest)) {
                paragraph.add(lines.get(i++));
            }
            result.addAll(paragraph(paragraph, first, rest));
        }
        return result;
    }

    private static boolean goesOn(String line, String indent) {
        return Text.leading(line).equals(indent)
                && !line.isBlank()
                && !ITEM.matcher(line).matches()
                && isText(line.strip());
    }

    private static boolean isText(String line) {
        return "#|><".indexOf(line.charAt(0)) < 0 && !line.startsWith("```");
    }

    private static List<Line> paragraph(List<Line> lines, String first, String rest) {
        var words = new StringBuilder();
        for (var line : lines) {
            words.append(line.after().substring(Math.min(rest.length(), line.after().length())));
            words.append(' ');
        }
        return fill(words.toString(), first, rest);
    }

    private static List<Line> fill(String text, String first, String rest) {
        var result = new ArrayList<Line>();
        var line = new StringBuilder(first);
        var empty = true;
        for (var word : text.strip().split("\\s+")) {
            if (!empty && Text.width(line + " " + word) > CodeLayout.MARGIN) {
                result.add(same(line.toString()));
                line = new StringBuilder(rest);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        result.add(same(line.toString()));
        return result;
    }

    private static Line same(String text) {
        return new Line(text, text);
    }
}
