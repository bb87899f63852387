/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
     * password.
     *
     * @throws KmodscopeException FAILED when the right was not given
     */
    static HelperLog start(RootWay way, AgentClient client)
            throws KmodscopeException, InterruptedException {
        try {
            Process process = new ProcessBuilder(way.command(List.of("log"))).start();
            BufferedReader lines = process.inputReader();
            if (!"following".equals(lines.readLine())) {
                String words = new String(process.getErrorStream().readAllBytes());
                throw way.denied(process.waitFor(), words);
            }
            HelperLog log = new HelperLog(process, lines, client);
            log.reader.start();
            return log;
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The helper cannot be started: " + e.getMessage() + ".",
                    "Install it again: kmodscope local --install",
                    e);
        }
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
        try {
            process.outputWriter().close();
        } catch (IOException ended) {
            // It is gone already, which is what is wanted.
        }
        Threads.join(deadline, reader);
        process.destroy();
    }
}
