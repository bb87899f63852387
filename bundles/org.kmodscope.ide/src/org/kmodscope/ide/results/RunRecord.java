/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.debug.Fault;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.probe.JUnitReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.ide.launch.ProbeLaunch;

/**
 * A run of one or more probes in one lab.
 *
 * @param launch what was asked for
 * @param started when it began
 * @param elapsed from there to its end
 * @param target what the driver ran on, in words; empty when it did not come to that
 * @param probes what the probes said, in order
 * @param findings what the kernel of the debug lab reported
 * @param faults all that the debug run made fail; empty without a fault walk
 * @param trouble why it is not complete
 * @param note what is to be known of the target, in one sentence; empty where there is nothing
 */
public record RunRecord(
        ProbeLaunch launch,
        Instant started,
        Duration elapsed,
        String target,
        List<ProbeRun.Result> probes,
        List<Finding> findings,
        List<Fault> faults,
        Optional<Trouble> trouble,
        Optional<String> note)
        implements HistoryEntry {

    /** Takes copies of the lists. */
    public RunRecord {
        probes = List.copyOf(probes);
        findings = List.copyOf(findings);
        faults = List.copyOf(faults);
    }

    /** A run that came to no result. */
    public RunRecord(
            ProbeLaunch launch, Instant started, Duration elapsed, String target, Trouble trouble) {
        this(
                launch,
                started,
                elapsed,
                target,
                List.of(),
                List.of(),
                List.of(),
                Optional.of(trouble),
                Optional.empty());
    }

    /**
     * Why a run is not complete.
     *
     * @param kind whose fault it is; empty when the user stopped it
     * @param what what happened
     * @param remedy what to do; may be empty
     */
    public record Trouble(Optional<Kind> kind, String what, String remedy) {

        /** The user's will. */
        public static final Trouble STOPPED =
                new Trouble(Optional.empty(), "You stopped this run.", "");

        /** What a failure says. */
        public static Trouble of(KmodscopeException failure) {
            return new Trouble(
                    Optional.of(failure.kind()),
                    String.valueOf(failure.getMessage()),
                    failure.remedy());
        }
    }

    /** How many tests ended how. */
    public record Counts(int passed, int failed, int errors, int expected, int skipped) {

        /** All of them. */
        public int total() {
            return passed + failed + errors + expected + skipped;
        }

        /** Those that somebody should look at. */
        public int attention() {
            return failed + errors;
        }
    }

    @Override
    public String project() {
        return launch.project();
    }

    @Override
    public String title() {
        return launch.title();
    }

    /**
     * The tree of its results.
     *
     * @param history where the runs before it are looked up
     */
    public List<ResultNode> tree(RunHistory history) {
        return new ResultTree(this, history).nodes();
    }

    /** How many of a tree's tests ended how. */
    public static Counts counts(List<ResultNode> tree) {
        int[] counts = new int[ResultKind.values().length];
        tree.stream().flatMap(ResultNode::leaves).forEach(leaf -> counts[leaf.kind().ordinal()]++);
        return new Counts(
                counts[ResultKind.PASSED.ordinal()],
                counts[ResultKind.FAILED.ordinal()],
                counts[ResultKind.ERROR.ordinal()],
                counts[ResultKind.EXPECTED.ordinal()],
                counts[ResultKind.SKIPPED.ordinal()]);
    }

    /** What stands above everything, such as {@code 3 of 36 tests need attention}. */
    public String headline(List<ResultNode> tree) {
        boolean nothing = probes.isEmpty() && findings.isEmpty() && faults.isEmpty();
        return nothing ? "No test was run" : headline(counts(tree));
    }

    /** The same of counts alone. */
    public static String headline(Counts counts) {
        int bad = counts.attention();
        String all = counts.total() + (counts.total() == 1 ? " test" : " tests");
        if (counts.total() == 0) {
            return "No test was run";
        }
        if (bad > 0) {
            return bad + " of " + all + (bad == 1 ? " needs" : " need") + " attention";
        }
        return counts.skipped() == counts.total()
                ? "All " + all + " skipped"
                : counts.skipped() > 0
                        ? counts.total() - counts.skipped() + " of " + all + " passed"
                        : "All " + all + " passed";
    }

    /** Writes the probes' results for CI systems. Blocks on the disk. */
    public void writeJUnit(Path file) throws IOException {
        JUnitReport report = new JUnitReport();
        probes.forEach(probe -> report.add(launch.target(), probe.report(), probe.elapsed()));
        report.write(file);
    }

    /** It as Markdown, for a mail or an issue: what was run, and what needs attention. */
    public String markdown(List<ResultNode> tree) {
        return new RunMarkdown(this, tree).text();
    }
}
