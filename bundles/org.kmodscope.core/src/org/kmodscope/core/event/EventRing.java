/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Hands records from the one thread of a source to the one thread of the model. It never blocks,
 * never allocates after its construction, and loses nothing in silence: what finds no room is
 * counted, and the count goes out as a {@link EventKind#LOST} record in its place in the order, as
 * soon as there is room again or the reader has emptied the ring.
 *
 * <pre>
 *            head (reader)            tail (writer)
 *              v                        v
 *  +----+----+----+----+----+----+----+----+     one slot = five longs (EventCodec)
 *  |free|free|  r |  r |  r |  r |  r |free|     slot of position p: (p mod capacity) * 5
 *  +----+----+----+----+----+----+----+----+
 *
 *  owed (both): 63 ... 1  records refused and not yet told of
 *               0         whether what was refused stood for a loss of unknown size
 * </pre>
 *
 * <p>Every record that is accepted happens-before its delivery. Positions are 64-bit and never
 * wrap. Fields of the two threads lie 128 bytes apart, so that they do not share a cache line (or
 * the pair of lines that x86 prefetches).
 */
public final class EventRing implements EventSink {

    /** Records a ring holds unless told otherwise: 65 ms at a million events per second. */
    public static final int DEFAULT_CAPACITY = 65_536;

    private static final int WORDS = EventCodec.RECORD_WORDS;
    private static final long MOST_OWED = Long.MAX_VALUE >>> 1;
    private static final VarHandle AT = MethodHandles.arrayElementVarHandle(long[].class);

    // Places in the array of indices.
    private static final int LINE = 16;
    private static final int HEAD = LINE;
    private static final int TAIL = 2 * LINE;
    private static final int OWED = 3 * LINE;

    // Written by the writer, read by the reader when it tells of a loss.
    private static final int REFUSED = 4 * LINE;
    private static final int FIRST_REFUSED = REFUSED + 1;
    private static final int LAST_REFUSED = REFUSED + 2;

    // The writer's own.
    private static final int NEXT_IN = 5 * LINE;
    private static final int HEAD_SEEN = NEXT_IN + 1;
    private static final int OWING = NEXT_IN + 2;

    // The reader's own.
    private static final int NEXT_OUT = 6 * LINE;
    private static final int TAIL_SEEN = NEXT_OUT + 1;

    private final long[] slots;
    private final long[] index = new long[8 * LINE];
    private final int mask;
    private final EventSink toSlots = this::store;

    /** A ring of {@link #DEFAULT_CAPACITY}. */
    public EventRing() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * @param capacity how many records it holds, a power of two from 2 to 2<sup>24</sup>
     */
    public EventRing(int capacity) {
        if (capacity < 2 || capacity > 1 << 24 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("not a power of two from 2 to 2^24: " + capacity);
        }
        slots = new long[capacity * WORDS];
        mask = capacity - 1;
    }

    /** How many records it holds. */
    public int capacity() {
        return mask + 1;
    }

    /** Called by the writing thread only. */
    @Override
    public void accept(long time, long head, long request, long result, long tail) {
        long needed = 1 + index[OWING];
        if (index[NEXT_IN] + needed - index[HEAD_SEEN] > capacity()) {
            index[HEAD_SEEN] = (long) AT.getAcquire(index, HEAD);
            if (index[NEXT_IN] + needed - index[HEAD_SEEN] > capacity()) {
                refuse(time, head, result);
                return;
            }
        }
        if (index[OWING] != 0) {
            index[OWING] = 0;
            long owed = (long) AT.getAndSet(index, OWED, 0L);
            if (owed != 0) {
                sendLost(owed, toSlots);
            }
        }
        store(time, head, request, result, tail);
        AT.setRelease(index, TAIL, index[NEXT_IN]);
    }

    /**
     * Delivers what is there, in order, and frees its room. Called by the reading thread only.
     *
     * @param max how many records at most
     * @return how many were delivered
     */
    public int drain(EventSink to, int max) {
        long first = index[NEXT_OUT];
        if (index[TAIL_SEEN] - first < max) {
            index[TAIL_SEEN] = (long) AT.getAcquire(index, TAIL);
        }
        int count = (int) Math.min(index[TAIL_SEEN] - first, max);
        for (long position = first; position < first + count; position++) {
            int at = (int) (position & mask) * WORDS;
            to.accept(slots[at], slots[at + 1], slots[at + 2], slots[at + 3], slots[at + 4]);
        }
        if (count > 0) {
            index[NEXT_OUT] = first + count;
            AT.setRelease(index, HEAD, first + count);
        }
        if (count < max && (long) AT.getAcquire(index, OWED) != 0) {
            return count + settle(to);
        }
        return count;
    }

    /** How many records were refused since the start. Any thread may ask. */
    public long refused() {
        return (long) AT.getAcquire(index, REFUSED);
    }

    /** Tells of what is owed when the writer has had no record since; the ring is empty then. */
    private int settle(EventSink to) {
        // What the writer stored between the drain and this look must stay before the loss.
        if ((long) AT.getAcquire(index, TAIL) != index[NEXT_OUT]) {
            return 0;
        }
        long owed = (long) AT.getAndSet(index, OWED, 0L);
        if (owed == 0) {
            return 0;
        }
        sendLost(owed, to);
        return 1;
    }

    private void store(long time, long head, long request, long result, long tail) {
        int at = (int) (index[NEXT_IN] & mask) * WORDS;
        slots[at] = time;
        slots[at + 1] = head;
        slots[at + 2] = request;
        slots[at + 3] = result;
        slots[at + 4] = tail;
        index[NEXT_IN]++;
    }

    private void refuse(long time, long head, long result) {
        EventKind kind = EventCodec.kind(head);
        long count = 1;
        boolean unknown = false;
        if (kind.isLoss()) {
            // A loss that is itself refused is handed on, not counted as one event.
            count = kind == EventKind.LOST ? Math.max(0, result) : 0;
            unknown =
                    kind == EventKind.OVERFLOW
                            || (EventCodec.flags(head) & EventCodec.FLAG_COUNT_UNKNOWN) != 0;
        }
        long before = (long) AT.getAcquire(index, OWED);
        if (before == 0) {
            index[FIRST_REFUSED] = time;
        }
        index[LAST_REFUSED] = time;
        index[OWING] = 1;
        AT.setRelease(index, REFUSED, index[REFUSED] + 1);
        while (!AT.compareAndSet(index, OWED, before, owe(before, count, unknown))) {
            before = (long) AT.getAcquire(index, OWED);
        }
    }

    private static long owe(long before, long count, boolean unknown) {
        long sum = (before >>> 1) + Math.min(count, MOST_OWED - (before >>> 1));
        return sum << 1 | before & 1 | (unknown ? 1 : 0);
    }

    private void sendLost(long owed, EventSink to) {
        long last = index[LAST_REFUSED];
        long reach = Math.max(0, last - index[FIRST_REFUSED]);
        int flags = (owed & 1) != 0 ? EventCodec.FLAG_COUNT_UNKNOWN : 0;
        to.accept(last, EventCodec.head(EventKind.LOST, flags, 0), reach, owed >>> 1, 0);
    }
}
