/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.StreamEventSource;

/**
 * Events of a {@link org.kmodscope.core.target.GuestBridge}'s program, which runs in the target and
 * writes them to a port of its own. To stop, its standard input is ended; it then says how many
 * records it wrote, and the source ends when they are delivered.
 */
public final class GuestSource implements EventSource {

    private static final Duration ARMED_WITHIN = Duration.ofSeconds(60);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private final GuestVoice voice;
    private final StreamEventSource stream;
    private final AgentCommand command;

    private GuestSource(GuestVoice voice, StreamEventSource stream, AgentCommand command) {
        this.voice = voice;
        this.stream = stream;
        this.command = command;
    }

    /**
     * Starts the program and waits until it is armed.
     *
     * @param argv the whole command
     * @param events what it writes; owned from now on
     * @throws KmodscopeException FAILED with the program's own words when it could not arm
     */
    static GuestSource start(
            Agent agent, List<String> argv, ReadableByteChannel events, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        GuestVoice voice = new GuestVoice();
        StreamEventSource stream = new StreamEventSource("bridge", events);
        GuestSource source = new GuestSource(voice, stream, agent.command(argv, voice));
        boolean armed = false;
        try {
            source.awaitArmed(monitor);
            armed = true;
            return source;
        } finally {
            if (!armed) {
                source.close();
            }
        }
    }

    @Override
    public String name() {
        return stream.name();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Ends without failure when the target ends; how it ended is the session's to say.
     */
    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        stream.run(sink);
        if (Monitored.settled(command.exit(), ENDS_WITHIN)
                && !command.exit().isCompletedExceptionally()
                && !voice.ended().isDone()) {
            throw failure();
        }
    }

    @Override
    public void stop() {
        command.letGo();
        after(ENDS_WITHIN).execute(command::close);
    }

    @Override
    public void close() {
        command.close();
        stream.close();
    }

    private void awaitArmed(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        CompletableFuture<Boolean> armed = voice.armed();
        voice.ended().thenAccept(records -> stream.stopAt((int) (long) records));
        command.exit()
                .whenComplete(
                        (status, lost) -> {
                            armed.completeExceptionally(
                                    lost instanceof KmodscopeException how ? how : failure());
                            if (!voice.ended().isDone()) {
                                stream.stop();
                            }
                        });
        after(ARMED_WITHIN)
                .execute(
                        () ->
                                armed.completeExceptionally(
                                        new KmodscopeException(
                                                KmodscopeException.Kind.LAB,
                                                "The bridge was not armed within "
                                                        + ARMED_WITHIN.toSeconds()
                                                        + " s.",
                                                "Try again on a machine that is less busy.")));
        try {
            Monitored.await(armed, monitor);
        } catch (OperationCanceledException e) {
            armed.cancel(false);
            throw e;
        }
    }

    private KmodscopeException failure() {
        String words = voice.complaints();
        return new KmodscopeException(
                KmodscopeException.Kind.FAILED,
                "The bridge in the target ended: "
                        + (words.isEmpty() ? "it said nothing of why" : words),
                "Check that the driver is loaded and has fasync(); the kernel log may say more.");
    }

    private static Executor after(Duration time) {
        return CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
