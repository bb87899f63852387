/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kmodscope.core.debug.Fault;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeTest;

/** Makes the tree of a run, each test with what it was before. */
record ResultTree(RunRecord run, RunHistory history) {

    private static final String REPORT = "(report)";
    private static final String REPORTS = "Kernel reports";

    List<ResultNode> nodes() {
        List<ResultNode> nodes = new ArrayList<>();
        run.trouble()
                .filter(trouble -> trouble.kind().isPresent())
                .ifPresent(
                        trouble ->
                                nodes.add(
                                        leaf(
                                                "",
                                                trouble.what()
                                                        .lines()
                                                        .findFirst()
                                                        .orElse("It did not end well."),
                                                ResultKind.ERROR,
                                                Optional.empty(),
                                                List.of(trouble.what(), trouble.remedy()))));
        if (!run.findings().isEmpty()) {
            nodes.add(group(REPORTS, run.findings().stream().map(ResultTree::finding).toList()));
        } else if (!run.faults().isEmpty()) {
            nodes.add(
                    group(
                            REPORTS,
                            List.of(good("None by KASAN, lockdep and kmemleak", List.of()))));
        }
        if (!run.faults().isEmpty()) {
            nodes.add(group("Fault walk", faults(run.faults())));
        }
        for (ProbeRun.Result result : run.probes()) {
            String probe = result.report().name();
            nodes.add(probe(result, history.before(run, probe)));
        }
        return nodes;
    }

    private static ResultNode probe(ProbeRun.Result result, Optional<ProbeReport> before) {
        ProbeReport report = result.report();
        List<ResultNode> children = new ArrayList<>(wrong(report, before));
        List<ProbeTest> last = before.map(ProbeReport::tests).orElse(List.of());
        report.tests().forEach(test -> children.add(test(report.name(), test, last)));
        return new ResultNode(
                report.name(),
                report.name(),
                worst(children),
                Optional.of(result.elapsed()),
                Optional.empty(),
                report.other(),
                List.of(),
                Optional.empty(),
                children);
    }

    /** What is wrong with the report itself is a failure that no test tells of. */
    private static List<ResultNode> wrong(ProbeReport report, Optional<ProbeReport> before) {
        List<String> lines = new ArrayList<>(report.problems());
        report.bailOut().ifPresent(reason -> lines.add("It gave up: " + reason));
        if (lines.isEmpty()) {
            return List.of();
        }
        boolean wrongBefore =
                before.filter(last -> !last.problems().isEmpty() || last.bailOut().isPresent())
                        .isPresent();
        return List.of(
                leaf(
                        report.name(),
                        REPORT,
                        ResultKind.ERROR,
                        before.map(last -> wrongBefore ? ResultKind.ERROR : ResultKind.PASSED),
                        lines));
    }

    private static ResultNode test(String probe, ProbeTest test, List<ProbeTest> lastRun) {
        Optional<ProbeTest> last =
                lastRun.stream().filter(other -> name(other).equals(name(test))).findFirst();
        List<ResultNode> children = new ArrayList<>();
        List<ProbeTest> before = last.map(ProbeTest::subtests).orElse(List.of());
        test.subtests().forEach(subtest -> children.add(test(probe, subtest, before)));
        ResultKind own = ResultKind.of(test.outcome());
        boolean alone =
                own.needsAttention()
                        && !children.isEmpty()
                        && children.stream().noneMatch(child -> child.kind().needsAttention());
        if (alone) {
            // The group says what none of its members does.
            children.add(leaf(probe, "(group)", own, Optional.empty(), lines(test)));
        }
        return new ResultNode(
                probe,
                name(test),
                children.isEmpty() ? own : worst(children),
                Optional.empty(),
                last.map(other -> ResultKind.of(other.outcome())),
                lines(test),
                test.measures(),
                Optional.empty(),
                children);
    }

    private static List<String> lines(ProbeTest test) {
        List<String> lines = new ArrayList<>();
        if (!test.reason().isEmpty()) {
            lines.add(test.reason());
        }
        lines.addAll(test.diagnostics());
        return lines;
    }

    private static String name(ProbeTest test) {
        return test.name().isEmpty() ? "test " + test.number() : test.name();
    }

    private static ResultNode finding(Finding finding) {
        List<String> lines = new ArrayList<>();
        lines.add("During " + finding.during() + ":");
        lines.addAll(finding.folded());
        lines.add("");
        lines.add("The whole report:");
        lines.addAll(finding.splat().text());
        return new ResultNode(
                "",
                finding.splat().title(),
                ResultKind.ERROR,
                Optional.empty(),
                Optional.empty(),
                lines,
                List.of(),
                finding.place(),
                List.of());
    }

    /** Those that were not handled one by one, the others as one: there are hundreds. */
    private static List<ResultNode> faults(List<Fault> faults) {
        List<ResultNode> nodes = new ArrayList<>();
        Map<String, Integer> clean = new TreeMap<>();
        for (Fault fault : faults) {
            if (fault.clean()) {
                clean.merge(fault.call(), 1, Integer::sum);
            } else {
                nodes.add(
                        leaf("", fault.toString(), ResultKind.ERROR, Optional.empty(), List.of()));
            }
        }
        int all = clean.values().stream().mapToInt(Integer::intValue).sum();
        if (all > 0) {
            nodes.add(
                    good(
                            all + (all == 1 ? " fault" : " faults") + " handled",
                            clean.entrySet().stream()
                                    .map(call -> call.getKey() + ": " + call.getValue())
                                    .toList()));
        }
        return nodes;
    }

    private static ResultNode good(String name, List<String> lines) {
        return leaf("", name, ResultKind.PASSED, Optional.empty(), lines);
    }

    private static ResultNode group(String name, List<ResultNode> children) {
        return new ResultNode(
                "",
                name,
                worst(children),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                children);
    }

    private static ResultNode leaf(
            String probe,
            String name,
            ResultKind kind,
            Optional<ResultKind> before,
            List<String> lines) {
        return new ResultNode(
                probe,
                name,
                kind,
                Optional.empty(),
                before,
                lines,
                List.of(),
                Optional.empty(),
                List.of());
    }

    private static ResultKind worst(List<ResultNode> nodes) {
        // A probe without any test and without a complaint has nothing to show for itself.
        return nodes.stream()
                .map(ResultNode::kind)
                .max(ResultKind::compareTo)
                .orElse(ResultKind.SKIPPED);
    }
}
