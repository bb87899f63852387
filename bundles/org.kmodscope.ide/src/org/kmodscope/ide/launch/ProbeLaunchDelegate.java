/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.time.Instant;
import java.util.List;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.model.LaunchConfigurationDelegate;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.core.target.WarmStart;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.target.TargetKernel;
import org.kmodscope.ide.target.TargetOption;

/**
 * Launches a probe, or all of a project: builds what is stale, opens the target, loads the module,
 * starts the probe. Until the probe runs a failure ends the launch with a message; from then on the
 * {@link ProbeProcess} is in charge.
 */
public final class ProbeLaunchDelegate extends LaunchConfigurationDelegate {

    @Override
    public void launch(
            @Nullable ILaunchConfiguration configuration,
            @Nullable String mode,
            @Nullable ILaunch launch,
            @Nullable IProgressMonitor monitor)
            throws CoreException {
        if (configuration == null || launch == null) {
            throw new IllegalArgumentException("The debug platform gave no launch.");
        }
        ProbeLaunch wanted = ProbeLaunch.read(configuration);
        try {
            start(wanted, launch, SubMonitor.convert(monitor, 100));
        } catch (OperationCanceledException cancelled) {
            throw cancelled;
        } catch (InterruptedException cancelled) {
            throw new OperationCanceledException();
        } catch (KmodscopeException failure) {
            throw new CoreException(
                    Failures.status("Launch of " + configuration.getName(), failure));
        }
    }

    private static void start(ProbeLaunch wanted, ILaunch launch, SubMonitor monitor)
            throws KmodscopeException, InterruptedException, CoreException {
        DriverTools tools = DriverTools.installed();
        Instant started = Instant.now();
        Workpiece.project(wanted);
        TargetSpec spec = wanted.spec(tools.boards().read());
        Place place = Place.of(tools.target(spec), spec, wanted.recording());
        boolean running = false;
        try {
            ProbeProcess.Run run =
                    new ProbeProcess.Run(wanted, started, place, tools, RunHistory.installed());
            if (spec.startsAlone()) {
                inLab(run, launch, monitor);
            } else {
                elsewhere(run, launch, monitor);
            }
            running = true;
        } finally {
            if (!running) {
                place.close();
            }
        }
    }

    /** A lab boots while the driver is built. */
    private static void inLab(ProbeProcess.Run run, ILaunch launch, SubMonitor monitor)
            throws KmodscopeException, InterruptedException, CoreException {
        TargetSpec spec = run.place().spec();
        String title = TargetOption.of(spec).title();
        monitor.subTask("Kernel for " + title);
        TargetKernel.require(run.tools().kernels(), spec, monitor.split(30));
        try (WarmStart lab = WarmStart.of(run.place().target(), spec)) {
            IProgressMonitor building = lab.watched(monitor.split(40));
            Workpiece made =
                    lab.<Workpiece, CoreException>meanwhile(
                            () -> Workpiece.make(run.wanted(), spec, run.tools(), false, building));
            monitor.subTask("Boot " + title);
            run(run, made, lab.session(monitor.split(25)), launch);
        }
    }

    /** A board may ask for a password, and this machine for consent: when all is built. */
    private static void elsewhere(ProbeProcess.Run run, ILaunch launch, SubMonitor monitor)
            throws KmodscopeException, InterruptedException, CoreException {
        TargetSpec spec = run.place().spec();
        Workpiece made =
                spec instanceof TargetSpec.Recorded
                        ? Workpiece.named(run.wanted())
                        : Workpiece.make(run.wanted(), spec, run.tools(), false, monitor.split(70));
        run.tools().consent().before(spec, made.project().directory(), made.module());
        monitor.subTask("Open " + TargetOption.of(spec).title());
        run(run, made, run.place().target().open(spec, monitor.split(25)), launch);
    }

    private static void run(
            ProbeProcess.Run run, Workpiece made, TargetSession session, ILaunch launch)
            throws KmodscopeException, InterruptedException {
        try {
            session.load(made.module(), List.of());
            new ProbeProcess(launch, run, made, session).start();
        } catch (KmodscopeException | InterruptedException | RuntimeException failed) {
            session.close();
            throw failed;
        }
    }
}
