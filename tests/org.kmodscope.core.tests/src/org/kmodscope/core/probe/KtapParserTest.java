/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.probe.ProbeReport.Counts;
import org.kmodscope.core.probe.ProbeTest.Outcome;

class KtapParserTest {

    private static final String NESTED =
            """
            KTAP version 1
            1..2
              KTAP version 1
              # Subtest: fasync
              1..3
                KTAP version 1
                1..1
                # armed with F_SETSIG
                ok 1 arms
              ok 1 arming
              # 37 of 37 signals
              ok 2 - signals POLL_IN
              not ok 3 overflow # XFAIL the queue is too long here
            ok 1 fasync
            ok 2 poll # SKIP no poll
            """;

    @Test
    void aTreeOfTests() {
        ProbeReport report = parse(NESTED);
        assertTrue(report.passed(), report.toString());
        assertEquals(List.of(), report.other());
        assertEquals(2, report.planned());
        ProbeTest fasync = report.tests().get(0);
        assertEquals("fasync", fasync.name());
        assertEquals(List.of("arming", "signals POLL_IN", "overflow"), names(fasync.subtests()));
        ProbeTest arms = fasync.subtests().get(0).subtests().get(0);
        assertEquals(List.of("armed with F_SETSIG"), arms.diagnostics());
        assertEquals(List.of("37 of 37 signals"), fasync.subtests().get(1).diagnostics());
        assertEquals("the queue is too long here", fasync.subtests().get(2).reason());
        assertEquals(new Counts(2, 0, 1, 1), report.counts());
    }

    @Test
    void measuresBelongToTheirTestInTheirOrder() {
        ProbeReport report =
                parse(
                        """
                        KTAP version 1
                        1..2
                          1..1
                          # measure inner 1e3 us
                          ok 1 in
                        # measure poll.p90 12.5 us
                        # seen by the way
                        # measure poll.p50 -3 us
                        ok 1 poll
                        # measure without.unit 3
                        # measure no.number many things
                        # measure too.large 1e999 us
                        # measure  two.blanks 3 us
                        # Measure capital 3 us
                        ok 2 none
                        """);
        assertTrue(report.passed(), report.toString());
        ProbeTest poll = report.tests().get(0);
        assertEquals(
                List.of(new Measure("poll.p90", 12.5, "us"), new Measure("poll.p50", -3, "us")),
                poll.measures());
        assertEquals(List.of("seen by the way"), poll.diagnostics());
        assertEquals(List.of(new Measure("inner", 1000, "us")), poll.subtests().get(0).measures());
        assertEquals("1000 us", poll.subtests().get(0).measures().get(0).text());
        assertEquals("12.5 us", poll.measures().get(0).text());
        assertEquals(List.of(), report.tests().get(1).measures());
        assertEquals(5, report.tests().get(1).diagnostics().size(), "what is wrong stays words");
    }

    @Test
    void noTruncationPasses() {
        List<String> lines = NESTED.lines().toList();
        for (int kept = 0; kept < lines.size(); kept++) {
            ProbeReport report = parse(String.join("\n", lines.subList(0, kept)));
            assertFalse(report.passed(), "after " + kept + " lines: " + report);
        }
        int lastResult = NESTED.indexOf("ok 2 poll") + "ok ".length();
        for (int kept = 0; kept <= lastResult; kept++) {
            assertFalse(parse(NESTED.substring(0, kept)).passed(), "after " + kept + " bytes");
        }
    }

    @Test
    void directives() {
        ProbeReport report =
                parse(
                        """
                        TAP version 13
                        1..10
                        ok 1 # SKIP nothing here
                        ok 2 a # skip: not now
                        not ok 3 b # TODO write it
                        ok 4 c # TODO works already
                        not ok 5 d # TIMEOUT 45 seconds
                        not ok 6 e # ERROR no such file
                        ok 7 f # took 3 ms
                        ok 8 a \\# in a name
                        ok 9 - dash # XFAIL
                        not ok 10 plain
                        """);
        assertEquals(
                List.of(
                        Outcome.SKIP,
                        Outcome.SKIP,
                        Outcome.TODO,
                        Outcome.PASS,
                        Outcome.TIMEOUT,
                        Outcome.ERROR,
                        Outcome.PASS,
                        Outcome.PASS,
                        Outcome.XFAIL,
                        Outcome.FAIL),
                report.tests().stream().map(ProbeTest::outcome).toList());
        assertEquals("", report.tests().get(0).name());
        assertEquals("nothing here", report.tests().get(0).reason());
        assertEquals("took 3 ms", report.tests().get(6).reason());
        assertEquals("a # in a name", report.tests().get(7).name());
        assertEquals("dash", report.tests().get(8).name());
        assertEquals(new Counts(3, 3, 2, 2), report.counts());
        assertFalse(report.passed());
    }

    @Test
    void aPlanThatIsNotMetIsAFailure() {
        assertEquals(
                List.of("The report promised 3 tests and gave 1."),
                parse("KTAP version 1\n1..3\nok 1 a\n").problems());
        assertFalse(parse("KTAP version 1\n1..1\nok 1 a\nok 2 b\n").passed());
        assertTrue(parse("KTAP version 1\nok 1 a\n1..1\n").passed(), "the plan may come last");
        assertTrue(parse("KTAP version 1\nok 1 a\n").passed(), "or not at all");
        assertFalse(parse("1..1\nok 1 a\n1..1\n").passed(), "but not twice");
    }

    @Test
    void noTestIsAFailure() {
        assertFalse(parse("").passed());
        assertFalse(parse("KTAP version 1\n").passed());
        assertFalse(parse("KTAP version 1\n1..0\n").passed());
        ProbeReport skipped = parse("KTAP version 1\n1..0 # SKIP no device\n");
        assertTrue(skipped.passed());
        assertEquals(new Counts(0, 0, 1, 0), skipped.counts());
    }

    @Test
    void aGapInTheNumbersIsAFailure() {
        assertEquals(
                List.of("Test 3 came where test 2 was expected."),
                parse("KTAP version 1\nok 1 a\nok 3 c\n").problems());
        assertFalse(parse("KTAP version 1\nok 1 a\nok 1 a\n").passed());
    }

    @Test
    void subtestsWithoutTheirResultAreAFailure() {
        ProbeReport cut = parse("KTAP version 1\n1..1\n  # Subtest: inner\n  1..1\n  ok 1 a\n");
        assertTrue(cut.problems().contains("inner has no result."), cut.problems().toString());
        assertTrue(cut.tests().get(0).failed());
        ProbeReport liar =
                parse("KTAP version 1\n1..1\n  1..2\n  ok 1 a\n  not ok 2 b\nok 1 outer\n");
        assertFalse(liar.passed(), "a group cannot pass when a member failed");
    }

    @Test
    void bailingOutIsAFailure() {
        ProbeReport report = parse("KTAP version 1\n1..1\nok 1 a\nBail out! no memory\n");
        assertEquals(Optional.of("no memory"), report.bailOut());
        assertFalse(report.passed());
    }

    @Test
    void otherLinesAreKept() {
        ProbeReport report =
                parse(
                        """
                        ok, here we go
                        KTAP version 1
                        1..1
                        [   12.345678] globalfifo: hello
                        okay 1 is no result
                        not ok1
                        ok 1 a
                        # the end
                        """);
        assertTrue(report.passed(), report.toString());
        assertEquals(
                List.of(
                        "ok, here we go",
                        "[   12.345678] globalfifo: hello",
                        "okay 1 is no result",
                        "not ok1",
                        "the end"),
                report.other());
    }

    @Test
    void theExitStatusHasASay() {
        assertTrue(parser("ok 1 a\n").finish(0).passed());
        assertFalse(parser("ok 1 a\n").finish(1).passed());
        assertFalse(parser("ok 1 a\n").finish(128 + 11).passed());
        assertTrue(parser("ok 1 a # SKIP\n").finish(4).passed(), "kselftest's skip");
        assertFalse(parser("ok 1 a\n").finish(4).passed());
        assertEquals(List.of(), parser("not ok 1 a\n").finish(1).problems());
        assertFalse(parse("ok 1 a\n").withProblem("it ran too long").passed());
    }

    @Test
    void whatIsKeptIsBounded() {
        KtapParser parser = new KtapParser("flood");
        for (int i = 0; i < 50_000; i++) {
            parser.line("noise " + i);
            parser.line("# remark " + i);
        }
        parser.line("ok 1 a");
        ProbeReport report = parser.finish();
        assertEquals(KtapParser.MOST_LINES, report.other().size());
        assertEquals("noise 49999", report.other().getLast());
        assertEquals(KtapParser.MOST_LINES, report.tests().get(0).diagnostics().size());
    }

    @Test
    void tooManyResultsAreNoSuccess() {
        KtapParser parser = new KtapParser("flood");
        for (int i = 1; i <= KtapParser.MOST_TESTS; i++) {
            parser.line("ok " + i);
        }
        parser.line("ok " + (KtapParser.MOST_TESTS + 1));
        parser.line("not ok " + (KtapParser.MOST_TESTS + 2) + " the one that matters");
        ProbeReport report = parser.finish();
        assertFalse(report.passed());
        assertEquals(
                List.of("It reported more than 100000 results; the rest is ignored."),
                report.problems());
        assertEquals(KtapParser.MOST_TESTS, report.tests().size());
    }

    @Test
    void problemsAreBounded() {
        KtapParser parser = new KtapParser("flood");
        for (int i = 0; i < 50_000; i++) {
            parser.line("ok 1");
            parser.line("1..1");
        }
        assertEquals(KtapParser.MOST_LINES, parser.finish().problems().size());
    }

    @Test
    void noInputBreaksIt() {
        Random random = new Random(20261121);
        String[] words = {
            "ok ",
            "not ok ",
            "1",
            "2",
            "..",
            "1..2",
            "# ",
            "SKIP",
            "KTAP version 1",
            "  ",
            "\t",
            "Bail out!",
            "# Subtest: x",
            "-",
            "\\#",
            "999999999",
            "99999999999",
            "é",
            "\0"
        };
        for (int run = 0; run < 3_000; run++) {
            KtapParser parser = new KtapParser("random");
            for (int line = random.nextInt(30); line > 0; line--) {
                StringBuilder text = new StringBuilder();
                for (int word = random.nextInt(8); word > 0; word--) {
                    text.append(words[random.nextInt(words.length)]);
                }
                parser.line(text.toString());
            }
            ProbeReport report = parser.finish(random.nextInt(3));
            assertEquals(
                    report.counts().failed() == 0,
                    report.tests().stream().noneMatch(ProbeTest::failed));
        }
        KtapParser deep = new KtapParser("deep");
        for (int indent = 0; indent < 10_000; indent++) {
            deep.line(" ".repeat(indent) + "ok 1 a");
        }
        assertFalse(deep.finish().passed());
    }

    private static List<String> names(List<ProbeTest> tests) {
        return tests.stream().map(ProbeTest::name).toList();
    }

    private static KtapParser parser(String text) {
        KtapParser parser = new KtapParser("sigio");
        text.lines().forEach(parser::line);
        return parser;
    }

    private static ProbeReport parse(String text) {
        return parser(text).finish();
    }
}
