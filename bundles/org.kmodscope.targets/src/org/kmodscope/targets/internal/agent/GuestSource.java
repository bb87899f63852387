/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.StreamEventSource;
import org.kmodscope.core.target.IoModel;

/**
 * Events of a {@link org.kmodscope.core.target.GuestBridge}'s program, which runs in the target and
 * writes them to a port of its own. To stop, its standard input is ended; it then says how many
 * records it wrote, and the source ends when they are delivered.
 */
public final class GuestSource implements EventSource {

    private static final Duration ARMED_WITHIN = Duration.ofSeconds(60);

    /** Clearly less than a pump waits for a source that it stopped. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(3);

    private static final Duration KILL_TAKES = Duration.ofSeconds(2);

    private final IoModel model;
    private final GuestVoice voice;
    private final StreamEventSource stream;
    private final AgentCommand command;

    private GuestSource(
            IoModel model, GuestVoice voice, StreamEventSource stream, AgentCommand command) {
        this.model = model;
        this.voice = voice;
        this.stream = stream;
        this.command = command;
    }

    /**
     * Starts the program and waits until it is armed.
     *
     * @param argv the whole command
     * @param model how it was told to watch
     * @param events what it writes; owned from now on
     * @throws KmodscopeException FAILED with the program's own words when it could not arm
     */
    static GuestSource start(
            Agent agent,
            List<String> argv,
            IoModel model,
            ReadableByteChannel events,
            IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        GuestVoice voice = new GuestVoice();
        StreamEventSource stream = new StreamEventSource("bridge", events);
        GuestSource source;
        try {
            source = new GuestSource(model, voice, stream, agent.command(argv, voice));
        } catch (KmodscopeException | InterruptedException | RuntimeException e) {
            stream.close();
            throw e;
        }
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

    @Override
    public List<String> streams() {
        return model.sources(name());
    }

    /**
     * {@inheritDoc}
     *
     * <p>Ends without failure when the target ends; how it ended is the session's to say. Fails
     * when the program cannot end because of the driver, which nobody would notice otherwise but by
     * the module that cannot be unloaded.
     */
    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        stream.run(sink);
        if (voice.held().isDone()) {
            throw held(voice.held().join());
        }
        if (Monitored.settled(command.exit(), ENDS_WITHIN)
                && !command.exit().isCompletedExceptionally()
                && !voice.ended().isDone()) {
            throw failure();
        }
    }

    @Override
    public void stop() {
        command.letGo();
        command.exit()
                .copy()
                .orTimeout(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((status, lost) -> command.close());
    }

    /** Returns when the program is gone, or after two seconds: until then the port is its own. */
    @Override
    public void close() {
        command.close();
        boolean interrupted = Thread.interrupted();
        try {
            Monitored.settled(command.exit(), KILL_TAKES);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        stream.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
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
        if (!Monitored.settled(armed, ARMED_WITHIN, monitor)) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.LAB,
                    "The bridge was not armed within " + ARMED_WITHIN.toSeconds() + " s.",
                    "Try again on a machine that is less busy.");
        }
        Monitored.await(armed);
    }

    private static KmodscopeException held(long requests) {
        return new KmodscopeException(
                KmodscopeException.Kind.FAILED,
                requests
                        + " of the bridge's requests could not be cancelled, and the kernel keeps"
                        + " its program until they are done.",
                "Have the driver call kiocb_set_cancel_fn() for what it queues. These requests end"
                        + " when the device has something for them, or with the target; until then"
                        + " the module cannot be unloaded.");
    }

    private KmodscopeException failure() {
        String words = voice.complaints();
        return new KmodscopeException(
                KmodscopeException.Kind.FAILED,
                "The bridge in the target ended: "
                        + (words.isEmpty() ? "it said nothing of why" : words),
                "Check that the driver is loaded and has fasync(); the kernel log may say more.");
    }
}
