/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.targets.internal.agent.Threads;

/** A line to an agent that is a process of this machine, maybe of another user. */
public final class ProcessLine implements Line {

    private static final Duration ENDS_WITHIN = Duration.ofMillis(500);

    private final Process process;
    private final Path home;
    private final Thread listener;
    private final FirstWords complaints = new FirstWords();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private ProcessLine(Process process, Path home) {
        this.process = process;
        this.home = home;
        listener =
                Thread.ofPlatform().name("kmodscope-agent stderr").daemon().unstarted(this::listen);
    }

    /**
     * Starts the agent.
     *
     * @param command what ends in {@code kmodscope-agent --stdio --home HOME}
     * @param home a directory of mode 0700 whose name begins with {@code kmodscope-}; the agent
     *     removes it at its end
     */
    public static ProcessLine start(List<String> command, Path home) throws KmodscopeException {
        try {
            ProcessLine line = new ProcessLine(new ProcessBuilder(command).start(), home);
            line.listener.start();
            return line;
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    command.getFirst() + " cannot be started: " + e.getMessage() + ".",
                    "Check that it is installed and that programs may be run from there.",
                    e);
        }
    }

    @Override
    public String where() {
        return "this machine";
    }

    @Override
    public String home() {
        return home.toString();
    }

    @Override
    public InputStream answers() {
        return process.getInputStream();
    }

    @Override
    public OutputStream requests() {
        return process.getOutputStream();
    }

    @Override
    public ReadableByteChannel events() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("events")));
    }

    @Override
    public String complaints() {
        return complaints.text();
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    /** The end of its input is what ends an agent; one that is stuck, and may be killed, is. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
        process.destroy();
        Threads.join(deadline, listener);
        if (process.isAlive()) {
            process.destroyForcibly();
        }
    }

    private void listen() {
        try (InputStream words = process.getErrorStream()) {
            words.transferTo(complaints);
            ended.complete(reason(process.waitFor()));
        } catch (IOException | InterruptedException e) {
            ended.complete("its end was not seen (" + e + ")");
        }
    }

    private static String reason(int status) {
        return status > 128
                ? "the agent was ended by signal " + (status - 128)
                : "the agent ended with status " + status;
    }
}
