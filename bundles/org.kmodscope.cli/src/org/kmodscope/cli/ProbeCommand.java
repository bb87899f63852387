/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.kmodscope.cli.internal.terminal.Question;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.probe.JUnitReport;
import org.kmodscope.core.probe.JsonReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

    @Parameters(index = "0", paramLabel = "DIR", description = "The project.")
    private Path directory = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "ARG",
            description = "What the probe named by --probe is given, behind --.")
    private List<String> arguments = List.of();

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

    @Option(
            names = "--json",
            description = "Print the results as JSON, with what was measured, instead of KTAP.")
    private boolean json;

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            description = "How long each probe may run; 180 without it.")
    private Optional<Integer> limit = Optional.empty();

    @Option(
            names = "--debug",
            description =
                    "A debug run: the probes in the debug lab (--target uml, or --kernel "
                            + TargetSpec.Qemu.DEBUG_KERNEL_ID
                            + " for several processors), then a search for leaks and a walk"
                            + " through everything that can fail.")
    private boolean debug;

    ProbeCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        if (debug) {
            lab.debug();
        }
        lab.check(() -> tool.parts().boards().get());
        checkArguments();
        if (debug && !lab.spec(false).findsFaults()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "A debug run needs a kernel that finds faults: " + lab.kernel() + " does not.",
                    "Leave --kernel out with --debug, or say --kernel "
                            + TargetSpec.Qemu.DEBUG_KERNEL_ID
                            + ".");
        }
        if (junit.isPresent()) {
            OutputFile.check(junit.get());
        }
        Project project = Project.open(directory);
        lab.retry(new KvmTrials(tool.parts().cache()));
        List<ProbeSpec> probes = chosen(project);
        return lab.recording(tool, recorded -> probe(recorded, project, probes));
    }

    private int probe(Tool recorded, Project project, List<ProbeSpec> probes)
            throws KmodscopeException, InterruptedException {
        Steps steps = recorded.steps();
        TargetSpec place = lab.spec(false);
        if (place instanceof TargetSpec.Recorded) {
            return replay(recorded, place, project, probes);
        }
        Optional<Kernel> kernel = Loadable.kernel(recorded, steps, lab);
        Optional<CrossBuild> cross = kernel.flatMap(Kernel::cross);
        Reports reports = new Reports(lab.kernel());
        if (place.findsFaults()) {
            BuildSteps build = new BuildSteps(recorded, steps);
            Loadable driver = Loadable.of(build, lab, project, kernel);
            SequencedMap<ProbeSpec, Path> programs = programs(probes, cross, build);
            DebugPlan.Depth depth = debug ? DebugPlan.Depth.ALL : DebugPlan.Depth.PROBES;
            DebugReport found =
                    new DebugSteps(recorded, steps, !json)
                            .run(project, place, driver.file(), programs, depth);
            found.probes().forEach(reports::add);
            return end(found.passed(), driver, reports);
        }
        try (Boot boot = Boot.begin(recorded, steps, place)) {
            Loadable driver = boot.meanwhile(build -> Loadable.of(build, lab, project, kernel));
            Map<ProbeSpec, Path> programs = boot.meanwhile(build -> programs(probes, cross, build));
            driver.consent(recorded, lab, Question.console(tool.terminal()));
            try (LabRun run = boot.run()) {
                boolean passed = loaded(run, project, driver.file(), programs, reports, steps);
                return end(passed, driver, reports);
            }
        }
    }

    /** A recording reads no file, so that nothing has to be built. */
    private int replay(Tool recorded, TargetSpec place, Project project, List<ProbeSpec> probes)
            throws KmodscopeException, InterruptedException {
        Steps steps = recorded.steps();
        Reports reports = new Reports(lab.kernel());
        Map<ProbeSpec, Path> programs = new LinkedHashMap<>();
        probes.forEach(spec -> programs.put(spec, Path.of(spec.name())));
        try (LabRun run = LabRun.boot(recorded, steps, place)) {
            boolean passed = loaded(run, project, project.moduleFile(), programs, reports, steps);
            return end(passed, reports);
        }
    }

    private boolean loaded(
            LabRun run,
            Project project,
            Path module,
            Map<ProbeSpec, Path> programs,
            Reports reports,
            Steps steps)
            throws KmodscopeException, InterruptedException {
        return run.loaded(
                project, module, session -> runAll(session, project, programs, reports, steps));
    }

    private static SequencedMap<ProbeSpec, Path> programs(
            List<ProbeSpec> probes, Optional<CrossBuild> cross, BuildSteps build)
            throws KmodscopeException, InterruptedException {
        SequencedMap<ProbeSpec, Path> programs = new LinkedHashMap<>();
        for (ProbeSpec spec : probes) {
            programs.put(spec, build.probe(spec, cross));
        }
        return programs;
    }

    private int end(boolean passed, Loadable driver, Reports reports) throws KmodscopeException {
        if (passed) {
            driver.passed(tool, lab);
        }
        return end(passed, reports);
    }

    private int end(boolean passed, Reports reports) throws KmodscopeException {
        if (junit.isPresent()) {
            write(reports.junit, junit.get());
        }
        if (json) {
            tool.terminal().data(reports.json.text());
        }
        return (passed ? Exit.SUCCESS : Exit.FAILED).code();
    }

    private void checkArguments() throws KmodscopeException {
        if (!arguments.isEmpty() && probe.equals(ALL)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The argument " + arguments.getFirst() + " is for no probe.",
                    "Name the probe: --probe NAME -- " + String.join(" ", arguments));
        }
        if (limit.isPresent() && limit.get() < 1) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "--limit " + limit.get() + " leaves a probe no time.",
                    "Give it at least one second.");
        }
    }

    private ProbeSpec limited(ProbeSpec spec) {
        return limit.map(seconds -> spec.withLimit(Duration.ofSeconds(seconds))).orElse(spec);
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
                        .map(spec -> spec.withArguments(arguments))
                        .map(this::limited)
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
            Map<ProbeSpec, Path> programs,
            Reports reports,
            Steps steps)
            throws KmodscopeException, InterruptedException {
        List<ProbeRun.Result> results = new ArrayList<>();
        for (Map.Entry<ProbeSpec, Path> one : programs.entrySet()) {
            ProbeRun.Result result =
                    new ProbeSteps(tool, steps, !json)
                            .run(project.run(session, one.getKey()), one.getValue());
            reports.add(result);
            results.add(result);
        }
        if (results.size() > 1) {
            String counts = ProbeSteps.counts(results);
            tool.terminal().message("All " + results.size() + " probes: " + counts);
        }
        return results.stream().allMatch(result -> result.report().passed());
    }

    /** Both forms in which results leave the command. */
    private static final class Reports {

        private final String kernelId;
        private final JUnitReport junit = new JUnitReport();
        private final JsonReport json;

        Reports(String kernelId) {
            this.kernelId = kernelId;
            this.json = new JsonReport(kernelId);
        }

        void add(ProbeRun.Result result) {
            junit.add(kernelId, result.report(), result.elapsed());
            json.add(result.report(), result.elapsed());
        }
    }
}
