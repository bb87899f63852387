/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.SourceEnd;

/** What is being watched, by a thread that this owns: it is named, and joined by {@link #stop}. */
public sealed class Running implements AutoCloseable permits RunningSignals {

    private final Supplier<SourceStatistics> statistics;
    private final CompletableFuture<SourceEnd> ended = new CompletableFuture<>();
    private final EventPump pump;

    Running(EventSource source, Supplier<SourceStatistics> statistics, EventSink sink) {
        this.statistics = statistics;
        pump = EventPump.start(source, sink, ended::complete);
    }

    /** Waits for the beginning; when there is none, this has ended. */
    final void await(Armed.Live live) throws KmodscopeException, InterruptedException {
        boolean isLive = false;
        try {
            live.await();
            isLive = true;
        } finally {
            if (!isLive) {
                close();
            }
        }
    }

    /** What was counted so far. */
    public final SourceStatistics statistics() {
        return statistics.get();
    }

    /**
     * Completes, on the thread that delivers, when nothing more is delivered: after {@link #stop},
     * or before it when the device has ended or something failed, which {@link #stop} then tells.
     */
    public final CompletionStage<SourceEnd> ended() {
        return ended.minimalCompletionStage();
    }

    /**
     * Ends it, after all that happened before was delivered. Requests that are outstanding are
     * cancelled, which takes two seconds at most; those that nobody can cancel are left behind, see
     * {@link TransferStatistics#outstanding}.
     *
     * @throws KmodscopeException with what ended it before; LAB when it does not end within six
     *     seconds, because a driver waits in a way that nothing interrupts
     * @throws IllegalStateException in the sink, which would wait for itself
     */
    public final Stopped stop() throws KmodscopeException {
        pump.close();
        SourceEnd end = pump.end().orElseThrow();
        if (end.failure().isPresent()) {
            throw end.failure().get();
        }
        return new Stopped(statistics());
    }

    /** As {@link #stop}, but tells nothing. */
    @Override
    public final void close() {
        pump.close();
    }
}
