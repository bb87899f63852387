/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.SequencedMap;
import org.kmodscope.cli.internal.terminal.StepMonitor;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.debug.DebugRun;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.debug.IoctlNumber;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSpec;

/** A debug run, as a step that is seen. */
final class DebugSteps {

    private final Tool tool;
    private final Steps steps;
    private final boolean ktap;

    /**
     * @param ktap whether the probes' lines and what was found are the data of the command; else
     *     they are told
     */
    DebugSteps(Tool tool, Steps steps, boolean ktap) {
        this.tool = tool;
        this.steps = steps;
        this.ktap = ktap;
    }

    /** Runs it, shows what comes, and says what was found. */
    DebugReport run(
            Project project,
            TargetSpec lab,
            Path module,
            SequencedMap<ProbeSpec, Path> probes,
            DebugPlan.Depth depth)
            throws KmodscopeException, InterruptedException {
        DebugPlan plan =
                new DebugPlan(
                        project.directory(),
                        project.module(),
                        project.device(),
                        project.features(),
                        module,
                        probes,
                        depth,
                        IoctlNumber.first(project.directory()));
        DebugRun run = new DebugRun(tool.parts().target(), lab);
        Terminal terminal = tool.terminal();
        DebugReport report =
                steps.run(
                        depth == DebugPlan.Depth.ALL
                                ? "Debug run of " + project.module()
                                : "Run the probes in the debug lab",
                        monitor -> {
                            DebugReport ended =
                                    run.run(plan, new Shown(terminal, monitor, ktap), monitor);
                            monitor.note(summary(ended, depth));
                            return ended;
                        });
        for (Diagnostic each : report.diagnostics()) {
            if (ktap) {
                terminal.data(Style.BAD, each.toString());
            } else {
                terminal.warning(each.toString());
            }
        }
        return report;
    }

    /** Only the whole of a debug run makes faults. */
    static String summary(DebugReport report, DebugPlan.Depth depth) {
        String found =
                ProbeSteps.counts(report.probes())
                        + "; "
                        + count(report.findings().size(), "report")
                        + " of the kernel";
        return depth == DebugPlan.Depth.ALL
                ? found
                        + "; "
                        + count(report.faults().size(), "fault")
                        + " made, "
                        + report.unclean().size()
                        + " not coped with"
                : found;
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** KTAP is data; a report is told where it comes, and as the kernel wrote it when asked for. */
    private record Shown(Terminal terminal, StepMonitor monitor, boolean ktap)
            implements DebugRun.Listener {

        @Override
        public void phase(String what) {
            monitor.subTask(what);
        }

        @Override
        public void opened(TargetInfo lab) {
            lab.note().ifPresent(terminal::warning);
        }

        @Override
        public void found(Finding finding) {
            finding.folded().forEach(line -> terminal.message("  | " + line));
            terminal.detail("The whole report:");
            finding.splat().text().forEach(line -> terminal.detail("  | " + line));
        }

        @Override
        public void out(String line) {
            if (ktap) {
                terminal.data(Style.PLAIN, line);
            } else {
                terminal.detail(line);
            }
        }

        @Override
        public void err(String line) {
            terminal.message("probe: " + line);
        }
    }
}
