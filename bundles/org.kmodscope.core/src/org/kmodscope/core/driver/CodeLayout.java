/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligns what goes on inside parentheses again, and wraps what a longer name pushed past the right
 * margin, as {@code checkpatch.pl --strict} asks: continuation lines stand under the first
 * character behind the parenthesis.
 */
final class CodeLayout {

    /** The kernel's preferred width; what cannot be broken may go up to 100. */
    static final int MARGIN = 80;

    private CodeLayout() {}

    static List<String> layOut(List<Line> lines) {
        var result = new ArrayList<String>();
        var scanner = new CodeScanner();
        for (var i = 0; i < lines.size(); ) {
            var wrappable = !scanner.inComment() && !scanner.inDirective();
            var first = i;
            do {
                var text = lines.get(i++).before();
                wrappable &= !text.startsWith("#") && !text.contains("/*") && !text.contains("//");
                scanner.advance(text);
            } while (scanner.depth() > 0 && i < lines.size());
            result.addAll(statement(lines.subList(first, i), wrappable));
        }
        return result;
    }

    /** Lines that parentheses hold together. */
    private static List<String> statement(List<Line> lines, boolean wrappable) {
        if (lines.stream().noneMatch(Line::changed)) {
            return lines.stream().map(Line::after).toList();
        }
        var before = lines.stream().map(Line::before).toList();
        var aligned = realign(lines);
        if (!wrappable
                || before.stream()
                        .limit(before.size() - 1L)
                        .anyMatch(l -> l.endsWith("{") || l.endsWith(";"))) {
            return aligned;
        }
        var wasFilled = fill(join(before)).equals(before);
        var tooWide = aligned.stream().anyMatch(line -> Text.width(line) > MARGIN);
        return wasFilled || tooWide ? fill(join(aligned)) : aligned;
    }

    private static List<String> realign(List<Line> lines) {
        var result = new ArrayList<String>();
        var before = new CodeScanner();
        var after = new CodeScanner();
        for (var line : lines) {
            var text = line.after();
            if (before.depth() > 0
                    && Text.width(Text.leading(line.before())) == before.alignment()) {
                text = Text.indent(after.alignment()) + text.stripLeading();
            }
            before.advance(line.before());
            after.advance(text);
            result.add(text);
        }
        return result;
    }

    private static String join(List<String> lines) {
        var result = new StringBuilder(lines.getFirst());
        for (var line : lines.subList(1, lines.size())) {
            var close = result.charAt(result.length() - 1) == '(' || line.strip().startsWith(")");
            result.append(close ? "" : " ").append(line.strip());
        }
        return result.toString();
    }

    /** A place where a line may end. */
    private record Break(int at, int column, int depth, int alignment) {}

    private static List<String> fill(String text) {
        var result = new ArrayList<String>();
        var rest = text;
        while (Text.width(rest) > MARGIN) {
            var breaks = breaks(result, rest);
            if (breaks.isEmpty()) {
                break;
            }
            var at = choose(breaks);
            var line = rest.substring(0, at.at()).stripTrailing();
            result.add(line);
            rest = Text.indent(at.alignment()) + rest.substring(at.at()).stripLeading();
        }
        result.add(rest);
        return result;
    }

    /** All places where the line could end, for a line that comes after others. */
    private static List<Break> breaks(List<String> before, String line) {
        var scanner = new CodeScanner();
        before.forEach(scanner::advance);
        var result = new ArrayList<Break>();
        var code = scanner.code(line);
        for (var at = code.nextSetBit(0); at >= 0; at = code.nextSetBit(at + 1)) {
            scanner.step(line, at);
            var end = at + 1;
            if (scanner.depth() > 0 && endsOperand(line, at) && end < line.length()) {
                result.add(
                        new Break(
                                end,
                                Text.width(line.substring(0, end)),
                                scanner.depth(),
                                scanner.alignment()));
            } else if (scanner.depth() == 0
                    && before.isEmpty()
                    && line.startsWith(" = ", at - 1)
                    && !line.endsWith("{")) {
                result.add(
                        new Break(
                                end,
                                Text.width(line.substring(0, end)),
                                Integer.MAX_VALUE,
                                Text.width(Text.leading(line)) + Text.TAB));
            }
        }
        return result;
    }

    private static boolean endsOperand(String line, int at) {
        return line.charAt(at) == ','
                || line.startsWith("&& ", at - 1)
                || line.startsWith("|| ", at - 1);
    }

    /** The outermost that fits, of these the last; when none fits, the one nearest to it. */
    private static Break choose(List<Break> breaks) {
        var fitting = breaks.stream().filter(b -> b.column() <= MARGIN).toList();
        if (fitting.isEmpty()) {
            return breaks.getFirst();
        }
        var outermost = fitting.stream().mapToInt(Break::depth).min().orElseThrow();
        return fitting.stream()
                .filter(b -> b.depth() == outermost)
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
