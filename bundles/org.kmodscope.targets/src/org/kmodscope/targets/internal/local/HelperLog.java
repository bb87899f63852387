/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.targets.internal.agent.AgentClient;
import org.kmodscope.targets.internal.agent.Threads;

/**
 * The kernel's log by the helper, for users whom the kernel does not show it
 * (kernel.dmesg_restrict). The helper ends when its standard input does, so it does not outlive
 * this process.
 */
final class HelperLog implements AutoCloseable {

    private static final Duration ASK = Duration.ofMillis(50);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(1);

    private final Process process;
    private final BufferedReader lines;
    private final Thread reader;

    private HelperLog(Process process, BufferedReader lines, AgentClient client) {
        this.process = process;
        this.lines = lines;
        reader =
                Thread.ofPlatform()
                        .name("kmodscope kernel log")
                        .daemon()
                        .unstarted(() -> follow(client));
    }

    /**
     * Starts it, and returns when every further line will be seen; the user may be asked for a
     * password, for as long as that takes. Cancelling takes the question away.
     *
     * @throws KmodscopeException FAILED when the right was not given
     */
    static HelperLog start(RootWay way, AgentClient client, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Process process = started(way.command(List.of("log")));
        boolean follows = false;
        try {
            BufferedReader lines = process.inputReader();
            if (!"following".equals(firstLine(process, lines, monitor))) {
                String words = new String(process.getErrorStream().readAllBytes());
                throw way.denied(process.waitFor(), words);
            }
            HelperLog log = new HelperLog(process, lines, client);
            log.reader.start();
            follows = true;
            return log;
        } catch (IOException e) {
            throw cannotStart(e);
        } finally {
            if (!follows) {
                end(process);
            }
        }
    }

    /**
     * Ends it at whatever point it is. A sudo is root's and cannot be killed, but it gives up
     * without an answer: the program that asks for the password is the user's. The helper ends with
     * its input.
     */
    private static void end(Process process) {
        closeInput(process);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static void closeInput(Process process) {
        try {
            process.outputWriter().close();
        } catch (IOException ended) {
            // It is gone already, which is what is wanted.
        }
    }

    private static Process started(List<String> command) throws KmodscopeException {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw cannotStart(e);
        }
    }

    private static KmodscopeException cannotStart(IOException e) {
        return new KmodscopeException(
                Kind.MISSING,
                "The helper cannot be started: " + e.getMessage() + ".",
                "Install it again: kmodscope local --install",
                e);
    }

    /** What it says first; nothing when it ended without a word. */
    private static String firstLine(Process process, BufferedReader lines, IProgressMonitor monitor)
            throws IOException, InterruptedException {
        while (!lines.ready() && !process.waitFor(ASK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (monitor.isCanceled()) {
                throw new OperationCanceledException();
            }
        }
        return Optional.ofNullable(lines.readLine()).orElse("");
    }

    private void follow(AgentClient client) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<KernelLogLine> said = RootCalls.logLine(line);
                if (said.isPresent()) {
                    client.kernelSays(said.get());
                }
            }
        } catch (IOException | InterruptedException e) {
            // Closed: nobody listens any more.
            return;
        }
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
        closeInput(process);
        Threads.join(deadline, reader);
        process.destroy();
    }
}
