/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.probe.JUnitReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetSession;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code probe}: loads the driver in a lab and runs its user-space probes there. */
@Command(
        name = "probe",
        description =
                "Builds what is stale, loads the driver in a lab and runs its probes there;"
                        + " KTAP on standard output.")
final class ProbeCommand implements Callable<Integer> {

    private static final String ALL = "all";

    private final Tool tool;

    @Mixin private LabOptions lab = new LabOptions();

    @Parameters(paramLabel = "DIR", description = "The project.")
    private Path directory = Path.of("");

    @Option(
            names = "--probe",
            paramLabel = "NAME",
            defaultValue = ALL,
            description = "One of the project's probes, or all (default).")
    private String probe = ALL;

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Also write the results as JUnit XML, one suite per kernel.")
    private Optional<Path> junit = Optional.empty();

    ProbeCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        lab.check();
        if (junit.isPresent()) {
            OutputFile.check(junit.get());
        }
        Project project = Project.open(directory);
        List<ProbeSpec> probes = chosen(project);
        Steps steps = tool.steps();
        Kernel kernel = new KernelSteps(tool, steps).require(lab.kernel());
        BuildSteps build = new BuildSteps(tool, steps);
        Path module = build.module(project.directory(), kernel, Optional.empty());
        Map<ProbeSpec, Path> programs = new LinkedHashMap<>();
        for (ProbeSpec spec : probes) {
            programs.put(spec, build.probe(spec));
        }
        JUnitReport report = new JUnitReport();
        boolean passed;
        try (LabRun run = LabRun.boot(tool, steps, lab.spec(false))) {
            passed =
                    run.loaded(
                            project,
                            module,
                            session -> runAll(session, project, kernel, programs, report, steps));
        }
        if (junit.isPresent()) {
            write(report, junit.get());
        }
        return (passed ? Exit.SUCCESS : Exit.FAILED).code();
    }

    private static void write(JUnitReport report, Path file) throws KmodscopeException {
        try {
            report.write(file);
        } catch (IOException failure) {
            throw OutputFile.cannotBeWritten(file, failure);
        }
    }

    private List<ProbeSpec> chosen(Project project) throws KmodscopeException {
        List<ProbeSpec> all = ProbeSpec.ofProject(project.directory());
        List<ProbeSpec> chosen =
                all.stream()
                        .filter(spec -> probe.equals(ALL) || probe.equals(spec.name()))
                        .toList();
        if (chosen.isEmpty()) {
            String names = all.stream().map(ProbeSpec::name).collect(Collectors.joining(", "));
            throw new KmodscopeException(
                    Kind.USAGE,
                    all.isEmpty()
                            ? "There are no probes in "
                                    + project.directory().resolve("probes")
                                    + "."
                            : "There is no probe " + probe + " in this project.",
                    all.isEmpty()
                            ? "A probe is a C program, probes/NAME.c, that prints KTAP."
                            : "Choose one of: " + names + ", or all.");
        }
        return chosen;
    }

    private boolean runAll(
            TargetSession session,
            Project project,
            Kernel kernel,
            Map<ProbeSpec, Path> programs,
            JUnitReport report,
            Steps steps)
            throws KmodscopeException, InterruptedException {
        boolean passed = true;
        for (Map.Entry<ProbeSpec, Path> one : programs.entrySet()) {
            ProbeRun.Result result =
                    new ProbeSteps(tool, steps)
                            .run(project.run(session, one.getKey()), one.getValue());
            report.add(kernel.id(), result.report(), result.elapsed());
            passed &= result.report().passed();
        }
        return passed;
    }
}
