/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Evaluates a template's {@code KMOD_} switches and leaves every other directive alone.
 *
 * <p>The vocabulary is closed: {@code #ifdef KMOD_X}, {@code #ifndef KMOD_X}, {@code #else}, {@code
 * #endif}, each from the first column and with nothing behind it, around whole lines and never
 * inside parentheses. In a block comment it stands where the text does, behind the asterisk.
 * Anything else that names a switch is refused.
 */
final class Switches {

    private static final Pattern CONDITIONAL =
            Pattern.compile("#\\s*(if|ifdef|ifndef|elif|else|endif)\\b\\s*(.*)");
    private static final Pattern SWITCH = Pattern.compile("#(ifdef|ifndef) (KMOD_[A-Z0-9_]+)");
    private static final Pattern NAME = Pattern.compile("KMOD_[A-Z0-9_]+");

    private static final String IN_COMMENT = " * ";

    private final Set<String> known;
    private final Set<String> on;

    /**
     * @param known all switches there are
     * @param on those that are defined
     */
    Switches(Set<String> known, Set<String> on) {
        this.known = Set.copyOf(known);
        this.on = Set.copyOf(on);
    }

    /** One open conditional. Of those that are not ours everything is kept. */
    private record Frame(int line, boolean ours, boolean keep, boolean inElse) {}

    /**
     * Keeps the lines that the switches select.
     *
     * @param code whether it is C, where a switch may not cut a statement
     */
    List<String> select(List<String> lines, boolean code) throws TemplateException {
        var result = new ArrayList<String>();
        Deque<Frame> frames = new ArrayDeque<>();
        var scanner = new CodeScanner();
        var previous = "";
        for (var i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (code && scanner.inComment() && line.startsWith(IN_COMMENT + "#")) {
                line = line.substring(IN_COMMENT.length());
            }
            var conditional = CONDITIONAL.matcher(line);
            var directive = conditional.matches();
            if (directive && isSwitch(line, conditional.group(1), frames, i + 1)) {
                if (code && cuts(scanner, previous)) {
                    throw new TemplateException(i + 1, "a switch cuts a statement: " + line);
                }
                change(frames, line, conditional.group(1), i + 1);
                continue;
            }
            if (NAME.matcher(line).find() && frames.stream().allMatch(Frame::keep)) {
                throw new TemplateException(i + 1, "a switch is spelled wrongly: " + line);
            }
            if (directive) {
                foreign(frames, conditional.group(1), i + 1);
            }
            scanner.advance(line);
            previous = line.isBlank() ? previous : line.strip();
            if (frames.stream().allMatch(Frame::keep)) {
                result.add(line);
            }
        }
        if (!frames.isEmpty()) {
            throw new TemplateException(frames.peek().line(), "the conditional is not closed");
        }
        return withoutScars(result);
    }

    private static boolean isSwitch(String line, String word, Deque<Frame> frames, int number)
            throws TemplateException {
        return switch (word) {
            case "ifdef", "ifndef" -> SWITCH.matcher(line).matches();
            case "else", "endif" -> {
                if (frames.isEmpty()) {
                    throw new TemplateException(number, "nothing is open here: " + line);
                }
                if (frames.peek().ours() && !line.equals("#" + word)) {
                    throw new TemplateException(
                            number, "a switch ends with a bare #" + word + ": " + line);
                }
                yield frames.peek().ours();
            }
            default -> false;
        };
    }

    private void change(Deque<Frame> frames, String line, String word, int number)
            throws TemplateException {
        switch (word) {
            case "else" -> {
                var frame = frames.pop();
                if (frame.inElse()) {
                    throw new TemplateException(number, "a second #else");
                }
                frames.push(new Frame(frame.line(), true, !frame.keep(), true));
            }
            case "endif" -> frames.pop();
            default -> {
                var name = line.substring(line.indexOf(' ') + 1);
                if (!known.contains(name)) {
                    throw new TemplateException(number, "there is no switch " + name);
                }
                frames.push(
                        new Frame(number, true, on.contains(name) == word.equals("ifdef"), false));
            }
        }
    }

    private static void foreign(Deque<Frame> frames, String word, int number)
            throws TemplateException {
        switch (word) {
            case "endif" -> frames.pop();
            case "elif" -> {
                if (frames.isEmpty() || frames.peek().ours()) {
                    throw new TemplateException(number, "#elif does not belong to a switch");
                }
            }
            case "else" -> {}
            default -> frames.push(new Frame(number, false, true, false));
        }
    }

    private static boolean cuts(CodeScanner scanner, String previous) {
        if (scanner.inComment()) {
            return false;
        }
        return scanner.depth() > 0
                || !previous.isEmpty()
                        && !previous.startsWith("#")
                        && !previous.startsWith("//")
                        && !previous.endsWith("*/")
                        && ";{},:".indexOf(previous.charAt(previous.length() - 1)) < 0
                        // A macro that stands like a statement: module_init(…)
                        && !previous.endsWith(")");
    }

    /** What was cut out leaves no doubled blank lines, none at an edge of a block or comment. */
    private static List<String> withoutScars(List<String> lines) {
        var result = new ArrayList<String>();
        for (var line : lines) {
            if (isEmpty(line)) {
                if (result.isEmpty() || isEmpty(result.getLast()) || opens(result.getLast())) {
                    continue;
                }
            } else if (closes(line) && !result.isEmpty() && isEmpty(result.getLast())) {
                result.removeLast();
            }
            result.add(line);
        }
        while (!result.isEmpty() && isEmpty(result.getLast())) {
            result.removeLast();
        }
        return result;
    }

    private static boolean isEmpty(String line) {
        return line.isBlank() || line.strip().equals("*");
    }

    private static boolean opens(String line) {
        return line.endsWith("{") || line.strip().matches("/\\*\\*?");
    }

    private static boolean closes(String line) {
        return line.strip().startsWith("}") || line.strip().equals("*/");
    }
}
