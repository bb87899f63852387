/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kmodscope.cli.internal.terminal.StepMonitor;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/** A lab that runs for one command, with the steps of booting, loading and unloading. */
final class LabRun implements AutoCloseable {

    private static final int TAIL_LINES = 25;
    private static final long LAST_WORDS_SECONDS = 3;
    private static final int KERN_WARNING = 4;

    private final Terminal terminal;
    private final Steps steps;
    private final TargetSession session;
    private final TargetSession.Subscription log;

    private LabRun(Terminal terminal, Steps steps, TargetSession session) {
        this.terminal = terminal;
        this.steps = steps;
        this.session = session;
        log = session.onKernelLog(this::kernelSays);
    }

    /** Boots the lab. */
    static LabRun boot(Tool tool, Steps steps, TargetSpec spec)
            throws KmodscopeException, InterruptedException {
        Parts parts = tool.parts();
        return boot(
                tool,
                steps,
                spec,
                monitor -> {
                    TargetSession open = parts.target().open(spec, monitor);
                    tell(open.info(), monitor, Optional.empty());
                    return open;
                });
    }

    /** The same with another way to open it. */
    static LabRun boot(Tool tool, Steps steps, TargetSpec spec, Steps.Body<TargetSession> opening)
            throws KmodscopeException, InterruptedException {
        TargetSession session = steps.run(title(spec), opening);
        session.info().note().ifPresent(tool.terminal()::warning);
        return new LabRun(tool.terminal(), steps, session);
    }

    /** Says in the step of the boot what came up. */
    static void tell(TargetInfo info, StepMonitor monitor, Optional<String> more) {
        String what = info.kernelRelease() + ", " + info.acceleration();
        monitor.note(more.map(text -> what + ", " + text).orElse(what));
    }

    private static String title(TargetSpec spec) {
        return switch (spec) {
            case TargetSpec.Qemu qemu -> "Boot " + qemu.kernelId() + " in QEMU";
            case TargetSpec.Uml uml -> "Start " + uml.kernelId();
            case TargetSpec.Local local -> "Prepare this machine";
            case TargetSpec.Ssh ssh -> "Connect to " + ssh.board().name();
            case TargetSpec.Recorded recorded -> "Replay " + recorded.file().getFileName();
        };
    }

    TargetSession session() {
        return session;
    }

    /** Loads the module, runs the body, unloads the module. */
    <T> T loaded(Project project, Path module, Body<T> body)
            throws KmodscopeException, InterruptedException {
        try {
            steps.run(
                    "Load " + module.getFileName(),
                    monitor -> {
                        session.load(module, List.of());
                        return project.module();
                    });
            T result = body.run(session);
            steps.run(
                    "Unload " + project.module(),
                    monitor -> {
                        session.unload(project.module());
                        return project.module();
                    });
            return result;
        } catch (KmodscopeException failure) {
            if (failure.kind() == Kind.LAB) {
                tellEnd();
            }
            throw failure;
        }
    }

    /** The failure that the end of a lab is, unless its owner ended it. */
    static Optional<KmodscopeException> failure(TargetEnd end) {
        return switch (end) {
            case TargetEnd.Closed closed -> Optional.empty();
            case TargetEnd.Panicked panic ->
                    Optional.of(
                            new KmodscopeException(
                                    Kind.LAB,
                                    "The kernel in the lab panicked: " + panic.reason() + ".",
                                    "The end of its console is above; nothing outside the lab"
                                            + " was touched."));
            case TargetEnd.Vanished vanished ->
                    Optional.of(
                            new KmodscopeException(
                                    Kind.LAB,
                                    "The lab vanished: " + vanished.reason() + ".",
                                    "Run it again; when it happens again, look at the console's"
                                            + " end above and at kmodscope doctor."));
        };
    }

    /** Ends the lab. */
    @Override
    public void close() {
        log.close();
        session.close();
    }

    private void kernelSays(KernelLogLine line) {
        String text = String.format("[%12.6f] %s", line.timeNanos() / 1e9, line.text());
        if (line.level() < KERN_WARNING) {
            terminal.warning("kernel: " + text);
        } else {
            terminal.detail("kernel: " + text);
        }
    }

    /** The end of the console, when the lab is gone. It may take the kernel a moment to die. */
    private void tellEnd() throws InterruptedException {
        try {
            TargetEnd end =
                    session.ended().toCompletableFuture().get(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
            switch (end) {
                case TargetEnd.Closed closed -> {}
                case TargetEnd.Panicked panic -> tail(panic.log());
                case TargetEnd.Vanished vanished -> tail(vanished.log());
            }
        } catch (TimeoutException alive) {
            terminal.detail("the lab still runs");
        } catch (ExecutionException unknown) {
            terminal.detail("how the lab ended is not known: " + unknown.getCause());
        }
    }

    private void tail(String console) {
        List<String> lines = console.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            return;
        }
        int from = Math.max(0, lines.size() - TAIL_LINES);
        terminal.message("The end of the lab's console:");
        lines.subList(from, lines.size()).forEach(line -> terminal.message("  | " + line));
    }

    /** What is done while the module is loaded. */
    @FunctionalInterface
    interface Body<T> {

        T run(TargetSession session) throws KmodscopeException, InterruptedException;
    }
}
