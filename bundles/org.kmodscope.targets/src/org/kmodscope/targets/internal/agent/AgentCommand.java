/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;

/** A program that the agent runs. */
final class AgentCommand implements RemoteCommand {

    private static final int SIGKILL = 9;
    private static final int INPUT_CHUNK = 64 * 1024;
    private static final Duration KILL_TAKES = Duration.ofSeconds(2);

    private final AgentClient client;
    private final int id;
    private final String program;
    private final OutputSink sink;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    AgentCommand(AgentClient client, int id, String program, OutputSink sink) {
        this.client = client;
        this.id = id;
        this.program = program;
        this.sink = sink;
    }

    OutputSink sink() {
        return sink;
    }

    /** What runs, as it was named. */
    String program() {
        return program;
    }

    CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public int waitFor(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        try {
            return Monitored.await(exit, monitor);
        } catch (OperationCanceledException e) {
            close();
            Monitored.settled(exit, KILL_TAKES);
            throw e;
        } catch (InterruptedException e) {
            close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes) throws KmodscopeException, InterruptedException {
        for (int at = 0; at < bytes.length; at += INPUT_CHUNK) {
            int end = Math.min(at + INPUT_CHUNK, bytes.length);
            input(Arrays.copyOfRange(bytes, at, end));
        }
    }

    @Override
    public void closeInput() throws KmodscopeException, InterruptedException {
        input(new byte[0]);
    }

    @Override
    public void signal(int number) throws KmodscopeException, InterruptedException {
        byte[] payload = new PayloadWriter().u32(id).u32(number).toBytes();
        check(client.request(FrameType.SIGNAL, payload));
    }

    @Override
    public void close() {
        if (!exit.isDone()) {
            client.request(FrameType.SIGNAL, new PayloadWriter().u32(id).u32(SIGKILL).toBytes());
        }
    }

    /** Ends its input without waiting for an answer. */
    void letGo() {
        client.request(FrameType.STDIN, new PayloadWriter().u32(id).toBytes());
    }

    private void input(byte[] chunk) throws KmodscopeException, InterruptedException {
        byte[] payload = new PayloadWriter().u32(id).bytes(chunk, chunk.length).toBytes();
        check(client.request(FrameType.STDIN, payload));
    }

    private void check(CompletableFuture<Answer> answer)
            throws KmodscopeException, InterruptedException {
        if (Monitored.await(answer) instanceof Answer.Refused refused) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.FAILED,
                    program + ": " + refused.text() + ".",
                    "Look at what the program printed before it ended.");
        }
    }
}
