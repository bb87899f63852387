/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How much lies in each column of a viewport, counted in eight steps for each. A column that is
 * over stays as it was counted: what an earlier viewport had of the same columns is taken from it,
 * so that a live one, which moves by whole columns, counts only what is new.
 *
 * <pre>
 * earlier   |--------- counted ---------|: not over :|
 * window          |--- still there -------------------------
 * this one    |:::|------ taken --------|:::: counted ::::|
 * </pre>
 *
 * Owned by the window's thread; the arrays do not change once they are made.
 */
final class Columns {

    /** Parts of a column whose least and most are told. */
    private static final int PARTS = 8;

    private static final Lane[] LANES = Lane.values();

    /** The lane that counts a category, or none. */
    private static final int[] LANE_OF = new int[Category.COUNT];

    static {
        Arrays.fill(LANE_OF, LANES.length);
        for (Lane lane : LANES) {
            for (int rest = lane.counted(); rest != 0; rest &= rest - 1) {
                LANE_OF[Integer.numberOfTrailingZeros(rest)] = lane.ordinal();
            }
        }
    }

    private final EventWindow window;
    private final Viewport.Fixed viewport;
    private final int size;

    /** The position at which each column begins; one more at the end. */
    private final long[] starts;

    /** By category, how many records lie before the viewport, and how many in it. */
    private final int[] before;

    private final int[] within = new int[Category.COUNT];
    private final int[][] counts;
    private final int[][] least;
    private final int[][] most;
    private final int[] lowest;
    private final int[] highest;

    /** How many columns, from the first on, get no more records. */
    private int over;

    private Columns(EventWindow window, Viewport.Fixed viewport) {
        this.window = window;
        this.viewport = viewport;
        size = viewport.columns();
        starts = new long[size + 1];
        counts = new int[LANES.length][size];
        least = new int[LANES.length][size];
        most = new int[LANES.length][size];
        lowest = new int[size];
        highest = new int[size];
        before = window.new Cursor(viewport.fromNanos()).passed();
        int[] after = window.new Cursor(viewport.toNanos()).passed();
        for (int category = 0; category < Category.COUNT; category++) {
            within[category] = after[category] - before[category];
        }
    }

    /**
     * What the window holds now.
     *
     * @param earlier what it held at an earlier time, if that is known and it was not cleared since
     */
    static Columns of(EventWindow window, Viewport.Fixed viewport, Optional<Columns> earlier) {
        Columns made = new Columns(window, viewport);
        int counted = earlier.map(made::take).orElse(0);
        made.count(counted, made.size);
        return made;
    }

    /** How wide columns have to be that are to be taken over, for at least so long a span. */
    static long width(long span, int columns) {
        return Math.ceilDiv(span, (long) columns * PARTS) * PARTS;
    }

    /** Takes the columns that are over from an earlier one; how many are counted by that. */
    private int take(Columns from) {
        int moved = moved(from.viewport);
        int to = from.over - moved;
        if (moved < 0 || to <= 0) {
            return 0;
        }
        // What the window has given up since is in no column any more.
        int first = 0;
        while (first < to && from.starts[first + moved] < window.first()) {
            first++;
        }
        count(0, first);
        int length = to - first;
        System.arraycopy(from.starts, first + moved, starts, first, length + 1);
        System.arraycopy(from.lowest, first + moved, lowest, first, length);
        System.arraycopy(from.highest, first + moved, highest, first, length);
        for (int lane = 0; lane < LANES.length; lane++) {
            System.arraycopy(from.counts[lane], first + moved, counts[lane], first, length);
            System.arraycopy(from.least[lane], first + moved, least[lane], first, length);
            System.arraycopy(from.most[lane], first + moved, most[lane], first, length);
        }
        over = to;
        return to;
    }

    /** By how many columns this is later than another; negative when it has other columns. */
    private int moved(Viewport.Fixed other) {
        long span = viewport.toNanos() - viewport.fromNanos();
        long by = viewport.fromNanos() - other.fromNanos();
        if (other.columns() != size || other.toNanos() - other.fromNanos() != span) {
            return -1;
        }
        if (by == 0) {
            return 0;
        }
        boolean whole = span % ((long) size * PARTS) == 0 && by % (span / size) == 0;
        return whole && by > 0 && by < span ? (int) (by / (span / size)) : -1;
    }

    /** Where a part begins, which also is where the part before it ends. */
    private long begin(long part) {
        long parts = (long) size * PARTS;
        long span = viewport.toNanos() - viewport.fromNanos();
        return viewport.fromNanos() + span / parts * part + span % parts * part / parts;
    }

    private void count(int from, int to) {
        long part = (long) from * PARTS;
        EventWindow.Cursor cursor = window.new Cursor(begin(part));
        int[] passed = cursor.passed().clone();
        int[][] here = new int[PARTS][LANES.length + 1];
        starts[from] = cursor.position();
        for (int column = from; column < to; column++) {
            long end = 0;
            for (int[] lanes : here) {
                Arrays.fill(lanes, 0);
                end = begin(++part);
                if (cursor.advance(end)) {
                    add(cursor.passed(), passed, lanes);
                }
            }
            starts[column + 1] = cursor.position();
            for (int lane = 0; lane < LANES.length && starts[column] < starts[column + 1]; lane++) {
                put(lane, column, here);
            }
            window.levels(starts[column], starts[column + 1], lowest, highest, column);
            if (end <= window.latestTime()) {
                over = column + 1;
            }
        }
    }

    private void put(int lane, int column, int[][] parts) {
        int sum = 0;
        int low = Integer.MAX_VALUE;
        int high = 0;
        for (int[] part : parts) {
            int count = part[lane];
            sum += count;
            low = Math.min(low, count);
            high = Math.max(high, count);
        }
        counts[lane][column] = sum;
        least[lane][column] = low;
        most[lane][column] = high;
    }

    /** Adds to each lane what was passed since there were these counts, and updates them. */
    private static void add(int[] now, int[] since, int[] lanes) {
        for (int category = 0; category < Category.COUNT; category++) {
            lanes[LANE_OF[category]] += now[category] - since[category];
            since[category] = now[category];
        }
    }

    /** The position at which a column begins. */
    long start(int column) {
        return starts[column];
    }

    /** The position behind the last column. */
    long end() {
        return starts[size];
    }

    /** How many records of a category lie in all columns. */
    int within(int category) {
        return within[category];
    }

    /** How many events of a lane lie in all columns; starts and ends count both. */
    long total(Lane lane) {
        long total = 0;
        for (int rest = lane.shown(); rest != 0; rest &= rest - 1) {
            total += within[Integer.numberOfTrailingZeros(rest)];
        }
        return total;
    }

    /** Whether a record of these categories lies in the columns, or behind them. */
    boolean anyFrom(int categories) {
        return window.anySince(before, categories);
    }

    /** How dense a lane is. */
    Picture.Density density(Lane lane, List<Picture.Mark> marks) {
        int at = lane.ordinal();
        return new Picture.Density(total(lane), counts[at], least[at], most[at], marks);
    }

    /** The least number of outstanding requests in each column. */
    int[] lowest() {
        return lowest;
    }

    /** The greatest number of outstanding requests in each column. */
    int[] highest() {
        return highest;
    }
}
