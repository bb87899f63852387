/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
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
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.ide.Failures;

/**
 * A probe that runs in a target, as a process of the Debug view. It owns the session: when the
 * probe ends, or is terminated, the module is unloaded and the lab ended, by the process' own
 * thread.
 */
final class ProbeProcess extends PlatformObject
        implements IProcess, IStreamsProxy, ProbeRun.Listener {

    private static final int TERMINATED = 128 + 9;

    private final ILaunch launch;
    private final String label;
    private final String module;
    private final TargetSession session;
    private final ConsoleText out = new ConsoleText();
    private final ConsoleText err = new ConsoleText();
    private final Map<String, @Nullable String> attributes = new ConcurrentHashMap<>();
    private final IProgressMonitor life = new NullProgressMonitor();

    private volatile @Nullable RemoteCommand command;
    private volatile boolean terminated;
    private volatile int exitValue;

    /**
     * @param module the loaded module, to be unloaded at the end
     */
    ProbeProcess(ILaunch launch, String label, String module, TargetSession session) {
        this.launch = launch;
        this.label = label;
        this.module = module;
        this.session = session;
        attributes.put(IProcess.ATTR_PROCESS_TYPE, ProbeLaunch.TYPE);
    }

    /** Shows the process in the launch and runs the probe to its end, on a thread of its own. */
    void start(ProbeRun probe, Path program) {
        launch.addProcess(this);
        fire(DebugEvent.CREATE);
        Thread runner = new Thread(() -> run(probe, program), "kmodscope-probe " + label);
        runner.setDaemon(true);
        runner.start();
    }

    private void run(ProbeRun probe, Path program) {
        int exit;
        try (session) {
            ProbeReport report = probe.run(program, this, life).report();
            report.problems().forEach(problem -> err("kmodscope: " + problem));
            exit = report.passed() ? 0 : 1;
            session.unload(module);
        } catch (OperationCanceledException | InterruptedException stopped) {
            exit = TERMINATED;
        } catch (KmodscopeException failure) {
            exit = 1;
            err("kmodscope: " + failure.getMessage());
            err(failure.remedy());
        }
        exitValue = exit;
        terminated = true;
        fire(DebugEvent.TERMINATE);
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
