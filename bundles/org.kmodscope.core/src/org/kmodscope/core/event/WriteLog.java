/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * The write calls since the last quiet moment: what a descriptor whose first signal arrives may
 * have been signalled for.
 */
final class WriteLog {

    /** A clock that goes back so far is that of another boot. */
    private static final long RESTARTED_NANOS = 1_000_000_000;

    private final LongQueue writes = new LongQueue(NotificationTracker.PENDING);
    private long latest = Long.MIN_VALUE;
    private boolean complete;

    /** A write began. */
    void started(long time, long call) {
        boolean quiet = time - latest >= NotificationTracker.QUIET_NANOS;
        if (latest == Long.MIN_VALUE || quiet || time < latest - RESTARTED_NANOS) {
            writes.clear();
            complete = true;
        } else if (writes.isFull()) {
            forget(latest);
        }
        if (complete) {
            writes.add(time, call);
        }
        latest = time;
    }

    /** A write returned without having written. */
    void failed(long call) {
        writes.removeSecond(call);
    }

    /** Something was lost until this time: what is here is no longer all. */
    void forget(long time) {
        writes.clear();
        complete = false;
        latest = Math.max(latest, time);
    }

    /** Whether {@link #writes} are all since a quiet moment. */
    boolean isComplete() {
        return complete || latest == Long.MIN_VALUE;
    }

    /** When the latest write began; the beginning of time when none did. */
    long latest() {
        return latest;
    }

    /** The start and the number of each call. */
    LongQueue writes() {
        return writes;
    }
}
