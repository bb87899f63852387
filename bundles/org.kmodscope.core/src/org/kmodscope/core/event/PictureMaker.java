/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Makes the picture of a viewport from the window. Its cost is that of its columns, eight steps
 * each, and not that of the events in them.
 */
final class PictureMaker {

    /** Parts of a column whose least and most are told. */
    static final int PARTS = 8;

    /** More events than so many per column are shown as a density. */
    static final int EXACT_PER_COLUMN = 2;

    private static final Lane[] LANES = Lane.values();

    /** The lane that counts a category, or none. */
    private static final int[] LANE_OF = new int[Category.COUNT];

    private static final int NONE = LANES.length;

    static {
        Arrays.fill(LANE_OF, NONE);
        for (Lane lane : LANES) {
            for (int rest = lane.counted(); rest != 0; rest &= rest - 1) {
                LANE_OF[Integer.numberOfTrailingZeros(rest)] = lane.ordinal();
            }
        }
    }

    private final EventWindow window;
    private final String[] names;
    private final Viewport.Fixed viewport;
    private final int columns;

    /** The position at which each column begins; one more at the end. */
    private final long[] starts;

    /** By category, how many records lie before the viewport, and how many in it. */
    private final int[] before;

    private final int[] within = new int[Category.COUNT];
    private final EventWindow.Cursor cursor;
    private final int[][] counts = new int[LANES.length][];
    private final int[][] least = new int[LANES.length][];
    private final int[][] most = new int[LANES.length][];
    private final long[] totals = new long[LANES.length];

    private PictureMaker(EventWindow window, String[] names, Viewport.Fixed viewport) {
        this.window = window;
        this.names = names;
        this.viewport = viewport;
        columns = viewport.columns();
        starts = new long[columns + 1];
        cursor = window.new Cursor(viewport.fromNanos());
        before = cursor.passed().clone();
        for (int lane = 0; lane < LANES.length; lane++) {
            counts[lane] = new int[columns];
            least[lane] = new int[columns];
            most[lane] = new int[columns];
        }
    }

    /** The picture of what the window holds now. */
    static Picture make(
            EventWindow window, String[] names, Viewport.Fixed viewport, List<Turn> turns) {
        PictureMaker maker = new PictureMaker(window, names, viewport);
        maker.count();
        return maker.picture(turns);
    }

    private void count() {
        long parts = (long) columns * PARTS;
        long span = viewport.toNanos() - viewport.fromNanos();
        long whole = span / parts;
        long remainder = span % parts;
        long time = viewport.fromNanos();
        long rest = 0;
        int[] passed = before.clone();
        int[][] here = new int[PARTS][LANES.length + 1];
        starts[0] = cursor.position();
        for (int column = 0; column < columns; column++) {
            for (int part = 0; part < PARTS; part++) {
                // Where the part ends: the start and span * parts so far / parts, rounded down.
                time += whole;
                rest += remainder;
                if (rest >= parts) {
                    rest -= parts;
                    time++;
                }
                Arrays.fill(here[part], 0);
                if (cursor.advance(time)) {
                    passed(passed, here[part]);
                }
            }
            starts[column + 1] = cursor.position();
            for (int lane = 0; lane < LANES.length; lane++) {
                put(lane, column, here);
            }
        }
        for (int category = 0; category < Category.COUNT; category++) {
            within[category] = passed[category] - before[category];
        }
        for (int lane = 0; lane < LANES.length; lane++) {
            for (int left = LANES[lane].shown(); left != 0; left &= left - 1) {
                totals[lane] += within[Integer.numberOfTrailingZeros(left)];
            }
        }
    }

    private void put(int lane, int column, int[][] parts) {
        int sum = 0;
        int low = Integer.MAX_VALUE;
        int high = 0;
        for (int part = 0; part < PARTS; part++) {
            int count = parts[part][lane];
            sum += count;
            low = Math.min(low, count);
            high = Math.max(high, count);
        }
        counts[lane][column] = sum;
        least[lane][column] = low;
        most[lane][column] = high;
    }

    /** Adds to each lane what the cursor has passed since it had these counts, and updates them. */
    private void passed(int[] since, int[] lanes) {
        int[] now = cursor.passed();
        for (int category = 0; category < Category.COUNT; category++) {
            lanes[LANE_OF[category]] += now[category] - since[category];
            since[category] = now[category];
        }
    }

    private Picture picture(List<Turn> turns) {
        int[] lowest = new int[columns];
        int[] highest = new int[columns];
        for (int column = 0; column < columns; column++) {
            window.levels(starts[column], starts[column + 1], lowest, highest, column);
        }
        return new Picture(viewport, lanes(), losses(), turns, lowest, highest);
    }

    private Map<Lane, Picture.LaneView> lanes() {
        Map<Lane, Picture.LaneView> views = new EnumMap<>(Lane.class);
        for (Lane lane : LANES) {
            int at = lane.ordinal();
            if (totals[at] <= (long) EXACT_PER_COLUMN * columns) {
                EventTable.Builder table = new EventTable.Builder(names, (int) totals[at]);
                if (totals[at] > 0) {
                    window.visit(
                            lane.shown(),
                            starts[0],
                            starts[columns],
                            (position, category) -> window.copy(position, table));
                }
                views.put(lane, new Picture.Exact(table.build()));
            } else {
                views.put(
                        lane,
                        new Picture.Density(
                                totals[at], counts[at], least[at], most[at], marks(lane)));
            }
        }
        return views;
    }

    private List<Picture.Mark> marks(Lane lane) {
        List<Picture.Mark> marks = new ArrayList<>();
        for (int category = 0; category < Category.COUNT; category++) {
            if ((lane.shown() & Category.MARKS & 1 << category) != 0 && within[category] > 0) {
                MarkCollector collector = new MarkCollector(marks, Category.kind(category));
                window.visit(1 << category, starts[0], starts[columns], collector);
                collector.flush();
            }
        }
        return List.copyOf(marks);
    }

    /** Makes one mark of all records in the same column. */
    private final class MarkCollector implements EventWindow.Visitor {
        private final List<Picture.Mark> marks;
        private final EventKind kind;
        private int column;
        private int count;
        private long time;

        MarkCollector(List<Picture.Mark> marks, EventKind kind) {
            this.marks = marks;
            this.kind = kind;
        }

        @Override
        public void record(long position, int category) {
            if (position >= starts[column + 1]) {
                flush();
                while (position >= starts[column + 1]) {
                    column++;
                }
            }
            if (count++ == 0) {
                time = window.time(position);
            }
        }

        void flush() {
            if (count > 0) {
                marks.add(new Picture.Mark(column, kind, time, count));
                count = 0;
            }
        }
    }

    private List<Picture.LossSpan> losses() {
        if (!window.anySince(before, Category.LOSSES)) {
            return List.of();
        }
        List<Picture.LossSpan> spans = new ArrayList<>();
        Picture.@Nullable LossSpan[] last = new Picture.LossSpan[names.length];
        // A loss that ends after the viewport may begin in it.
        window.visit(
                Category.LOSSES,
                starts[0],
                window.end(),
                (position, category) -> {
                    Picture.LossSpan span = span(position);
                    if (span.fromNanos() > viewport.toNanos()) {
                        return;
                    }
                    int source = window.source(position);
                    Picture.LossSpan before = last[source];
                    if (before != null && column(before.toNanos()) == column(span.fromNanos())) {
                        last[source] = joined(before, span);
                        return;
                    }
                    if (before != null) {
                        spans.add(before);
                    }
                    last[source] = span;
                });
        for (Picture.LossSpan span : last) {
            if (span != null) {
                spans.add(span);
            }
        }
        return List.copyOf(spans);
    }

    private Picture.LossSpan span(long position) {
        long to = window.time(position);
        boolean lost = EventCodec.kind(window.head(position)) == EventKind.LOST;
        long reach = lost ? Math.max(0, window.request(position)) : 0;
        boolean exact =
                lost
                        && (EventCodec.flags(window.head(position)) & EventCodec.FLAG_COUNT_UNKNOWN)
                                == 0;
        long from = to - reach;
        return new Picture.LossSpan(
                names[window.source(position)],
                from > to ? Long.MIN_VALUE : from,
                to,
                lost ? Math.max(0, window.result(position)) : 0,
                exact);
    }

    private static Picture.LossSpan joined(Picture.LossSpan one, Picture.LossSpan other) {
        return new Picture.LossSpan(
                one.source(),
                Math.min(one.fromNanos(), other.fromNanos()),
                Math.max(one.toNanos(), other.toNanos()),
                EventModel.sum(one.count(), other.count()),
                one.exact() && other.exact());
    }

    /** The column of a time, also of one that lies outside. */
    private long column(long time) {
        long span = viewport.toNanos() - viewport.fromNanos();
        return (long) Math.floor((double) (time - viewport.fromNanos()) / span * columns);
    }
}
