/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jdt.annotation.Nullable;
import sun.misc.Signal;

/**
 * What Ctrl-C means. The first one cancels the command, unless the command has said that it means
 * "enough" ({@link #firstMeans}); then the second one cancels. One more ends the process at once:
 * labs end with their owner whatever happens to it.
 *
 * <p>A shutdown hook would not do: it cannot turn the first Ctrl-C into a regular end, and never
 * hears of a second one. A SIGINT that was ignored when this process started stays ignored (nohup).
 */
public final class Interruption {

    /** What a process ended by Ctrl-C returns: 128 + SIGINT. */
    public static final int EXIT = 130;

    private final Thread worker;
    private final Runnable abort;
    private final AtomicReference<@Nullable Runnable> enough = new AtomicReference<>();
    private volatile boolean cancelled;

    /**
     * @param worker the thread that runs the command; it is interrupted when that is cancelled
     * @param abort ends the process at once
     */
    public Interruption(Thread worker, Runnable abort) {
        this.worker = worker;
        this.abort = abort;
    }

    /** Listens to SIGINT, SIGTERM and SIGHUP from now on. */
    public void listen() {
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            Signal.handle(new Signal(name), signal -> deliver());
        }
    }

    /** Whether the command was cancelled. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Until the result is closed, the first Ctrl-C runs this action instead of cancelling. */
    public Scope firstMeans(Runnable action) {
        enough.set(action);
        return () -> enough.compareAndSet(action, null);
    }

    /** One Ctrl-C. */
    void deliver() {
        @Nullable Runnable action = enough.getAndSet(null);
        if (action != null) {
            action.run();
        } else if (!cancelled) {
            cancelled = true;
            worker.interrupt();
        } else {
            abort.run();
        }
    }

    /** A time in which Ctrl-C has another meaning. */
    public interface Scope extends AutoCloseable {

        @Override
        void close();
    }
}
