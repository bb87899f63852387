/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * The write calls since the last quiet moment: what a descriptor whose first signal arrives may
 * have been signalled for.
 */
final class WriteLog {

    private final LongQueue writes = new LongQueue(NotificationTracker.PENDING);
    private long latest = Long.MIN_VALUE;
    private boolean complete;

    /** A write began. */
    void started(long time, long call) {
        if (latest == Long.MIN_VALUE || time - latest >= NotificationTracker.QUIET_NANOS) {
            writes.clear();
            complete = true;
        } else if (writes.isFull()) {
            forget();
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

    /** Something was lost: what is here is no longer all. */
    void forget() {
        writes.clear();
        complete = false;
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
