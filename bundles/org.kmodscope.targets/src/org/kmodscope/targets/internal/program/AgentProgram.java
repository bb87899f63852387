/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.program;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.targets.internal.agent.Agent;
import org.kmodscope.targets.internal.agent.AgentClient;
import org.kmodscope.targets.internal.agent.Greeting;
import org.kmodscope.targets.internal.agent.Monitored;
import org.kmodscope.targets.internal.agent.Place;
import org.kmodscope.targets.internal.agent.Threads;

/**
 * An agent that is a program of a machine which goes on without it. When it is lost, its end says
 * when that was and what had been asked for by then.
 */
public final class AgentProgram implements Place {

    /** An agent that ends takes its line with it, and the line knows why. */
    private static final Duration ENDS_TOGETHER = Duration.ofSeconds(3);

    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(1);

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Line line;
    private final AgentClient client;
    private final CompletableFuture<TargetEnd> ended = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private AgentProgram(Line line, AgentClient client) {
        this.line = line;
        this.client = client;
    }

    /**
     * Begins to talk with the agent at the other end of a line.
     *
     * @param name what its threads' names begin with
     * @param line owned from now on
     */
    public static AgentProgram start(String name, Line line) {
        AgentClient client = AgentClient.start(name, line.answers(), line.requests());
        AgentProgram program = new AgentProgram(line, client);
        client.broken().thenAccept(program::lost);
        return program;
    }

    /**
     * Waits until the agent works.
     *
     * @throws KmodscopeException LAB with the agent's own words when it does not
     */
    public Greeting handshake(Duration limit, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try {
            return client.handshake(limit, monitor);
        } catch (KmodscopeException e) {
            String words = line.complaints().strip();
            throw new KmodscopeException(
                    e.kind(),
                    "The agent does not work on "
                            + line.where()
                            + ". "
                            + e.getMessage()
                            + (words.isEmpty() ? "" : "\nIt said: " + words),
                    e.remedy(),
                    e);
        }
    }

    @Override
    public AgentClient client() {
        return client;
    }

    @Override
    public String scratch() {
        return line.home();
    }

    @Override
    public ReadableByteChannel events() throws KmodscopeException {
        try {
            return line.events();
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The agent's events on "
                            + line.where()
                            + " cannot be read: "
                            + Reason.of(e)
                            + ".",
                    "Open the target again.",
                    e);
        }
    }

    @Override
    public EventSource bridge(Agent agent, ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException {
        throw new KmodscopeException(
                Kind.MISSING,
                "The bridge needs Java, which kmodscope does not bring to " + line.where() + ".",
                "Use the agent there (--source agent), or the bridge in a lab (--target qemu).");
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return ended.minimalCompletionStage();
    }

    /** Has the agent end, so that it leaves nothing there, then the line. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        long deadline = Threads.deadline();
        end(new TargetEnd.Closed());
        if (!client.broken().isDone()) {
            client.shutdown();
            awaitLeaving();
        }
        line.close();
        client.close(deadline);
    }

    private void awaitLeaving() {
        boolean interrupted = Thread.interrupted();
        try {
            Monitored.settled(line.ended(), LEAVES_WITHIN);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void lost(String how) {
        String time = LocalTime.now().format(CLOCK);
        List<String> pending = client.pending();
        line.ended()
                .copy()
                .completeOnTimeout(how, ENDS_TOGETHER.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete(
                        (reason, failure) -> lost(time, reason == null ? how : reason, pending));
    }

    private void lost(String time, String reason, List<String> pending) {
        StringBuilder text = new StringBuilder(reason).append(" at ").append(time);
        if (!pending.isEmpty()) {
            text.append(", with this not done: ").append(String.join(", ", pending));
        }
        end(new TargetEnd.Vanished(text.toString(), line.complaints()));
    }

    /** The first end is the one that counts. */
    private void end(TargetEnd how) {
        if (ended.complete(how)) {
            client.fail(failure(how));
        }
    }

    private KmodscopeException failure(TargetEnd end) {
        return switch (end) {
            case TargetEnd.Closed() -> lab("The session on " + line.where() + " was closed.");
            case TargetEnd.Panicked(String reason, String log) ->
                    lab("The kernel of " + line.where() + " panicked: " + reason + '.');
            case TargetEnd.Vanished(String reason, String log) ->
                    lab("The connection to " + line.where() + " was lost: " + reason + '.');
        };
    }

    private static KmodscopeException lab(String what) {
        return new KmodscopeException(
                Kind.LAB, what, "Open the target again when the machine can be reached.");
    }
}
