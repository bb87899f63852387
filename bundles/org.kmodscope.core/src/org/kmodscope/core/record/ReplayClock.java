/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the threads of a replay wait for: time, another call, the end. */
final class ReplayClock {

    /** How often what may end a wait is asked. */
    private static final long ASK_NANOS = Duration.ofMillis(50).toNanos();

    /** Between lines of up to 512 records: less than 200,000 a second. */
    private static final long BREATH_NANOS = Duration.ofMillis(3).toNanos();

    private static final long MICROS_MAX = Duration.ofDays(1).toNanos() / 1000;

    private final boolean timed;
    private boolean over;

    /**
     * @param timed whether things take the time they took
     */
    ReplayClock(boolean timed) {
        this.timed = timed;
    }

    /** Ends all waiting. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    /** Has those who wait look again. */
    synchronized void wake() {
        notifyAll();
    }

    synchronized boolean over() {
        return over;
    }

    /** Lets so much time pass since a moment of nanoTime(), unless it is enough before. */
    synchronized void pass(long since, long micros, BooleanSupplier enough)
            throws InterruptedException {
        long until = since + 1000 * Math.clamp(micros, 0, MICROS_MAX);
        long left = until - System.nanoTime();
        while (timed && left > 0 && !over && !enough.getAsBoolean()) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, ASK_NANOS));
            left = until - System.nanoTime();
        }
    }

    /** Waits for it, or for the end. */
    synchronized void until(BooleanSupplier enough) throws InterruptedException {
        while (!over && !enough.getAsBoolean()) {
            TimeUnit.NANOSECONDS.timedWait(this, ASK_NANOS);
        }
    }

    /**
     * Lets those who take records keep up. Between a source and the model is a ring that never
     * makes a source wait: faster than it is emptied, records would be lost.
     */
    synchronized void breathe() throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(this, BREATH_NANOS);
    }
}
