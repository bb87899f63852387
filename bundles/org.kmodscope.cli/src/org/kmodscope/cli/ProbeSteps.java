/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.List;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;

/** Running a probe, as a step that is seen. */
final class ProbeSteps {

    private final Tool tool;
    private final Steps steps;
    private final boolean ktap;

    /**
     * @param ktap whether the probes' lines are the data of the command; else they are details
     */
    ProbeSteps(Tool tool, Steps steps, boolean ktap) {
        this.tool = tool;
        this.steps = steps;
        this.ktap = ktap;
    }

    /** Runs it, shows its lines as they come, and says how it went. */
    ProbeRun.Result run(ProbeRun probe, Path program)
            throws KmodscopeException, InterruptedException {
        Terminal terminal = tool.terminal();
        ProbeRun.Result result =
                steps.run(
                        "Run the probe " + program.getFileName(),
                        monitor -> {
                            ProbeRun.Result ended =
                                    probe.run(program, new Shown(terminal, ktap), monitor);
                            monitor.note(counts(List.of(ended)));
                            return ended;
                        });
        result.report()
                .problems()
                .forEach(problem -> terminal.warning(program.getFileName() + ": " + problem));
        return result;
    }

    /** How the tests of some probes ended, in words. */
    static String counts(List<ProbeRun.Result> results) {
        ProbeReport.Counts counts =
                results.stream()
                        .map(result -> result.report().counts())
                        .reduce(new ProbeReport.Counts(0, 0, 0, 0), ProbeReport.Counts::plus);
        return counts.passed()
                + " passed, "
                + counts.failed()
                + " failed, "
                + counts.skipped()
                + " skipped";
    }

    private static Style style(String ktapLine) {
        String line = ktapLine.strip();
        if (line.startsWith("not ok")) {
            return Style.BAD;
        }
        return line.startsWith("ok") ? Style.GOOD : Style.PLAIN;
    }

    /** KTAP is data, the rest is told. */
    private record Shown(Terminal terminal, boolean ktap) implements ProbeRun.Listener {

        @Override
        public void out(String line) {
            if (ktap) {
                terminal.data(style(line), line);
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
