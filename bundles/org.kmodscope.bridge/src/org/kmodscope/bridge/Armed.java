/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;

/**
 * An open device that is ready to be watched. It is started once, in one of two ways: by {@link
 * #start}, or by whoever runs {@link #asSource}. Starting it again, or when it is closed, is an
 * {@link IllegalStateException}, and does nothing to what runs.
 */
public final class Armed implements AutoCloseable {

    /** Waits until a source that runs has begun to watch. */
    interface Live {
        void await() throws KmodscopeException, InterruptedException;
    }

    private enum State {
        READY,
        STARTED,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.READY);
    private final EventSource source;
    private final Live live;
    private final Supplier<SourceStatistics> statistics;

    Armed(EventSource source, Live live, Supplier<SourceStatistics> statistics) {
        this.source = source;
        this.live = live;
        this.statistics = statistics;
    }

    /**
     * Begins to watch, in a thread of the bridge's own. What the device does from the return on is
     * seen.
     *
     * @param sink takes the records; called by that thread alone
     * @throws KmodscopeException FAILED when the driver refuses after all
     */
    public Running start(EventSink sink) throws KmodscopeException, InterruptedException {
        leaveReady();
        Running running = new Running(source, statistics, sink);
        running.await(live);
        return running;
    }

    /** The same as a source that somebody else runs, such as an EventPump. */
    public EventSource asSource() {
        leaveReady();
        return source;
    }

    /** Frees the device. What was started from this is stopped. */
    @Override
    public void close() {
        state.set(State.CLOSED);
        source.close();
    }

    private void leaveReady() {
        State was = state.compareAndExchange(State.READY, State.STARTED);
        if (was != State.READY) {
            throw new IllegalStateException(
                    was == State.CLOSED
                            ? "this device is closed; arm it again"
                            : "this device is watched already; arm it again to watch it twice");
        }
    }
}
