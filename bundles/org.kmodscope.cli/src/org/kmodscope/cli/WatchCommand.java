/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Question;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCsv;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventWriter;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code watch}: loads the driver in a lab, drives it and shows what it signals. */
@Command(
        name = "watch",
        description = {
            "Builds the driver if it is stale, loads it in a lab, writes to it and shows live what"
                    + " it signals. Ends after --seconds or with Ctrl-C; the last line is"
                    + " `events N lost M`."
        })
final class WatchCommand implements Callable<Integer> {

    private static final double DEFAULT_RATE = 100;
    private static final double HIGHEST_RATE = 1e6;
    private static final int MOST_DEPTH = 1024;
    private static final int WRITE_BYTES = 16;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Tool tool;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private LabOptions lab = new LabOptions();

    @Parameters(paramLabel = "DIR", description = "The project.")
    private Path directory = Path.of("");

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            defaultValue = "agent",
            description = "Who watches: agent (C, default) or bridge (JNA, in the lab).")
    private Source source = Source.AGENT;

    @Option(
            names = "--io",
            paramLabel = "MODEL",
            defaultValue = "sigio",
            description = {
                "How the bridge gets at the device: sigio (default), aio, posix-aio, uring, poll,"
                        + " epoll or block; several, separated by commas, take turns and are"
                        + " compared. The agent knows sigio only."
            })
    private String io = "sigio";

    @Option(
            names = "--turn",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long a turn of one of several models is; default 1.")
    private double turn = 1;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "4",
            description = "Requests kept outstanding by aio, posix-aio and uring; default 4.")
    private int depth = 4;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long; without it, until Ctrl-C.")
    private Optional<Double> seconds = Optional.empty();

    @Option(
            names = "--rate",
            paramLabel = "R",
            description =
                    "Writes per second; default 100, 0 for none. A device whose events come by"
                            + " themselves is not written to.")
    private Optional<Double> writes = Optional.empty();

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Also write every event to this file as CSV.")
    private Optional<Path> csv = Optional.empty();

    @Option(
            names = "--timing",
            description = "Say at the end how long each step took until the first event was seen.")
    private boolean timing;

    WatchCommand(Tool tool) {
        this.tool = tool;
    }

    /** Who watches the device. */
    enum Source {
        AGENT,
        BRIDGE
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        checkNumbers();
        lab.check(() -> tool.parts().boards().get());
        if (csv.isPresent()) {
            OutputFile.check(csv.get());
        }
        Project project = Project.open(directory);
        lab.retry(new KvmTrials(tool.parts().cache()));
        double rate = rate(project);
        Timing clock = Timing.begin();
        TargetSpec place = lab.spec(source == Source.BRIDGE);
        lab.recording(tool, recorded -> watch(recorded, place, project, rate, clock));
        if (timing) {
            clock.lines(tool.terminal().errFace()).forEach(tool.terminal()::message);
        }
        return Exit.SUCCESS.code();
    }

    private EventSnapshot watch(
            Tool recorded, TargetSpec place, Project project, double rate, Timing clock)
            throws KmodscopeException, InterruptedException {
        Steps steps = recorded.steps();
        LabRun.Body<EventSnapshot> body = session -> watch(session, project, rate, steps, clock);
        if (place instanceof TargetSpec.Recorded) {
            // A recording reads no file, so that nothing has to be built.
            try (LabRun run = LabRun.boot(recorded, steps, place)) {
                return run.loaded(project, project.moduleFile(), body);
            }
        }
        Optional<Kernel> kernel = Loadable.kernel(recorded, steps, lab);
        try (Boot boot = Boot.begin(recorded, steps, place)) {
            Loadable driver = boot.meanwhile(build -> Loadable.of(build, lab, project, kernel));
            driver.consent(recorded, lab, Question.console(tool.terminal()));
            try (LabRun run = boot.run()) {
                return run.loaded(project, driver.file(), body);
            }
        }
    }

    private IoModel model() {
        List<String> words = List.of(io.split(",", -1));
        if (words.size() > 1) {
            for (String word : words) {
                IoModel.whyNoTurns(word)
                        .ifPresent(
                                why -> {
                                    throw new ParameterException(
                                            spec.commandLine(),
                                            "--io " + word + " must stand alone. " + why);
                                });
            }
        }
        IoModel model =
                IoModel.reading(io, depth, Observation.READ_BYTES, turn())
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                spec.commandLine(),
                                                "--io must be one of "
                                                        + String.join(", ", IoModel.WORDS)
                                                        + ", or several with commas between,"
                                                        + " each once: "
                                                        + io));
        if (source == Source.AGENT && !(model instanceof IoModel.Signals)) {
            throw new ParameterException(
                    spec.commandLine(), "--io " + io + " needs --source bridge");
        }
        return model;
    }

    private Duration turn() {
        double shortest = IoModel.Turns.SHORTEST.toMillis() / 1e3;
        double longest = IoModel.Turns.LONGEST.toSeconds();
        if (!(turn >= shortest && turn <= longest)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--turn must be from " + shortest + " to " + longest + ": " + turn);
        }
        return Duration.ofMillis(Math.round(turn * 1e3));
    }

    private void checkNumbers() {
        model();
        if (depth < 1 || depth > MOST_DEPTH) {
            throw new ParameterException(
                    spec.commandLine(), "--depth must be from 1 to " + MOST_DEPTH + ": " + depth);
        }
        if (seconds.isPresent() && !(seconds.get() > 0 && Double.isFinite(seconds.get()))) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be more than 0: " + seconds.get());
        }
        if (writes.isPresent() && !(writes.get() >= 0 && writes.get() <= HIGHEST_RATE)) {
            throw new ParameterException(
                    spec.commandLine(), "--rate must be from 0 to 1000000: " + writes.get());
        }
    }

    /** Nobody has to write to a device whose events come by themselves. */
    private double rate(Project project) throws KmodscopeException {
        if (writes.isPresent()) {
            return writes.get();
        }
        return tool.parts().templates().writable(project.template()) ? DEFAULT_RATE : 0;
    }

    private EventSnapshot watch(
            TargetSession session, Project project, double rate, Steps steps, Timing clock)
            throws KmodscopeException, InterruptedException {
        Observation.Plan plan =
                new Observation.Plan(
                        project.device(),
                        source == Source.BRIDGE,
                        model(),
                        seconds.map(time -> limit(time, rate)),
                        (where, monitor) -> write(where, project, rate, monitor),
                        rate > 0);
        Terminal terminal = tool.terminal();
        Interruption interruption = tool.interruption();
        WatchDisplay display = new WatchDisplay(terminal, session.info());
        Observation observation = new Observation(session, plan, steps);
        Observation.Seen seen;
        try (Interruption.Scope scope = interruption.firstMeans(observation::enough)) {
            seen =
                    observation.run(
                            writers(),
                            (snapshot, elapsed) -> {
                                display.show(snapshot, elapsed);
                                clock.shown(snapshot.events(), steps);
                                if (terminal.outputGone()) {
                                    observation.enough();
                                }
                            });
        }
        display.end(seen);
        if (seen.broken().isPresent()) {
            throw seen.broken().get();
        }
        return seen.snapshot();
    }

    /** A busy machine may need a little longer for the writes that were asked for. */
    private static Duration limit(double wanted, double rate) {
        Duration time = Duration.ofNanos((long) (wanted * 1e9));
        return rate > 0 ? time.plus(GRACE) : time;
    }

    private Optional<StimulusResult> write(
            TargetSession session, Project project, double rate, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (rate == 0) {
            return Optional.empty();
        }
        long count = seconds.map(time -> (long) Math.ceil(rate * time)).orElse(Long.MAX_VALUE);
        Stimulus stimulus = new Stimulus(project.device(), count, WRITE_BYTES, rate);
        return Optional.of(session.stimulate(stimulus, monitor));
    }

    private List<EventWriter> writers() throws KmodscopeException {
        List<EventWriter> writers = new ArrayList<>();
        if (csv.isPresent()) {
            writers.add(EventCsv.create(csv.get()));
        }
        return writers;
    }
}
