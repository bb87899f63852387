/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import picocli.CommandLine.Command;

/** {@code demo}: the whole path on the sample driver, explained. */
@Command(
        name = "demo",
        description =
                "Scaffolds the sample driver, builds it, loads it in a lab, drives it and"
                        + " shows live what it signals. Keeps nothing but what is cached.")
final class DemoCommand implements Callable<Integer> {

    private static final String DRIVER = "globalfifo";
    private static final String PROBE = "sigio";
    private static final double WRITES_PER_SECOND = 100;
    private static final int WRITES = 300;
    private static final int WRITE_BYTES = 16;

    private final Tool tool;

    DemoCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        long start = System.nanoTime();
        say(
                "",
                "kmodscope shows what an asynchronous Linux driver signals, live and in a lab:",
                "a virtual machine that a broken module cannot leave.",
                "");
        Steps steps = tool.steps();
        Path directory = temporary();
        try {
            boolean passed = show(directory, steps);
            goodbye(steps, System.nanoTime() - start);
            return (passed ? Exit.SUCCESS : Exit.FAILED).code();
        } finally {
            remove(directory);
        }
    }

    private boolean show(Path directory, Steps steps)
            throws KmodscopeException, InterruptedException {
        Path place = directory.resolve(DRIVER);
        steps.run(
                "Scaffold the driver " + DRIVER,
                monitor -> {
                    DriverSpec spec = DriverSpec.named(DRIVER).build();
                    var tree = tool.parts().templates().render(spec);
                    tree.writeTo(place);
                    monitor.note(tree.paths().size() + " files");
                    return place;
                });
        Project project = Project.open(place);
        Kernel kernel = new KernelSteps(tool, steps).require(KernelStore.DEFAULT_ID);
        ProbeSpec probe =
                ProbeSpec.ofProject(place).stream()
                        .filter(spec -> spec.name().equals(PROBE))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no probe " + PROBE));
        try (Boot boot = Boot.begin(tool, steps, new TargetSpec.Qemu(kernel.id(), true))) {
            Path module = boot.meanwhile(build -> build.module(place, kernel, Optional.empty()));
            Path program = boot.meanwhile(build -> build.probe(probe, kernel.cross()));
            try (LabRun run = boot.run()) {
                return run.loaded(
                        project,
                        module,
                        session -> {
                            observe(session, project, steps);
                            return probe(session, project, probe, program, steps);
                        });
            }
        }
    }

    private void observe(TargetSession session, Project project, Steps steps)
            throws KmodscopeException, InterruptedException {
        DemoDisplay display = new DemoDisplay(tool.terminal(), session.info());
        Observation.Plan plan =
                new Observation.Plan(
                        project.device(),
                        true,
                        Optional.empty(),
                        (where, monitor) -> drive(where, project, display, monitor),
                        true);
        Observation.Seen seen =
                new Observation(session, plan, steps).run(List.of(display), display);
        display.end(seen);
        if (seen.broken().isPresent()) {
            throw seen.broken().get();
        }
        long written = seen.written().map(StimulusResult::writes).orElse(0L);
        if (written < WRITES || seen.snapshot().events() == 0) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "Only " + written + " of " + WRITES + " writes were made.",
                    "Run it again on a less busy machine, with --verbose.");
        }
    }

    /** Row A4 of what must work, then a steady stream. */
    private Optional<StimulusResult> drive(
            TargetSession session, Project project, DemoDisplay display, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String line = "echo hello > " + project.device();
        say("", "In the lab's shell: " + paint(Style.COMMAND, line), "");
        OutputLines output = new OutputLines(tool.terminal()::message, tool.terminal()::message);
        List<String> argv = List.of("/bin/busybox", "sh", "-c", line);
        try (RemoteCommand echo = session.start(argv, output)) {
            int exit = echo.waitFor(monitor);
            output.end();
            if (exit != 0) {
                throw new KmodscopeException(
                        Kind.FAILED,
                        line + " ended with status " + exit + ".",
                        "See what it printed.");
            }
        }
        if (!display.awaitAnswer()) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "No signal told the bridge of what was written to " + project.device() + ".",
                    "Run it again; when it stays so, please report it.");
        }
        Stimulus stimulus = new Stimulus(project.device(), WRITES, WRITE_BYTES, WRITES_PER_SECOND);
        return Optional.of(session.stimulate(stimulus, monitor));
    }

    private boolean probe(
            TargetSession session, Project project, ProbeSpec spec, Path program, Steps steps)
            throws KmodscopeException, InterruptedException {
        say("", "The same as a test: a program owns the file, sets O_ASYNC, catches the signal.");
        ProbeRun.Result result =
                new ProbeSteps(tool, steps, true).run(project.run(session, spec), program);
        say("");
        return result.report().passed();
    }

    private void goodbye(Steps steps, long nanos) {
        boolean cached = steps.taken().stream().anyMatch(Steps.Taken::cached);
        String helped = cached ? ", helped by what was cached" : "";
        say(
                "",
                "All of it took " + Quantity.seconds(nanos) + helped + ". Your own driver is next:",
                paint(Style.COMMAND, "  kmodscope new DIR --name NAME"),
                paint(Style.COMMAND, "  kmodscope watch DIR"));
    }

    private void say(String... lines) {
        for (String line : lines) {
            tool.terminal().message(line);
        }
    }

    private String paint(Style style, String text) {
        Face face = tool.terminal().errFace();
        return face.paint(style, text);
    }

    private Path temporary() throws KmodscopeException {
        Path runs = tool.parts().cache().directory("runs");
        try {
            return Files.createTempDirectory(runs, "demo-");
        } catch (IOException failure) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "No directory could be made in " + runs + ": " + failure.getMessage() + ".",
                    "Make room there, or name another place with XDG_CACHE_HOME.",
                    failure);
        }
    }

    private void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            tool.terminal().warning(directory + " could not be removed: " + failure.getMessage());
        }
    }
}
