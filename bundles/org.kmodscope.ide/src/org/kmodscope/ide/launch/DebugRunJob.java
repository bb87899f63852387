/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.debug.DebugRun;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.debug.IoctlNumber;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;
import org.kmodscope.ide.results.RunRecord.Trouble;
import org.kmodscope.ide.target.TargetName;
import org.kmodscope.ide.target.TargetOption;

/**
 * Runs probes in a debug lab: what its kernel reports is marked at the driver's lines. It never
 * builds a debug kernel, which takes many minutes: it says that there is none. To be scheduled.
 */
public final class DebugRunJob extends RunJob {

    private final TargetSpec lab;
    private final ProbeLaunch wanted;
    private final DriverTools tools;
    private final DebugPlan.Depth depth;
    private final Instant started = Instant.now();

    /**
     * @param wanted which project and probes, on a debug kernel; on any other they run on that of
     *     user-mode Linux
     * @param depth how far to go
     */
    public DebugRunJob(
            ProbeLaunch wanted, DebugPlan.Depth depth, DriverTools tools, RunHistory history) {
        super("Run %s of %s in the debug lab".formatted(wanted.title(), wanted.project()), history);
        this.lab = debugLab(wanted.target());
        this.wanted = wanted.on(TargetName.of(lab));
        this.depth = depth;
        this.tools = tools;
    }

    private static TargetSpec debugLab(String target) {
        TargetSpec named = TargetSpec.lab(target, false);
        return named.findsFaults() ? named : new TargetSpec.Uml();
    }

    @Override
    void work(IProgressMonitor progress)
            throws KmodscopeException, InterruptedException, CoreException {
        SubMonitor monitor = SubMonitor.convert(progress, 100);
        if (tools.kernels().find(wanted.target()).isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The debug kernel " + wanted.target() + " is not built yet.",
                    "Fetch it on the preference page Linux Drivers; it takes 10 to 40 minutes,"
                            + " once.");
        }
        begin("building the driver and its probes");
        Workpiece made = Workpiece.make(wanted, lab, tools, true, monitor.split(30));
        DebugPlan plan =
                new DebugPlan(
                        made.project().directory(),
                        made.driver().module(),
                        made.driver().node(),
                        made.driver().features().toString(),
                        made.module(),
                        made.programs(),
                        depth,
                        IoctlNumber.first(made.project().directory()));
        Phases phases = new Phases(monitor);
        DebugReport report =
                new DebugRun(tools.target(lab), lab).run(plan, phases, monitor.split(65));
        if (report.passed()) {
            tools.consent().passed(lab, made.identity());
        }
        BuildMarkers.add(made.project().project(), report.diagnostics(), monitor.split(5));
        history()
                .add(
                        new RunRecord(
                                wanted,
                                started,
                                elapsed(),
                                TargetOption.of(lab).title(),
                                report.probes(),
                                report.findings(),
                                report.faults(),
                                Optional.empty(),
                                phases.note));
    }

    @Override
    void failed(Trouble trouble) {
        history()
                .add(
                        new RunRecord(
                                wanted, started, elapsed(), TargetOption.of(lab).title(), trouble));
    }

    private Duration elapsed() {
        return Duration.between(started, Instant.now());
    }

    /** Says what is done; all else is in the result. */
    private final class Phases implements DebugRun.Listener {

        private final IProgressMonitor monitor;
        private Optional<String> note = Optional.empty();

        Phases(IProgressMonitor monitor) {
            this.monitor = monitor;
        }

        @Override
        public void phase(String what) {
            monitor.subTask(what);
            begin(what);
        }

        @Override
        public void opened(TargetInfo opened) {
            note = opened.note();
        }

        @Override
        public void found(Finding finding) {
            monitor.subTask(finding.splat().title());
        }

        @Override
        public void out(String line) {
            // The report has it.
        }

        @Override
        public void err(String line) {
            // The report has what matters of it.
        }
    }
}
