/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/** A source that runs, and the way of its records into the merge. Owned by the model's thread. */
final class EventFeed {

    private static final int BATCH = 4096;

    private final int source;
    private final EventRing ring;
    private final EventPump pump;
    private final EventMerge merge;
    private final EventSink toMerge;
    private long now;
    private boolean over;

    /** The order that the merge gives to what follows the last record. */
    private long lastOrder;

    /**
     * @param source its number in the model
     */
    EventFeed(int source, EventRing ring, EventPump pump, EventMerge merge, TargetClock clock) {
        this.source = source;
        this.ring = ring;
        this.pump = pump;
        this.merge = merge;
        toMerge =
                (time, head, request, result, tail) -> {
                    clock.arrived(time, now);
                    merge.add(source, now, time, head, request, result, tail);
                };
    }

    /**
     * Takes what is in the ring; a flood of one source does not keep the others waiting.
     *
     * @return how many records came
     */
    int drain(long arrived) {
        now = arrived;
        boolean ended = !pump.running();
        int sum = 0;
        int some;
        do {
            some = ring.drain(toMerge, BATCH);
            sum += some;
        } while (some == BATCH && sum < ring.capacity());
        if (ended && !over && some < BATCH) {
            over = true;
            lastOrder = merge.nextOrder();
        }
        return sum;
    }

    /** Its number in the model. */
    int source() {
        return source;
    }

    /** Its pump. */
    EventPump pump() {
        return pump;
    }

    /** Whether more may come out of the ring. */
    boolean running() {
        return !over;
    }

    /** Whether all that it ever told has left the merge. */
    boolean isDone() {
        return over && merge.oldestOrder() >= lastOrder;
    }
}
