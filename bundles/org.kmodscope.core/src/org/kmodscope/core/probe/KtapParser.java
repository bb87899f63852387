/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kmodscope.core.probe.ProbeTest.Outcome;

/**
 * Reads KTAP 1 (Documentation/dev-tools/ktap.rst) and the part of TAP 13 and 14 that has the same
 * shape, line by line. What is not KTAP is kept, never an error: programs and kernels talk in
 * between.
 *
 * <pre>
 * KTAP version 1
 * 1..2
 *   KTAP version 1
 *   1..1
 *   # what this says belongs to the next result
 *   # measure latency.p50 12.5 us
 *   ok 1 a subtest
 * ok 1 the test it belongs to
 * not ok 2 another # SKIP no such device
 * </pre>
 *
 * Not for use by several threads.
 */
public final class KtapParser {

    /**
     * How many lines that are not KTAP a report keeps, how many problems, and how many diagnostics
     * and measures a test keeps.
     */
    public static final int MOST_LINES = 1_000;

    private static final int DEEPEST = 32;

    /** How many results a report keeps; with more than these it is not a success. */
    static final int MOST_TESTS = 100_000;

    private static final Pattern VERSION = Pattern.compile("(?:KTAP version 1|TAP version 1[34])");
    private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d{1,9})\\s*(?:#\\s*(.*))?");
    private static final Pattern RESULT =
            Pattern.compile("(not )?ok(?:\\s+(\\d{1,9}))?(?=\\s|$)(?:\\s+-(?=\\s|$))?\\s*(.*)");
    private static final Pattern REMARK = Pattern.compile("(?:^|(?<=\\s))#\\s*(.*)$");
    private static final Pattern DIRECTIVE =
            Pattern.compile(
                    "(SKIP|TODO|XFAIL|TIMEOUT|ERROR)(?:ED)?(?::?\\s+(.*)|:)?",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern BAIL_OUT = Pattern.compile("Bail out!\\s*(.*)");

    private final String name;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final List<String> problems = new ArrayList<>();
    private final Deque<String> other = new ArrayDeque<>();
    private Optional<String> bailOut = Optional.empty();
    private boolean numberless;
    private int tests;
    private boolean tooMany;

    /**
     * @param name the probe's name, for the report
     */
    public KtapParser(String name) {
        this.name = name;
        levels.push(new Level(0));
    }

    /** Takes the next line, without its end. */
    public void line(String line) {
        String text = line.stripLeading();
        int indent = line.length() - text.length();
        text = text.stripTrailing();
        Matcher result = RESULT.matcher(text);
        Matcher plan = PLAN.matcher(text);
        Matcher bail = BAIL_OUT.matcher(text);
        if (VERSION.matcher(text).matches()) {
            if (level(indent)) {
                // KTAP wants numbers; TAP can do without.
                numberless |= text.startsWith("TAP");
            } else {
                keep(line);
            }
        } else if (plan.matches() && level(indent)) {
            plan(plan);
        } else if (result.matches() && (result.group(2) != null || numberless) && level(indent)) {
            result(result);
        } else if (bail.matches()) {
            bailOut = Optional.of(bail.group(1));
        } else if (text.startsWith("#")) {
            remark(indent, text.substring(1).strip());
        } else {
            keep(line);
        }
    }

    /** The report of a program that ended with status 0. */
    public ProbeReport finish() {
        return finish(0);
    }

    /**
     * The report; nothing may follow.
     *
     * @param exit the program's exit status: 0 is what a success needs, and 4 a run that skipped
     *     all (tools/testing/selftests/kselftest.h)
     */
    public ProbeReport finish(int exit) {
        while (levels.size() > 1) {
            close();
        }
        Level top = top();
        top.end("The report");
        top.remarks.forEach(this::keep);
        if (top.tests.isEmpty() && bailOut.isEmpty()) {
            problem("It reported no test.");
        }
        ProbeReport report =
                new ProbeReport(
                        name, top.tests, top.planned, bailOut, problems, List.copyOf(other));
        boolean allSkipped =
                exit == 4
                        && !top.tests.isEmpty()
                        && top.tests.stream().allMatch(test -> test.outcome() == Outcome.SKIP);
        return exit == 0 || allSkipped || !report.passed()
                ? report
                : report.withProblem(
                        "All tests passed, yet the program ended with status " + exit + ".");
    }

    /** Goes to the level of this indentation; false when it is nested too deeply to be real. */
    private boolean level(int indent) {
        while (levels.size() > 1 && indent < top().indent) {
            close();
        }
        if (indent > top().indent) {
            if (levels.size() >= DEEPEST) {
                return false;
            }
            levels.push(new Level(indent));
        }
        return true;
    }

    /** Ends the innermost level: its tests belong to the result that has to follow outside. */
    private void close() {
        Level inner = levels.pop();
        String title = inner.title.isEmpty() ? "A group of subtests" : inner.title;
        inner.end(title);
        inner.remarks.forEach(this::keep);
        Level outer = top();
        if (!outer.subtests.isEmpty()) {
            // Two groups with no result between them: the first lost its own.
            outer.orphan();
        }
        outer.subtests.addAll(inner.tests);
        outer.subtestsTitle = title;
    }

    private void plan(Matcher plan) {
        Level level = top();
        if (level.planned >= 0) {
            problem("It gave a second plan, " + plan.group() + ".");
            return;
        }
        level.planned = Integer.parseInt(plan.group(1));
        String remark = plan.group(2);
        if (level.planned == 0) {
            Matcher directive = DIRECTIVE.matcher(remark == null ? "" : remark);
            if (directive.matches() && "SKIP".equalsIgnoreCase(directive.group(1))) {
                level.tests.add(
                        new ProbeTest(
                                0,
                                name,
                                Outcome.SKIP,
                                text(directive),
                                List.of(),
                                List.of(),
                                List.of()));
            }
        }
    }

    private void result(Matcher result) {
        if (tests == MOST_TESTS) {
            if (!tooMany) {
                problem("It reported more than " + MOST_TESTS + " results; the rest is ignored.");
            }
            tooMany = true;
            return;
        }
        Level level = top();
        boolean ok = result.group(1) == null;
        int expected = level.lastNumber + 1;
        int number = result.group(2) == null ? expected : Integer.parseInt(result.group(2));
        if (number != expected) {
            problem("Test " + number + " came where test " + expected + " was expected.");
        }
        level.lastNumber = number;
        String description = result.group(3);
        Outcome outcome = ok ? Outcome.PASS : Outcome.FAIL;
        String reason = "";
        Matcher remark = REMARK.matcher(description);
        if (remark.find()) {
            reason = remark.group(1).strip();
            Matcher directive = DIRECTIVE.matcher(reason);
            if (directive.matches()) {
                outcome = outcome(ok, directive.group(1));
                reason = text(directive);
            }
            description = description.substring(0, remark.start());
        }
        level.add(number, description.replace("\\#", "#").strip(), outcome, reason);
        tests++;
    }

    private static Outcome outcome(boolean ok, String directive) {
        return switch (directive.toUpperCase(Locale.ROOT)) {
            case "SKIP" -> Outcome.SKIP;
            case "XFAIL" -> Outcome.XFAIL;
            case "TODO" -> ok ? Outcome.PASS : Outcome.TODO;
            case "TIMEOUT" -> Outcome.TIMEOUT;
            default -> Outcome.ERROR;
        };
    }

    private static String text(Matcher directive) {
        String text = directive.group(2);
        return text == null ? "" : text.strip();
    }

    private void remark(int indent, String text) {
        if (text.startsWith("Subtest:") && level(indent)) {
            top().title = text.substring("Subtest:".length()).strip();
            return;
        }
        Level level = speaker(indent);
        Optional<Measure> measure = Measure.parse(text);
        if (measure.isPresent() && level.measures.size() < MOST_LINES) {
            level.measures.add(measure.get());
        } else if (level.remarks.size() < MOST_LINES) {
            level.remarks.add(text);
        }
    }

    private void problem(String what) {
        if (problems.size() < MOST_LINES) {
            problems.add(what);
        }
    }

    private void keep(String line) {
        if (!line.isBlank()) {
            other.addLast(line);
            if (other.size() > MOST_LINES) {
                other.removeFirst();
            }
        }
    }

    /** Whose next result a remark is about; one further out may speak before its result comes. */
    private Level speaker(int indent) {
        return levels.stream().filter(level -> level.indent <= indent).findFirst().orElse(top());
    }

    private Level top() {
        return levels.getFirst();
    }

    /** The tests of one indentation, while they come. */
    private final class Level {

        private final int indent;
        private final List<ProbeTest> tests = new ArrayList<>();
        private final List<ProbeTest> subtests = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();
        private final List<Measure> measures = new ArrayList<>();
        private String title = "";
        private String subtestsTitle = "";
        private int planned = -1;
        private int lastNumber;

        Level(int indent) {
            this.indent = indent;
        }

        void add(int number, String description, Outcome outcome, String reason) {
            tests.add(
                    new ProbeTest(
                            number, description, outcome, reason, remarks, measures, subtests));
            remarks.clear();
            measures.clear();
            subtests.clear();
        }

        /** Subtests whose own result never came: the test they belong to did not end. */
        void orphan() {
            problem(subtestsTitle + " has no result.");
            add(0, subtestsTitle, Outcome.ERROR, "no result");
        }

        void end(String who) {
            if (!subtests.isEmpty()) {
                orphan();
            }
            long numbered = tests.stream().filter(test -> test.number() > 0).count();
            if (planned >= 0 && planned != numbered) {
                problem(who + " promised " + count(planned) + " and gave " + numbered + ".");
            }
        }

        private static String count(int tests) {
            return tests + (tests == 1 ? " test" : " tests");
        }
    }
}
