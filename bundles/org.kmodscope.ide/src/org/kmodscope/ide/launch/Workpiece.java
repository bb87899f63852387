/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.target.TargetKernel;
import org.kmodscope.ide.target.TargetOption;

/**
 * A driver and its probes, built for a target.
 *
 * @param project where they come from
 * @param driver what the driver was generated from
 * @param module the module
 * @param identity what the driver is known by as it was built
 * @param programs the probes to run, in order, each with its program
 */
record Workpiece(
        DriverProject project,
        DriverSpec driver,
        Path module,
        LabPasses.Identity identity,
        SequencedMap<ProbeSpec, Path> programs) {

    /**
     * Builds what is stale. What the compiler says is put at its lines.
     *
     * @param target what to build for
     * @param debug whether the module gets what leads from its code to its lines
     * @throws KmodscopeException USAGE when there is no such project or probe, FAILED when
     *     something does not compile
     */
    static Workpiece make(
            ProbeLaunch wanted,
            TargetSpec target,
            DriverTools tools,
            boolean debug,
            IProgressMonitor progress)
            throws KmodscopeException, InterruptedException, CoreException {
        SubMonitor monitor = SubMonitor.convert(progress, 100);
        DriverProject project = project(wanted);
        DriverSpec driver = project.spec();
        List<ProbeSpec> probes = wanted.probes(project.directory());
        monitor.subTask("Kernel for " + TargetOption.of(target).title());
        Kernel kernel = TargetKernel.require(tools.kernels(), target, monitor.split(50));
        BuildRequest request = BuildRequest.of(project.directory(), kernel);
        monitor.subTask("Build " + driver.module() + ".ko");
        BuildResult result =
                new ModuleBuild(tools.cache())
                        .build(
                                debug ? request.withDebugInfo() : request,
                                line -> {},
                                monitor.split(30));
        BuildMarkers.show(project.project(), result.diagnostics(), monitor.split(2));
        Path module = result.module().orElseThrow(() -> doesNotCompile(driver.module()));
        LabPasses.Identity identity = LabPasses.of(project.directory(), module);
        SequencedMap<ProbeSpec, Path> programs = new LinkedHashMap<>();
        SubMonitor each = monitor.split(18).setWorkRemaining(probes.size());
        for (ProbeSpec probe : probes) {
            monitor.subTask("Build probe " + probe.name());
            ProbeProgram program =
                    new ProbeBuild(tools.cache())
                            .build(probe, kernel.cross(), line -> {}, each.split(1));
            if (program.program().isEmpty()) {
                List<Diagnostic> all = new ArrayList<>(result.diagnostics());
                all.addAll(program.diagnostics());
                BuildMarkers.show(project.project(), all, monitor);
            }
            programs.put(
                    probe,
                    program.program()
                            .orElseThrow(() -> doesNotCompile("The probe " + probe.name())));
        }
        return new Workpiece(project, driver, module, identity, programs);
    }

    /**
     * What a recording is replayed with: it reads no file, so that nothing has to be built.
     *
     * @throws KmodscopeException USAGE when there is no such project or probe
     */
    static Workpiece named(ProbeLaunch wanted) throws KmodscopeException {
        DriverProject project = project(wanted);
        DriverSpec driver = project.spec();
        SequencedMap<ProbeSpec, Path> programs = new LinkedHashMap<>();
        for (ProbeSpec probe : wanted.probes(project.directory())) {
            programs.put(probe, Path.of(probe.name()));
        }
        return new Workpiece(
                project,
                driver,
                Path.of(driver.module() + ".ko"),
                new LabPasses.Identity(List.of()),
                programs);
    }

    private static KmodscopeException doesNotCompile(String what) {
        return new KmodscopeException(
                Kind.FAILED,
                what + " does not compile.",
                "The view Problems lists what the compiler says.");
    }

    /** The project that is to be run. */
    static DriverProject project(ProbeLaunch wanted) throws KmodscopeException {
        if (wanted.project().isEmpty()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The launch configuration names no project.",
                    "Choose a driver project on the tab Main.");
        }
        IProject project = ResourcesPlugin.getWorkspace().getRoot().getProject(wanted.project());
        return DriverProject.of(project)
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.USAGE,
                                        wanted.project() + " is not an open project of a driver.",
                                        "Open it, or choose another project on the tab Main."));
    }
}
