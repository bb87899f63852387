/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.time.Duration;

/** Ending threads that were told to end. */
public final class Threads {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Threads() {}

    /** Until when an end that begins now may take, as {@link System#nanoTime} counts. */
    public static long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }

    /**
     * Joins threads, for {@code close()} methods: not the caller itself, all of them together no
     * longer than to the deadline, and an interruption of the caller is kept for the caller.
     */
    public static void join(long deadline, Thread... threads) {
        boolean interrupted = Thread.interrupted();
        for (Thread thread : threads) {
            try {
                if (thread != Thread.currentThread()) {
                    thread.join(Duration.ofNanos(deadline - System.nanoTime()));
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
