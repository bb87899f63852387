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
 *  owed (both): 63 ... 39  where the tail stood when they were refused, modulo 2^25
 *               38 ...  1  records refused and not yet told of
 *               0          whether there may be more than that
 * </pre>
 *
 * <p>Either side may tell of what is owed: the writer before its next record, the reader when it
 * has emptied the ring. The reader may do so only while that place is the end of the ring, and both
 * may be at it at once. Therefore the place is in the same word as the count: while something is
 * owed the tail does not move, and a ring is smaller than 2<sup>25</sup>, so that a place which is
 * equal to the reader's modulo 2<sup>25</sup> is the reader's.
 *
 * <p>Every record that is accepted happens-before its delivery. Positions are 64-bit and never
 * wrap. Fields of the two threads lie 128 bytes apart, so that they do not share a cache line (or
 * the pair of lines that x86 prefetches).
 */
public final class EventRing implements EventSink {

    /** Records a ring holds unless told otherwise: 65 ms at a million events per second. */
    public static final int DEFAULT_CAPACITY = 65_536;

    private static final int WORDS = EventCodec.RECORD_WORDS;
    private static final int PLACE = 39;
    private static final long MOST_OWED = (1L << PLACE - 1) - 1;
    private static final VarHandle AT = MethodHandles.arrayElementVarHandle(long[].class);

    // Places in the array of indices. Each thread reads its own without fences.
    private static final int LINE = 16;
    private static final int HEAD = LINE;
    private static final int TAIL = 2 * LINE;
    private static final int OWED = 3 * LINE;

    // Written by the writer, read by the reader when it tells of a loss.
    private static final int REFUSED = 4 * LINE;
    private static final int FIRST_REFUSED = REFUSED + 1;
    private static final int LAST_REFUSED = REFUSED + 2;

    // The writer's own: up to the place ROOM_TO there is room, and nothing is owed before it.
    private static final int ROOM_TO = 5 * LINE;
    private static final int OWING = ROOM_TO + 1;

    // The reader's own.
    private static final int TAIL_SEEN = 6 * LINE;

    private final long[] slots;
    private final long[] index = new long[8 * LINE];
    private final int mask;

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
        index[ROOM_TO] = capacity;
    }

    /** How many records it holds. */
    public int capacity() {
        return mask + 1;
    }

    /** Called by the writing thread only. */
    @Override
    public void accept(long time, long head, long request, long result, long tail) {
        // HotSpot would read the field again after each call.
        long[] index = this.index;
        long position = index[TAIL];
        if (position == index[ROOM_TO]) {
            if (!findRoom()) {
                refuse(time, head, result);
                return;
            }
            // Behind what was told of a loss, if anything was.
            position = index[TAIL];
        }
        int at = (int) (position & mask) * WORDS;
        slots[at] = time;
        slots[at + 1] = head;
        slots[at + 2] = request;
        slots[at + 3] = result;
        slots[at + 4] = tail;
        AT.setRelease(index, TAIL, position + 1);
    }

    /** Looks how far the reader is, and tells of what is owed; false when a record has no room. */
    private boolean findRoom() {
        long room = (long) AT.getAcquire(index, HEAD) + capacity();
        if (index[TAIL] + index[OWING] >= room) {
            return false;
        }
        index[ROOM_TO] = room;
        if (index[OWING] != 0) {
            index[OWING] = 0;
            long owed = (long) AT.getAndSet(index, OWED, 0L);
            if (owed != 0) {
                sendLost(owed, index[FIRST_REFUSED], index[LAST_REFUSED], this);
            }
        }
        return true;
    }

    /**
     * Delivers what is there, in order, and frees its room. Called by the reading thread only.
     *
     * @param max how many records at most
     * @return how many were delivered
     */
    public int drain(EventSink to, int max) {
        long first = index[HEAD];
        if (index[TAIL_SEEN] - first < max) {
            index[TAIL_SEEN] = (long) AT.getAcquire(index, TAIL);
        }
        int count = (int) Math.min(index[TAIL_SEEN] - first, max);
        for (long position = first; position < first + count; position++) {
            int at = (int) (position & mask) * WORDS;
            to.accept(slots[at], slots[at + 1], slots[at + 2], slots[at + 3], slots[at + 4]);
        }
        if (count > 0) {
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
        long owed = (long) AT.getAcquire(index, OWED);
        while (owed != 0 && owed >>> PLACE == place(index[HEAD])) {
            // Before it is taken: the writer may begin the next loss right after.
            long last = index[LAST_REFUSED];
            long first = index[FIRST_REFUSED];
            if (AT.compareAndSet(index, OWED, owed, 0L)) {
                sendLost(owed, first, last, to);
                return 1;
            }
            owed = (long) AT.getAcquire(index, OWED);
        }
        return 0;
    }

    private static long place(long position) {
        return position & (1L << Long.SIZE - PLACE) - 1;
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

    private long owe(long before, long count, boolean unknown) {
        long sum = owed(before) + Math.min(count, MOST_OWED);
        boolean more = unknown || (before & 1) != 0 || sum > MOST_OWED || count > MOST_OWED;
        return index[TAIL] << PLACE | Math.min(sum, MOST_OWED) << 1 | (more ? 1 : 0);
    }

    private static long owed(long word) {
        return word >>> 1 & MOST_OWED;
    }

    private static void sendLost(long owed, long first, long last, EventSink to) {
        long reach = Math.max(0, last - first);
        int flags = (owed & 1) != 0 ? EventCodec.FLAG_COUNT_UNKNOWN : 0;
        to.accept(last, EventCodec.head(EventKind.LOST, flags, 0), reach, owed(owed), 0);
    }
}
