/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/** A source that runs, and the way of its records into the merge. Owned by the model's thread. */
final class EventFeed {

    private static final int BATCH = 4096;

    private final int source;
    private final int[] streams;
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
     * @param streams the numbers of the sources that its streams are, from stream 1 on
     */
    EventFeed(
            int source,
            int[] streams,
            EventRing ring,
            EventPump pump,
            EventMerge merge,
            TargetClock clock) {
        this.source = source;
        this.streams = streams;
        this.ring = ring;
        this.pump = pump;
        this.merge = merge;
        toMerge =
                (time, head, request, result, tail) -> {
                    clock.arrived(time, now);
                    merge.add(sourceOf(head), now, time, head, request, result, tail);
                };
    }

    private int sourceOf(long head) {
        int stream = EventCodec.stream(head);
        return stream > 0 && stream <= streams.length ? streams[stream - 1] : source;
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

    /** Says of its sources whether they run. */
    void tellRunning(boolean[] running) {
        running[source] |= running();
        for (int each : streams) {
            running[each] |= running();
        }
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
