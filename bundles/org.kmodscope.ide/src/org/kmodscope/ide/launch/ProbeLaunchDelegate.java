/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.time.Instant;
import java.util.ArrayList;
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
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.WarmStart;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.results.RunHistory;

/**
 * Launches a probe, or all of a project: builds what is stale while the lab boots, loads the
 * module, starts the probe. Until the probe runs a failure ends the launch with a message; from
 * then on the {@link ProbeProcess} is in charge.
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
        RunHistory history = RunHistory.installed();
        Instant started = Instant.now();
        Workpiece.project(wanted);
        monitor.subTask("Kernel " + wanted.kernel());
        tools.kernels().require(wanted.kernel(), monitor.split(30));
        Target target = tools.target(wanted.target());
        try (WarmStart lab = WarmStart.of(target, wanted.target())) {
            IProgressMonitor building = lab.watched(monitor.split(40));
            Workpiece made =
                    lab.<Workpiece, CoreException>meanwhile(
                            () -> Workpiece.make(wanted, tools, false, building));
            monitor.subTask("Boot " + wanted.kernel());
            TargetSession session = lab.session(monitor.split(25));
            try {
                session.load(made.module(), List.of());
                new ProbeProcess(launch, wanted, made.driver(), session, history, started)
                        .start(new ArrayList<>(made.programs().entrySet()));
            } catch (KmodscopeException | InterruptedException | RuntimeException failed) {
                session.close();
                throw failed;
            }
        }
        monitor.worked(5);
    }
}
