/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.model.LaunchConfigurationDelegate;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;

/**
 * Launches a probe: builds what is stale, boots the lab, loads the module, starts the probe. Until
 * the probe runs a failure ends the launch with a message; from then on the {@link ProbeProcess} is
 * in charge.
 */
public final class ProbeLaunchDelegate extends LaunchConfigurationDelegate {

    private static final Duration LIMIT = Duration.ofMinutes(5);

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
            new Run(wanted, DriverTools.installed(), launch)
                    .start(SubMonitor.convert(monitor, 100));
        } catch (OperationCanceledException cancelled) {
            throw cancelled;
        } catch (InterruptedException cancelled) {
            throw new OperationCanceledException();
        } catch (KmodscopeException failure) {
            throw new CoreException(
                    Failures.status("Launch of " + configuration.getName(), failure));
        }
    }

    /** One launch, up to the point where the probe runs. */
    private record Run(ProbeLaunch wanted, DriverTools tools, ILaunch launch) {

        void start(SubMonitor monitor)
                throws KmodscopeException, InterruptedException, CoreException {
            DriverProject project = project();
            DriverSpec driver = project.spec();
            monitor.subTask("Kernel " + wanted.kernel());
            Kernel kernel = tools.kernels().require(wanted.kernel(), monitor.split(30));
            Path module = module(project, kernel, driver, monitor.split(20));
            Path probe = probe(project, driver, monitor.split(10));
            monitor.subTask("Boot " + wanted.kernel());
            TargetSession session =
                    tools.target(wanted.target()).open(wanted.target(), monitor.split(35));
            try {
                run(session, project, driver, module, probe);
            } catch (KmodscopeException | InterruptedException | RuntimeException failed) {
                session.close();
                throw failed;
            }
            monitor.worked(5);
        }

        private DriverProject project() throws KmodscopeException {
            if (wanted.project().isEmpty()) {
                throw new KmodscopeException(
                        Kind.USAGE,
                        "The launch configuration names no project.",
                        "Choose a driver project on the tab Main.");
            }
            IProject project =
                    ResourcesPlugin.getWorkspace().getRoot().getProject(wanted.project());
            return DriverProject.of(project)
                    .orElseThrow(
                            () ->
                                    new KmodscopeException(
                                            Kind.USAGE,
                                            wanted.project()
                                                    + " is not an open project of a driver.",
                                            "Open it, or choose another project on the tab"
                                                    + " Main."));
        }

        private Path module(
                DriverProject project, Kernel kernel, DriverSpec driver, SubMonitor monitor)
                throws KmodscopeException, InterruptedException, CoreException {
            monitor.subTask("Build " + driver.module() + ".ko");
            BuildResult result =
                    new ModuleBuild(tools.cache())
                            .build(
                                    BuildRequest.of(project.directory(), kernel),
                                    line -> {},
                                    monitor);
            BuildMarkers.show(project.project(), result.diagnostics(), monitor);
            return result.module()
                    .orElseThrow(
                            () ->
                                    new KmodscopeException(
                                            Kind.FAILED,
                                            driver.module() + " does not compile.",
                                            "The view Problems lists what the compiler says."));
        }

        private Path probe(DriverProject project, DriverSpec driver, SubMonitor monitor)
                throws KmodscopeException, InterruptedException, CoreException {
            monitor.subTask("Build probe " + wanted.probe());
            ProbeProgram program =
                    new ProbeBuild(tools.cache()).build(spec(project), line -> {}, monitor);
            if (program.program().isEmpty()) {
                BuildMarkers.show(project.project(), program.diagnostics(), monitor);
            }
            return program.program()
                    .orElseThrow(
                            () ->
                                    new KmodscopeException(
                                            Kind.FAILED,
                                            "The probe " + wanted.probe() + " does not compile.",
                                            "The view Problems lists what the compiler says."));
        }

        private void run(
                TargetSession session,
                DriverProject project,
                DriverSpec driver,
                Path module,
                Path probe)
                throws KmodscopeException, InterruptedException {
            session.load(module, List.of());
            String device = driver.node();
            String label =
                    "%s on %s [%s]".formatted(wanted.probe(), device, session.info().title());
            new ProbeProcess(launch, label, driver.module(), session)
                    .start(
                            new ProbeRun(
                                    session, spec(project), device, driver.features().toString()),
                            probe);
        }

        private ProbeSpec spec(DriverProject project) {
            return new ProbeSpec(
                    project.directory(), wanted.probe(), wanted.argumentVector(), LIMIT);
        }
    }
}
