/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.PlatformObject;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.debug.core.model.IStreamMonitor;
import org.eclipse.debug.core.model.IStreamsProxy;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;
import org.kmodscope.ide.results.RunRecord.Trouble;

/**
 * Probes that run in a target one after another, as a process of the Debug view. It owns the
 * session: when the last probe ends, or it is terminated, the module is unloaded and the lab ended,
 * by the process' own thread.
 */
final class ProbeProcess extends PlatformObject
        implements IProcess, IStreamsProxy, ProbeRun.Listener, RunHistory.Activity {

    private static final int TERMINATED = 128 + 9;

    private final ILaunch launch;
    private final Run run;
    private final Workpiece made;
    private final String label;
    private final TargetSession session;
    private final ConsoleText out = new ConsoleText();
    private final ConsoleText err = new ConsoleText();
    private final Map<String, @Nullable String> attributes = new ConcurrentHashMap<>();
    private final IProgressMonitor life = new NullProgressMonitor();

    private volatile @Nullable RemoteCommand command;
    private volatile String phase = "";
    private volatile boolean terminated;
    private volatile int exitValue;

    /**
     * What is run.
     *
     * @param started when the launch began
     * @param place where; closed with the process
     * @param history where the result goes
     */
    record Run(
            ProbeLaunch wanted,
            Instant started,
            Place place,
            DriverTools tools,
            RunHistory history) {}

    /**
     * @param made what is loaded in the session, to be unloaded at the end, and its probes
     * @param session owned from {@link #start} on
     */
    ProbeProcess(ILaunch launch, Run run, Workpiece made, TargetSession session) {
        this.launch = launch;
        this.run = run;
        this.made = made;
        this.session = session;
        label =
                "%s on %s [%s]"
                        .formatted(
                                run.wanted().title(), made.driver().node(), session.info().title());
        attributes.put(IProcess.ATTR_PROCESS_TYPE, ProbeLaunch.TYPE);
    }

    /** Shows the process in the launch and runs the probes to their end, on a thread of its own. */
    void start() {
        launch.addProcess(this);
        fire(DebugEvent.CREATE);
        Thread runner = new Thread(this::toTheEnd, "kmodscope-probe " + label);
        runner.setDaemon(true);
        runner.start();
    }

    private void toTheEnd() {
        run.history().began(this);
        List<ProbeRun.Result> results = new ArrayList<>();
        Optional<Trouble> trouble = Optional.empty();
        session.info().note().ifPresent(note -> err("kmodscope: " + note));
        try (Place place = run.place();
                session) {
            Optional<ProbeEvents> events = listen();
            try {
                for (Map.Entry<ProbeSpec, Path> probe : made.programs().entrySet()) {
                    results.add(run(probe.getKey(), probe.getValue()));
                }
            } finally {
                events.ifPresent(this::finish);
            }
            session.unload(made.driver().module());
            if (passed(results)) {
                run.tools().consent().passed(place.spec(), made.identity());
            }
        } catch (OperationCanceledException | InterruptedException stopped) {
            trouble = Optional.of(Trouble.STOPPED);
        } catch (KmodscopeException failure) {
            trouble = Optional.of(Trouble.of(failure));
            err("kmodscope: " + failure.getMessage());
            err(failure.remedy());
        }
        exitValue =
                trouble.equals(Optional.of(Trouble.STOPPED))
                        ? TERMINATED
                        : trouble.isEmpty() && passed(results) ? 0 : 1;
        run.history()
                .add(
                        new RunRecord(
                                run.wanted(),
                                run.started(),
                                Duration.between(run.started(), Instant.now()),
                                session.info().title(),
                                results,
                                List.of(),
                                List.of(),
                                trouble,
                                session.info().note()));
        run.history().ended(this);
        terminated = true;
        fire(DebugEvent.TERMINATE);
    }

    /** That nobody can listen is no reason not to run the probes. */
    private Optional<ProbeEvents> listen() throws InterruptedException {
        if (run.wanted().listener().isEmpty()) {
            return Optional.empty();
        }
        phase = "arming the device";
        run.history().changed();
        Path file =
                made.project()
                        .directory()
                        .resolve("build")
                        .resolve("events")
                        .resolve(run.wanted().probe() + ".kmse");
        try {
            return Optional.of(
                    ProbeEvents.start(
                            run.wanted().listener().get(),
                            session,
                            made.driver().node(),
                            file,
                            life));
        } catch (KmodscopeException failure) {
            err("kmodscope: no events are recorded. " + failure.getMessage());
            err(failure.remedy());
            return Optional.empty();
        }
    }

    private void finish(ProbeEvents events) {
        try {
            out(events.finish());
        } catch (KmodscopeException failure) {
            err("kmodscope: the events are not all there. " + failure.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean passed(List<ProbeRun.Result> results) {
        return results.stream().allMatch(result -> result.report().passed());
    }

    private ProbeRun.Result run(ProbeSpec spec, Path program)
            throws KmodscopeException, InterruptedException {
        phase = "the probe " + spec.name();
        run.history().changed();
        DriverSpec driver = made.driver();
        ProbeRun probe = new ProbeRun(session, spec, driver.node(), driver.features().toString());
        ProbeRun.Result result = probe.run(program, this, life);
        result.report().problems().forEach(problem -> err("kmodscope: " + problem));
        return result;
    }

    @Override
    public String title() {
        return label;
    }

    @Override
    public String phase() {
        return phase;
    }

    @Override
    public void stop() {
        terminate();
    }

    @Override
    public void started(RemoteCommand running) {
        command = running;
    }

    @Override
    public void out(String line) {
        out.append(line + "\n");
    }

    @Override
    public void err(String line) {
        err.append(line + "\n");
    }

    private void fire(int kind) {
        DebugPlugin debug = DebugPlugin.getDefault();
        if (debug != null) {
            debug.fireDebugEventSet(new DebugEvent[] {new DebugEvent(this, kind)});
        }
    }

    @Override
    public boolean canTerminate() {
        return !terminated;
    }

    @Override
    public boolean isTerminated() {
        return terminated;
    }

    @Override
    public void terminate() {
        life.setCanceled(true);
    }

    @Override
    public int getExitValue() throws DebugException {
        if (!terminated) {
            throw new DebugException(
                    Failures.status(
                            "Exit value", new IllegalStateException(label + " still runs.")));
        }
        return exitValue;
    }

    @Override
    public String getLabel() {
        return label;
    }

    @Override
    public ILaunch getLaunch() {
        return launch;
    }

    @Override
    public IStreamsProxy getStreamsProxy() {
        return this;
    }

    @Override
    public IStreamMonitor getOutputStreamMonitor() {
        return out;
    }

    @Override
    public IStreamMonitor getErrorStreamMonitor() {
        return err;
    }

    @Override
    public void write(@Nullable String input) throws IOException {
        RemoteCommand probe = command;
        if (probe == null || input == null || terminated) {
            throw new IOException("The probe does not run; nothing reads what is typed.");
        }
        try {
            probe.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (KmodscopeException failure) {
            throw new IOException(failure.getMessage(), failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while writing to the probe.", e);
        }
    }

    @Override
    public void setAttribute(@Nullable String key, @Nullable String value) {
        if (key != null && value != null) {
            attributes.put(key, value);
        } else if (key != null) {
            attributes.remove(key);
        }
    }

    @Override
    public @Nullable String getAttribute(@Nullable String key) {
        return key == null ? null : attributes.get(key);
    }
}
