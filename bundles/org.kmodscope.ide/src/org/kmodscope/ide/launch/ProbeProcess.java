/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
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
import org.kmodscope.core.probe.KtapParser;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.ide.Failures;

/**
 * A probe that runs in a target, as a process of the Debug view. It owns the session: when the probe
 * ends, or is terminated, the module is unloaded and the lab ended, by the process' own thread.
 */
final class ProbeProcess extends PlatformObject implements IProcess, IStreamsProxy {

    private static final int TERMINATED = 128 + 9;

    private final ILaunch launch;
    private final String label;
    private final String module;
    private final TargetSession session;
    private final KtapParser parser;
    private final ConsoleText out = new ConsoleText();
    private final ConsoleText err = new ConsoleText();
    private final Map<String, @Nullable String> attributes = new ConcurrentHashMap<>();
    private final IProgressMonitor life = new NullProgressMonitor();

    private @Nullable RemoteCommand command;
    private volatile boolean terminated;
    private volatile int exitValue;

    ProbeProcess(ILaunch launch, String label, String module, String probe, TargetSession session) {
        this.launch = launch;
        this.label = label;
        this.module = module;
        this.session = session;
        parser = new KtapParser(probe);
        attributes.put(IProcess.ATTR_PROCESS_TYPE, ProbeLaunch.TYPE);
    }

    /** What the probe prints goes here. */
    OutputSink output() {
        return new OutputSink() {
            private final Text outText = new Text();
            private final Text errText = new Text();
            private final StringBuilder line = new StringBuilder();

            @Override
            public void out(byte[] bytes) {
                String text = outText.decode(bytes);
                out.append(text);
                line.append(text);
                for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
                    parser.line(line.substring(0, end));
                    line.delete(0, end + 1);
                }
            }

            @Override
            public void err(byte[] bytes) {
                err.append(errText.decode(bytes));
            }
        };
    }

    /** Shows the started probe in the launch and watches it to its end. */
    void started(RemoteCommand started) {
        command = started;
        launch.addProcess(this);
        fire(DebugEvent.CREATE);
        Thread waiter = new Thread(() -> await(started), "kmodscope-probe " + label);
        waiter.setDaemon(true);
        waiter.start();
    }

    private void await(RemoteCommand probe) {
        int exit;
        try (session) {
            exit = probe.waitFor(life);
            ProbeReport report = parser.finish();
            report.problems().forEach(problem -> err.append("kmodscope: " + problem + "\n"));
            if (exit == 0 && !report.passed()) {
                exit = 1;
            }
            session.unload(module);
        } catch (OperationCanceledException | InterruptedException stopped) {
            exit = TERMINATED;
        } catch (KmodscopeException failure) {
            exit = 1;
            err.append("kmodscope: " + failure.getMessage() + "\n" + failure.remedy() + "\n");
        }
        exitValue = exit;
        terminated = true;
        fire(DebugEvent.TERMINATE);
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

    /** UTF-8 in pieces: a character may be cut by the end of a piece. */
    private static final class Text {

        private final CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer rest = ByteBuffer.allocate(0);

        String decode(byte[] bytes) {
            ByteBuffer in = ByteBuffer.allocate(rest.remaining() + bytes.length);
            in.put(rest).put(bytes).flip();
            CharBuffer text = CharBuffer.allocate(in.remaining() + 1);
            decoder.decode(in, text, false);
            rest = in.slice();
            return text.flip().toString();
        }
    }
}
