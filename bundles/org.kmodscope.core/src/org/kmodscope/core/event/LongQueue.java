/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;

/** A bounded queue of pairs of longs that grows as needed and makes no garbage. */
final class LongQueue {

    private static final int START = 32;

    private final int limit;
    private long[] pairs = new long[2 * START];
    private int head;
    private int size;

    /**
     * @param limit how many pairs at most, a power of two from 32 on
     */
    LongQueue(int limit) {
        if (limit < START || Integer.bitCount(limit) != 1) {
            throw new IllegalArgumentException("not a power of two from 32 on: " + limit);
        }
        this.limit = limit;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == limit;
    }

    int size() {
        return size;
    }

    void clear() {
        head = 0;
        size = 0;
    }

    /** Adds a pair; the queue is not full. */
    void add(long first, long second) {
        if (isFull()) {
            throw new IllegalStateException("full at " + limit);
        }
        if (2 * size == pairs.length) {
            long[] more = new long[2 * pairs.length];
            for (int each = 0; each < size; each++) {
                more[2 * each] = first(each);
                more[2 * each + 1] = second(each);
            }
            pairs = more;
            head = 0;
        }
        int at = at(size);
        pairs[at] = first;
        pairs[at + 1] = second;
        size++;
    }

    /** The first number of the pair that is so many behind the oldest. */
    long first(int index) {
        return pairs[at(index)];
    }

    /** The second number of that pair. */
    long second(int index) {
        return pairs[at(index) + 1];
    }

    void setSecond(int index, long value) {
        pairs[at(index) + 1] = value;
    }

    /** Removes the oldest pair. */
    void remove() {
        head++;
        head &= pairs.length / 2 - 1;
        size--;
    }

    /** Removes the youngest pair with this second number; false when there is none. */
    boolean removeSecond(long value) {
        for (int index = size - 1; index >= 0; index--) {
            if (second(index) == value) {
                for (int later = index; later < size - 1; later++) {
                    int to = at(later);
                    pairs[to] = first(later + 1);
                    pairs[to + 1] = second(later + 1);
                }
                size--;
                return true;
            }
        }
        return false;
    }

    /** Takes over what another queue of the same limit holds. */
    void copyOf(LongQueue other) {
        pairs = Arrays.copyOf(other.pairs, other.pairs.length);
        head = other.head;
        size = other.size;
    }

    private int at(int index) {
        return 2 * (head + index & pairs.length / 2 - 1);
    }
}
