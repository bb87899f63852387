/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;

/**
 * Brings the records of several sources into the order of their times. A record waits until it has
 * been here for the length of the window, so that an earlier one that is slower on its way can
 * still pass in front of it; records of equal time keep the order in which they came. Memory is
 * bounded: when it is full the window is cut short. Owned by one thread.
 *
 * <pre>
 * slots   eight longs each: time | order | arrived | source | head | request | result | tail
 * runs    what a source told in order is a list of slots, and costs no search: next and last slot
 * heap    numbers of the slots that begin a run, least (time, order) first; what does not fit behind
 *         the run of its source is a run of its own
 * queue   numbers of slots by order: who came first, to know who has waited long enough
 * </pre>
 */
final class EventMerge {

    /** Records that can wait, unless told otherwise. */
    static final int CAPACITY = 65_536;

    private static final int WORDS = 8;
    private static final int NONE = -1;

    private final long windowNanos;
    private final Output output;
    private final int mask;
    private final long[] slots;
    private final int[] heap;
    private final int[] free;
    private final int[] queue;
    private final int[] next;
    private final int[] last = new int[EventModel.MOST_SOURCES];
    private int runs;
    private int size;
    private long nextOrder;
    private long oldest;

    /** Takes the records in order. */
    @FunctionalInterface
    interface Output {
        void record(int source, long time, long head, long request, long result, long tail);
    }

    /**
     * @param capacity how many records can wait, a power of two
     * @param windowNanos how long a record waits, in the time of its arrival
     */
    EventMerge(int capacity, long windowNanos, Output output) {
        if (capacity < 2 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("not a power of two: " + capacity);
        }
        this.windowNanos = windowNanos;
        this.output = output;
        mask = capacity - 1;
        slots = new long[capacity * WORDS];
        heap = new int[capacity];
        free = new int[capacity];
        queue = new int[capacity];
        next = new int[capacity];
        clear();
    }

    void clear() {
        size = 0;
        runs = 0;
        oldest = nextOrder;
        Arrays.fill(last, NONE);
        for (int slot = 0; slot < free.length; slot++) {
            free[slot] = slot;
        }
    }

    /** The order that the next record will get; records get consecutive ones. */
    long nextOrder() {
        return nextOrder;
    }

    /** All records of a lower order have been put out. */
    long oldestOrder() {
        return oldest;
    }

    /**
     * @param arrived when it came, on a clock of the caller's that does not go back
     */
    void add(int source, long arrived, long time, long head, long request, long result, long tail) {
        if (size == heap.length) {
            putOut();
        }
        while (nextOrder - oldest > mask) {
            putOut();
        }
        int slot = free[heap.length - 1 - size];
        int at = slot * WORDS;
        slots[at] = time;
        slots[at + 1] = nextOrder;
        slots[at + 2] = arrived;
        slots[at + 3] = source;
        slots[at + 4] = head;
        slots[at + 5] = request;
        slots[at + 6] = result;
        slots[at + 7] = tail;
        queue[(int) nextOrder & mask] = slot;
        nextOrder++;
        size++;
        next[slot] = NONE;
        int before = last[source];
        if (before == NONE) {
            last[source] = slot;
            up(runs++, slot);
        } else if (slots[before * WORDS] <= time) {
            last[source] = slot;
            next[before] = slot;
        } else {
            up(runs++, slot);
        }
    }

    /** Puts out, in order, all that must not wait any longer and what is earlier than that. */
    void release(long now) {
        while (oldest < nextOrder && now - slots[oldestSlot() + 2] >= windowNanos) {
            putOut();
        }
    }

    /** Puts out everything, in order. */
    void releaseAll() {
        while (size > 0) {
            putOut();
        }
    }

    private int oldestSlot() {
        return queue[(int) oldest & mask] * WORDS;
    }

    private void putOut() {
        int slot = heap[0];
        int at = slot * WORDS;
        int source = (int) slots[at + 3];
        size--;
        if (next[slot] != NONE) {
            down(next[slot]);
        } else {
            if (last[source] == slot) {
                last[source] = NONE;
            }
            runs--;
            if (runs > 0) {
                down(heap[runs]);
            }
        }
        free[heap.length - 1 - size] = slot;
        long order = slots[at + 1];
        slots[at + 1] = -1;
        if (order == oldest) {
            oldest++;
            while (oldest < nextOrder && slots[oldestSlot() + 1] != oldest) {
                oldest++;
            }
        }
        output.record(
                source, slots[at], slots[at + 4], slots[at + 5], slots[at + 6], slots[at + 7]);
    }

    private boolean before(int one, int other) {
        long timeOne = slots[one * WORDS];
        long timeOther = slots[other * WORDS];
        return timeOne != timeOther
                ? timeOne < timeOther
                : slots[one * WORDS + 1] < slots[other * WORDS + 1];
    }

    private void up(int from, int slot) {
        int at = from;
        while (at > 0) {
            int parent = at - 1 >>> 1;
            if (!before(slot, heap[parent])) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = slot;
    }

    private void down(int slot) {
        int at = 0;
        while (2 * at + 1 < runs) {
            int child = 2 * at + 1;
            if (child + 1 < runs && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], slot)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = slot;
    }
}
