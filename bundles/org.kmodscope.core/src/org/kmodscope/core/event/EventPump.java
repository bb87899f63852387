/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;

/**
 * Runs one source on a platform thread of its own, into a sink, from {@link #start} to the source's
 * end or {@link #close}. Methods may be called from any thread but the pump's own.
 */
public final class EventPump implements AutoCloseable {

    /** What a source that was told to stop gets before it is abandoned. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What it gets after it was closed and its thread interrupted. */
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(1);

    private final EventSource source;
    private final EventSink sink;
    private final Consumer<SourceEnd> onEnd;
    private final Thread thread;
    private volatile @Nullable SourceEnd end;

    private EventPump(EventSource source, EventSink sink, Consumer<SourceEnd> onEnd) {
        this.source = source;
        this.sink = sink;
        this.onEnd = onEnd;
        thread =
                Thread.ofPlatform()
                        .name("kmodscope-pump " + source.name())
                        .daemon()
                        .unstarted(this::run);
    }

    /**
     * Starts pumping; the pump closes the source when it is done.
     *
     * @param onEnd told once, on the pump's thread, after the last record; returns soon
     */
    public static EventPump start(EventSource source, EventSink sink, Consumer<SourceEnd> onEnd) {
        EventPump pump = new EventPump(source, sink, onEnd);
        pump.thread.start();
        return pump;
    }

    /** The source's name. */
    public String name() {
        return source.name();
    }

    /** The names of its streams, see {@link EventSource#streams}. */
    public List<String> streams() {
        return source.streams();
    }

    /** Whether records may still come. */
    public boolean running() {
        return end == null;
    }

    /** How the source ended; empty while it runs. */
    public Optional<SourceEnd> end() {
        SourceEnd how = end;
        return how == null ? Optional.empty() : Optional.of(how);
    }

    /**
     * Stops the source and waits for the last of its records, five seconds, or gives it up.
     *
     * @throws IllegalStateException in the sink, which would wait for itself
     */
    @Override
    public void close() {
        if (Thread.currentThread() == thread) {
            if (running()) {
                throw new IllegalStateException(
                        "a sink cannot wait for its own thread: have another one stop the source");
            }
            return;
        }
        source.stop();
        if (!join(PATIENCE)) {
            ended(
                    Optional.of(
                            new KmodscopeException(
                                    KmodscopeException.Kind.LAB,
                                    "The source of events \""
                                            + name()
                                            + "\" did not stop within "
                                            + PATIENCE.toSeconds()
                                            + " seconds.",
                                    "Close the target and open it again.")));
            source.close();
            thread.interrupt();
            join(LAST_PATIENCE);
        }
    }

    /** Waits without giving up when interrupted; the interrupt is kept for the caller. */
    private boolean join(Duration patience) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                try {
                    return thread.join(Duration.ofNanos(deadline - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        Optional<KmodscopeException> failure = Optional.empty();
        try (source) {
            source.run(sink);
        } catch (KmodscopeException e) {
            failure = Optional.of(e);
        } catch (InterruptedException e) {
            // Only the owner of this thread interrupts it, and means its end by that.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure =
                    Optional.of(
                            new KmodscopeException(
                                    KmodscopeException.Kind.LAB,
                                    "The source of events \"" + name() + "\" broke: " + e,
                                    "This is a defect of kmodscope; please report it.",
                                    e));
        }
        ended(failure);
    }

    private void ended(Optional<KmodscopeException> failure) {
        SourceEnd how = new SourceEnd(name(), failure);
        synchronized (thread) {
            if (end != null) {
                return;
            }
            end = how;
        }
        onEnd.accept(how);
    }
}
