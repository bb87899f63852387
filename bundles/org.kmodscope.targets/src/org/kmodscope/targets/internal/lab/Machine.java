/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.targets.internal.agent.Threads;

/**
 * A lab's process under its supervisor, whose standard input is the lab's life line: when this
 * process ends, however it does, the lab ends.
 */
final class Machine implements AutoCloseable {

    private static final Duration AFTER_PANIC = Duration.ofSeconds(3);

    private final Process supervisor;
    private final Console console = new Console();
    private final CompletableFuture<TargetEnd> ended = new CompletableFuture<>();
    private final Thread reader;
    private volatile Optional<TargetEnd> decided = Optional.empty();

    private Machine(String name, Process supervisor) {
        this.supervisor = supervisor;
        reader = Thread.ofPlatform().name(name + " console").daemon().unstarted(this::read);
    }

    /**
     * Starts it.
     *
     * @param name what its thread's name begins with
     */
    static Machine start(String name, Path supervisor, List<String> commandLine, Path directory)
            throws KmodscopeException {
        List<String> argv = new ArrayList<>();
        argv.add(supervisor.toString());
        argv.addAll(commandLine);
        try {
            Process process =
                    new ProcessBuilder(argv)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            Machine machine = new Machine(name, process);
            machine.reader.start();
            return machine;
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's supervisor cannot be started: " + e.getMessage() + ".",
                    "Check that programs may be run from " + supervisor.getParent() + ".",
                    e);
        }
    }

    Console console() {
        return console;
    }

    /** The supervisor's process, for tests. */
    ProcessHandle process() {
        return supervisor.toHandle();
    }

    /** Completes when it is gone. */
    CompletableFuture<TargetEnd> ended() {
        return ended;
    }

    /** Ends it for a reason that its own console does not tell. */
    void kill(String reason) {
        end(new TargetEnd.Vanished(reason, ""));
    }

    /** Ends it; returns when it is gone, or after two seconds. */
    @Override
    public void close() {
        close(Threads.deadline());
    }

    /** As {@link #close()}, with a deadline of {@link Threads#deadline}. */
    void close(long deadline) {
        end(new TargetEnd.Closed());
        Threads.join(deadline, reader);
    }

    private synchronized void end(TargetEnd how) {
        if (decided.isEmpty()) {
            decided = Optional.of(how);
        }
        try {
            supervisor.getOutputStream().close();
        } catch (IOException e) {
            // Not to be closed: then the other way to the same end.
            supervisor.destroy();
        }
    }

    private void read() {
        byte[] buffer = new byte[8192];
        boolean panicked = false;
        try (InputStream in = supervisor.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                console.add(buffer, n);
                if (!panicked && console.panic().isPresent()) {
                    panicked = true;
                    // That ends its process. A kernel that cannot even do that is helped.
                    ended.copy()
                            .orTimeout(AFTER_PANIC.toMillis(), TimeUnit.MILLISECONDS)
                            .whenComplete((end, late) -> kill("it hung after its panic"));
                }
            }
        } catch (IOException e) {
            byte[] note = ("kmodscope: the console broke: " + e + '\n').getBytes();
            console.add(note, note.length);
        }
        ended.complete(whenGone());
    }

    private TargetEnd whenGone() {
        int status;
        try {
            status = supervisor.waitFor();
        } catch (InterruptedException e) {
            return new TargetEnd.Vanished("its end was not waited for", console.text());
        }
        Optional<String> panic = console.panic();
        if (panic.isPresent()) {
            return new TargetEnd.Panicked(panic.get(), console.text());
        }
        return switch (decided.orElseGet(() -> byStatus(status))) {
            case TargetEnd.Vanished(String reason, String none) ->
                    new TargetEnd.Vanished(reason, console.text());
            case TargetEnd.Closed closed -> closed;
            case TargetEnd.Panicked other -> other;
        };
    }

    private static TargetEnd byStatus(int status) {
        String reason =
                status == 0
                        ? "the machine powered itself off"
                        : status > 128
                                ? "its process was ended by signal " + (status - 128)
                                : "its process ended with status " + status;
        return new TargetEnd.Vanished(reason, "");
    }
}
