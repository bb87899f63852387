/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.debug.Fault;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.core.probe.ProbeTest.Outcome;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.results.ResultKind;
import org.kmodscope.ide.results.ResultNode;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;
import org.kmodscope.ide.results.RunRecord.Trouble;

/** What is kept of runs, and how it is told. */
class RunHistoryTest {

    private final RunHistory history = new RunHistory();

    private static ResultNode find(List<ResultNode> tree, String name) {
        return tree.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .or(
                        () ->
                                tree.stream()
                                        .flatMap(ResultNode::leaves)
                                        .filter(n -> n.name().equals(name))
                                        .findFirst())
                .orElseThrow(() -> new AssertionError(name + " is not in " + tree));
    }

    @Test
    void keepsTheLastRunsNewestFirst() {
        for (int i = 0; i < RunHistory.MOST + 5; i++) {
            history.add(Samples.run("driver" + i));
        }
        assertEquals(RunHistory.MOST, history.entries().size());
        assertEquals("driver24", history.entries().getFirst().project());
        assertEquals("driver5", history.entries().getLast().project());
    }

    @Test
    void tellsOfEachChangeUntilClosed() {
        int[] told = new int[1];
        try (RunHistory.Subscription subscription = history.listen(() -> told[0]++)) {
            history.add(Samples.good());
            assertEquals(1, told[0]);
        }
        history.add(Samples.good());
        assertEquals(1, told[0]);
    }

    @Test
    void countsAndNamesWhatNeedsAttention() {
        RunRecord run = Samples.bad();
        history.add(run);
        List<ResultNode> tree = run.tree(history);
        assertEquals(new RunRecord.Counts(5, 2, 1, 1, 1), RunRecord.counts(tree));
        assertEquals("3 of 10 tests need attention", RunRecord.headline(RunRecord.counts(tree)));
        assertEquals("1 of 3", find(tree, "libaio").tally());
        assertEquals(ResultKind.FAILED, find(tree, "libaio").kind());
        assertEquals(ResultKind.ERROR, find(tree, "lifetime").kind());
        assertEquals(ResultKind.EXPECTED, find(tree, "uring").kind());
        assertEquals("skipped", find(tree, "odirect-read").tally());
    }

    @Test
    void wordsForEachNumber() {
        assertEquals("No test was run", RunRecord.headline(new RunRecord.Counts(0, 0, 0, 0, 0)));
        assertEquals("All 1 test passed", RunRecord.headline(new RunRecord.Counts(1, 0, 0, 0, 0)));
        assertEquals(
                "1 of 2 tests needs attention",
                RunRecord.headline(new RunRecord.Counts(1, 0, 1, 0, 0)));
        assertEquals(
                "3 of 4 tests passed", RunRecord.headline(new RunRecord.Counts(3, 0, 0, 0, 1)));
        assertEquals(
                "All 2 tests skipped", RunRecord.headline(new RunRecord.Counts(0, 0, 0, 0, 2)));
    }

    @Test
    void comparesWithTheLastRunOfTheSameProbeOnTheSameKernel() {
        history.add(Samples.good());
        RunRecord elsewhere = Samples.complained();
        history.add(elsewhere);
        RunRecord run = Samples.bad();
        history.add(run);
        List<ResultNode> tree = run.tree(history);
        assertEquals("2 new failures", find(tree, "libaio").change());
        assertEquals("was passing", find(tree, "io_cancel of a pending read").change());
        assertEquals("same", find(tree, "io_submit returns at once").change());
        assertEquals("new", find(tree, "cancel through the libaio hook").change());
        assertTrue(find(tree, "rmmod with reads in flight").newFailure());
        assertEquals(
                "new",
                find(elsewhere.tree(history), "echo hello gives one POLL_IN").change(),
                "the other run was on another kernel");
    }

    @Test
    void aReportThatIsWrongIsAFailureOfItsOwn() {
        ProbeReport report =
                new ProbeReport(
                        "sigio",
                        List.of(Samples.test(1, "armed", Outcome.PASS)),
                        4,
                        Optional.of("no device"),
                        List.of("planned 4 tests, saw 1"),
                        List.of());
        RunRecord run = Samples.run("ringfifo", new ProbeRun.Result(report, Duration.ofSeconds(1)));
        List<ResultNode> tree = run.tree(history);
        assertEquals(1, RunRecord.counts(tree).errors());
        ResultNode wrong = find(tree, "(report)");
        assertEquals(List.of("planned 4 tests, saw 1", "It gave up: no device"), wrong.details());
    }

    @Test
    void aGroupThatAloneFailsIsCounted() {
        ProbeTest group =
                new ProbeTest(
                        1,
                        "signals",
                        Outcome.FAIL,
                        "left one behind",
                        List.of(),
                        List.of(),
                        List.of(Samples.test(1, "POLL_IN", Outcome.PASS)));
        List<ResultNode> tree =
                Samples.run("ringfifo", Samples.probe("sigio", 10, group)).tree(history);
        assertEquals(1, RunRecord.counts(tree).failed());
        assertEquals(ResultKind.FAILED, tree.getFirst().kind());
    }

    @Test
    void whatTheKernelReportsStandsFirstWithItsText() {
        List<ResultNode> tree = Samples.complained().tree(history);
        ResultNode report = tree.getFirst().children().getFirst();
        assertEquals("KASAN: slab-use-after-free in ringfifo_carry_out", report.name());
        assertEquals("During the probe libaio:", report.details().getFirst());
        assertEquals(96, report.place().orElseThrow().line());
    }

    @Test
    void aDebugRunThatFoundNothingSaysWhatItLookedFor() {
        Fault first = new Fault("open", Fault.Kind.SLAB, 1, Fault.Outcome.ERRNO, 12);
        Fault second = new Fault("open", Fault.Kind.COPY, 1, Fault.Outcome.OK, 0);
        List<ResultNode> tree = debugRun(first, second).tree(history);
        assertEquals(ResultKind.PASSED, find(tree, "Kernel reports").kind());
        assertEquals(List.of("open: 2"), find(tree, "2 faults handled").details());
        assertEquals("All 2 tests passed", debugRun(first, second).headline(tree));
    }

    @Test
    void aFaultThatWasNotHandledStandsBesideThoseThatWere() {
        Fault good = new Fault("open", Fault.Kind.SLAB, 1, Fault.Outcome.ERRNO, 12);
        Fault bad = new Fault("insmod", Fault.Kind.PAGES, 3, Fault.Outcome.HANG, 0);
        List<ResultNode> tree = debugRun(good, bad).tree(history);
        assertEquals(ResultKind.ERROR, find(tree, bad.toString()).kind());
        assertEquals(ResultKind.PASSED, find(tree, "1 fault handled").kind());
    }

    private static RunRecord debugRun(Fault... faults) {
        RunRecord like = Samples.complained();
        return new RunRecord(
                like.launch(),
                like.started(),
                like.elapsed(),
                like.target(),
                List.of(),
                List.of(),
                List.of(faults),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aLabThatDiedIsAnErrorAndOneThatWasStoppedIsNone() {
        var died = Trouble.of(new KmodscopeException(Kind.LAB, "The kernel panicked.", "Read it."));
        assertEquals(1, RunRecord.counts(troubled(died).tree(history)).errors());
        assertEquals(0, RunRecord.counts(troubled(Trouble.STOPPED).tree(history)).total());
    }

    private static RunRecord troubled(Trouble trouble) {
        return new RunRecord(
                ProbeLaunch.of("ringfifo"), Instant.EPOCH, Duration.ofSeconds(1), "", trouble);
    }

    @Test
    void markdownHasWhatNeedsAttention() {
        RunRecord run = Samples.bad();
        history.add(run);
        String text = run.markdown(run.tree(history));
        assertTrue(text.contains("**3 of 10 tests need attention**: ringfifo, all probes"), text);
        assertTrue(text.contains("| libaio | 1 of 3 | 11.2 s |"), text);
        assertTrue(text.contains("    got 64\n"), text);
        assertFalse(text.contains("POLL"), text);
    }

    @Test
    void junitHasEveryProbe(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("out/results.xml");
        Samples.bad().writeJUnit(file);
        String xml = Files.readString(file);
        assertTrue(xml.contains("name=\"debian-6.1\" tests=\"10\" failures=\"2\""), xml);
    }

    @Test
    void whatRunsIsKnownUntilItEnds() {
        var activity =
                new RunHistory.Activity() {
                    @Override
                    public String title() {
                        return "sigio";
                    }

                    @Override
                    public void stop() {
                        throw new AssertionError("nobody asked for it");
                    }
                };
        history.began(activity);
        assertEquals(List.of(activity), history.running());
        history.ended(activity);
        assertEquals(List.of(), history.running());
    }
}
