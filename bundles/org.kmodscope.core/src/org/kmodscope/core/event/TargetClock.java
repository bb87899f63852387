/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * Knows what the target's clock shows by the fastest of the records that came lately: the least
 * difference between the time of arrival here and the time in the record. Owned by one thread.
 */
final class TargetClock {

    /** How long a difference is believed; clocks of emulated machines drift. */
    private static final long BELIEVED_NANOS = 5_000_000_000L;

    private long least = Long.MAX_VALUE;
    private long leastBefore = Long.MAX_VALUE;
    private long since;

    void clear() {
        least = Long.MAX_VALUE;
        leastBefore = Long.MAX_VALUE;
    }

    /** A record of this time arrived at that moment of the own clock. */
    void arrived(long time, long now) {
        if (least == Long.MAX_VALUE) {
            since = now;
        } else if (now - since > BELIEVED_NANOS) {
            leastBefore = least;
            least = Long.MAX_VALUE;
            since = now;
        }
        least = Math.min(least, now - time);
    }

    /** What the target's clock shows at a moment of the own clock; 0 before any record. */
    long targetTime(long now) {
        long delay = Math.min(least, leastBefore);
        return delay == Long.MAX_VALUE ? 0 : now - delay;
    }
}
