/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.process.HostCommand;

/**
 * The agent as a process of this machine: the same program as in a lab, with pipes for ports. Named
 * pipes stand for devices: they have fasync(), and a kernel that does it right.
 */
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
final class AgentOnHost implements AutoCloseable {

    static final IProgressMonitor MONITOR = new NullProgressMonitor();
    static final Duration LIMIT = Duration.ofSeconds(30);

    final Process process;
    final AgentClient client;
    final FileChannel events;

    private AgentOnHost(Process process, AgentClient client, FileChannel events) {
        this.process = process;
        this.client = client;
        this.events = events;
    }

    /** Starts it, before the handshake. */
    static AgentOnHost start(Path directory) throws Exception {
        NativePrograms programs =
                NativePrograms.require(CacheDirectory.of(System.getenv()), MONITOR);
        Path fifo = pipe(directory.resolve("events"));
        Process process =
                new ProcessBuilder(
                                programs.agent().toString(), "--stdio", "--events", fifo.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        FileChannel events = FileChannel.open(fifo, StandardOpenOption.READ);
        AgentClient client =
                AgentClient.start("test", process.getInputStream(), process.getOutputStream());
        return new AgentOnHost(process, client, events);
    }

    /** Starts it, ready to work. */
    static AgentOnHost ready(Path directory) throws Exception {
        AgentOnHost host = start(directory);
        host.client.handshake(LIMIT, MONITOR);
        return host;
    }

    Agent agent() {
        return new Agent(client, "test", "/tmp");
    }

    /** Makes a named pipe. */
    static Path pipe(Path path) throws Exception {
        int exit = HostCommand.of("mkfifo", path.toString()).capture(MONITOR).exit();
        if (exit != 0) {
            throw new IOException("mkfifo " + path);
        }
        return path;
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
        client.close();
        events.close();
    }
}
