/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * The signals of one source that the kernel has generated and that have not arrived yet, by number.
 * Signals of one number to one thread arrive in the order in which they were queued, and both sides
 * count: so they are joined exactly, whatever was lost in between. Owned by one thread.
 */
final class GeneratedSignals {

    /** The write that caused a signal is not known. */
    static final long NO_WRITE = Long.MIN_VALUE;

    private static final long NONE = Long.MIN_VALUE;

    private final LongQueue times = new LongQueue(NotificationTracker.PENDING);
    private final LongQueue writes = new LongQueue(NotificationTracker.PENDING);
    private long openWrite = NO_WRITE;
    private int open;
    private long time = NONE;
    private long write = NO_WRITE;

    /** A write call of this source began. */
    void writeStarted(long start) {
        openWrite = start;
        open++;
    }

    /** A write call of this source ended. */
    void writeEnded() {
        open = Math.max(0, open - 1);
        openWrite = NO_WRITE;
    }

    /** Something was lost: whether a write call goes on now is not known. */
    void forgetWrites() {
        open = 0;
        openWrite = NO_WRITE;
    }

    /**
     * The kernel queued a signal.
     *
     * @param ownWrite whether it did so inside a write call of this source
     */
    void generated(long number, long at, boolean ownWrite) {
        if (times.isFull()) {
            times.remove();
            writes.remove();
        }
        times.add(at, number);
        // With two calls at once it is not known which.
        writes.add(at, ownWrite && open == 1 ? openWrite : NO_WRITE);
    }

    /** A signal arrived; whether it is known when it was generated. */
    boolean arrived(long number) {
        time = NONE;
        while (!times.isEmpty() && times.second(0) <= number) {
            if (times.second(0) == number) {
                time = times.first(0);
                write = writes.second(0);
            }
            times.remove();
            writes.remove();
        }
        return time != NONE;
    }

    /** When the signal that arrived last was generated. */
    long time() {
        return time;
    }

    /** The start of the write that caused the signal that arrived last, or {@link #NO_WRITE}. */
    long write() {
        return write;
    }
}
