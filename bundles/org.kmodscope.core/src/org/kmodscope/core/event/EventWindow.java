/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;

/**
 * The latest records, as columns of primitives, with an index that makes counting over any stretch
 * of time independent of how many records lie in it. Owned by one thread.
 *
 * <p>Records have positions from 0 on, in the order of {@link #append}. Their times may go back a
 * little (a source was late); where a record stands on the time axis is therefore its <em>running
 * time</em>, the greatest time up to it, which never goes back. Each block of {@value #BLOCK}
 * records remembers what was true before its first one:
 *
 * <pre>
 * records   |0 ......... 63|64 ........ 127|128 ....
 * floors    |-infinity     |max of 0..63   |max of 0..127   running time
 * counts    |0 0 0 ...     |by category    |by category     records before the block
 * levels    |min max       |min max        |...             outstanding requests within
 * </pre>
 *
 * The oldest block is given up as a whole when a new one is begun in its place.
 */
final class EventWindow {

    static final int BLOCK = 64;
    private static final int SHIFT = 6;

    private final int mask;
    private final int blockMask;
    private final long[] times;
    private final long[] heads;
    private final long[] requests;
    private final long[] results;
    private final long[] tails;
    private final byte[] sources;
    private final byte[] categories;
    private final short[] levels;
    private final long[] floors;
    private final int[] counts;
    private final short[] lowest;
    private final short[] highest;
    private final int[] running = new int[Category.COUNT];
    private long end;
    private long runningTime;
    private short level;

    /**
     * @param capacity how many records, a power of two, at least two blocks
     */
    EventWindow(int capacity) {
        if (capacity < 2 * BLOCK || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("not a power of two from 128 on: " + capacity);
        }
        int blocks = capacity >> SHIFT;
        mask = capacity - 1;
        blockMask = blocks - 1;
        times = new long[capacity];
        heads = new long[capacity];
        requests = new long[capacity];
        results = new long[capacity];
        tails = new long[capacity];
        sources = new byte[capacity];
        categories = new byte[capacity];
        levels = new short[capacity];
        floors = new long[blocks];
        counts = new int[blocks * Category.COUNT];
        lowest = new short[blocks];
        highest = new short[blocks];
        clear();
    }

    /** Bytes that the columns and the index take, whatever is in them. */
    static long bytes(int capacity) {
        long record = 5 * Long.BYTES + 2 * Byte.BYTES + Short.BYTES;
        long block = Long.BYTES + Category.COUNT * Integer.BYTES + 2 * Short.BYTES;
        return capacity * record + (capacity >> SHIFT) * block;
    }

    void clear() {
        end = 0;
        runningTime = Long.MIN_VALUE;
        level = 0;
        Arrays.fill(running, 0);
    }

    /**
     * Adds a record.
     *
     * @param outstanding how many asynchronous requests are outstanding after it
     */
    void append(
            int source,
            long time,
            long head,
            long request,
            long result,
            long tail,
            int outstanding) {
        int block = (int) (end >> SHIFT) & blockMask;
        if ((end & BLOCK - 1) == 0) {
            floors[block] = runningTime;
            System.arraycopy(running, 0, counts, block * Category.COUNT, Category.COUNT);
            lowest[block] = level;
            highest[block] = level;
        }
        level = (short) Math.min(outstanding, Short.MAX_VALUE);
        lowest[block] = (short) Math.min(lowest[block], level);
        highest[block] = (short) Math.max(highest[block], level);
        int category = Category.of(head, result, tail);
        running[category]++;
        runningTime = Math.max(runningTime, time);
        int at = (int) end & mask;
        times[at] = time;
        heads[at] = head;
        requests[at] = request;
        results[at] = result;
        tails[at] = tail;
        sources[at] = (byte) source;
        categories[at] = (byte) category;
        levels[at] = level;
        end++;
    }

    /** The position of the oldest record that is still here. */
    long first() {
        long open = (end + BLOCK - 1) >> SHIFT;
        return Math.max(0, open - blockMask - 1) << SHIFT;
    }

    /** The position that the next record will have. */
    long end() {
        return end;
    }

    /** Whether nothing is here. */
    boolean isEmpty() {
        return end == 0;
    }

    /** The greatest time that was ever appended. */
    long latestTime() {
        return runningTime;
    }

    long time(long position) {
        return times[(int) position & mask];
    }

    long head(long position) {
        return heads[(int) position & mask];
    }

    long request(long position) {
        return requests[(int) position & mask];
    }

    long result(long position) {
        return results[(int) position & mask];
    }

    int source(long position) {
        return sources[(int) position & mask];
    }

    int category(long position) {
        return categories[(int) position & mask];
    }

    void copy(long position, EventTable.Builder to) {
        int at = (int) position & mask;
        to.add(sources[at], times[at], heads[at], requests[at], results[at], tails[at]);
    }

    /** Whether a record of these categories came after a {@link Cursor} had these counts. */
    boolean anySince(int[] counted, int wanted) {
        for (int rest = wanted; rest != 0; rest &= rest - 1) {
            int category = Integer.numberOfTrailingZeros(rest);
            if (running[category] != counted[category]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Goes forward in time and knows how many records of each category it left behind. A step looks
     * at the records of one block, however many it passes.
     */
    final class Cursor {
        private final int[] passed = new int[Category.COUNT];
        private long position = first();

        /** Begins at the first record whose running time is not before this. */
        Cursor(long time) {
            if (position < end) {
                jump(position >> SHIFT);
            } else {
                System.arraycopy(running, 0, passed, 0, Category.COUNT);
            }
            advance(time);
        }

        /** Where it is; {@link #end} behind the last record. */
        long position() {
            return position;
        }

        /** How many records of each category lie before it, modulo 2<sup>32</sup>; changes. */
        int[] passed() {
            return passed;
        }

        /**
         * Goes to the first record whose running time is not before this, never back.
         *
         * @return whether it passed a record
         */
        boolean advance(long time) {
            long block = position >> SHIFT;
            if (position == end || floors[(int) block & blockMask] >= time) {
                return false;
            }
            long from = position;
            long last = lastBlockBefore(time, block);
            if (last != block) {
                jump(last);
            }
            int at = (int) position & mask;
            int stop = at + (int) (Math.min(end, last + 1 << SHIFT) - position);
            int start = at;
            while (at < stop && times[at] < time) {
                passed[categories[at]]++;
                at++;
            }
            position += at - start;
            return position != from;
        }

        private void jump(long block) {
            position = block << SHIFT;
            int from = ((int) block & blockMask) * Category.COUNT;
            System.arraycopy(counts, from, passed, 0, Category.COUNT);
        }
    }

    /** The last block that begins before a time, from one on that does: most often it is near. */
    private long lastBlockBefore(long time, long block) {
        long blocks = end + BLOCK - 1 >> SHIFT;
        long low = block;
        long high = low + 1;
        while (high < blocks && floors[(int) high & blockMask] < time) {
            long step = high - low;
            low = high;
            high += 2 * step;
        }
        high = Math.min(high, blocks);
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (floors[(int) middle & blockMask] < time) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many requests were outstanding just before the record at this position. */
    private int levelBefore(long position) {
        if (position == first()) {
            // What was before the oldest record is gone; the level after it is the nearest truth.
            return position == 0 ? 0 : levels[(int) position & mask];
        }
        return levels[(int) (position - 1) & mask];
    }

    /** Puts the least and the greatest number of outstanding requests in a stretch in a place. */
    void levels(long from, long to, int[] least, int[] greatest, int place) {
        int low = levelBefore(from);
        int high = low;
        long position = from;
        while (position < to) {
            if ((position & BLOCK - 1) == 0 && position + BLOCK <= to) {
                int block = (int) (position >> SHIFT) & blockMask;
                low = Math.min(low, lowest[block]);
                high = Math.max(high, highest[block]);
                position += BLOCK;
            } else {
                int here = levels[(int) position & mask];
                low = Math.min(low, here);
                high = Math.max(high, here);
                position++;
            }
        }
        least[place] = low;
        greatest[place] = high;
    }

    /** Shows every record of these categories to a visitor; blocks without any cost nothing. */
    void visit(int categories, long from, long to, Visitor visitor) {
        long position = from;
        while (position < to) {
            long next = Math.min(to, (position & -BLOCK) + BLOCK);
            if (contains(position >> SHIFT, categories)) {
                for (; position < next; position++) {
                    int category = category(position);
                    if ((categories & 1 << category) != 0) {
                        visitor.record(position, category);
                    }
                }
            }
            position = next;
        }
    }

    private boolean contains(long block, int categories) {
        int here = ((int) block & blockMask) * Category.COUNT;
        boolean last = block + 1 << SHIFT >= end;
        int next = ((int) block + 1 & blockMask) * Category.COUNT;
        for (int rest = categories; rest != 0; rest &= rest - 1) {
            int category = Integer.numberOfTrailingZeros(rest);
            int after = last ? running[category] : counts[next + category];
            if (after != counts[here + category]) {
                return true;
            }
        }
        return false;
    }

    /** Sees records one by one. */
    @FunctionalInterface
    interface Visitor {
        void record(long position, int category);
    }
}
