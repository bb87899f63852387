/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Makes the picture of a viewport from the window. Its cost is that of its columns, eight look-ups
 * each, and not that of the events in them.
 */
final class PictureMaker {

    /** Parts of a column whose least and most are told. */
    static final int PARTS = 8;

    /** More events than so many per column are shown as a density. */
    static final int EXACT_PER_COLUMN = 2;

    private static final Lane[] LANES = Lane.values();

    private final EventWindow window;
    private final String[] names;
    private final Viewport.Fixed viewport;
    private final int columns;

    /** The position at which each column begins; one more at the end. */
    private final long[] starts;

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

    /** Where one of the equal parts of the viewport begins. */
    private long boundary(int part) {
        long span = viewport.toNanos() - viewport.fromNanos();
        long parts = (long) columns * PARTS;
        return viewport.fromNanos() + span / parts * part + span % parts * part / parts;
    }

    private void count() {
        int[] before = new int[Category.COUNT];
        int[] after = new int[Category.COUNT];
        starts[0] = window.lowerBound(viewport.fromNanos());
        window.countBefore(starts[0], before);
        int[] first = before.clone();
        long from = starts[0];
        for (int column = 0; column < columns; column++) {
            for (int part = 0; part < PARTS; part++) {
                long to = window.lowerBound(boundary(column * PARTS + part + 1));
                if (to != from) {
                    window.countBefore(to, after);
                }
                for (int lane = 0; lane < LANES.length; lane++) {
                    int count = to == from ? 0 : difference(LANES[lane].counted(), before, after);
                    counts[lane][column] += count;
                    least[lane][column] = part == 0 ? count : Math.min(least[lane][column], count);
                    most[lane][column] = Math.max(most[lane][column], count);
                }
                if (to != from) {
                    System.arraycopy(after, 0, before, 0, Category.COUNT);
                }
                from = to;
            }
            starts[column + 1] = from;
        }
        for (int lane = 0; lane < LANES.length; lane++) {
            totals[lane] = difference(LANES[lane].shown(), first, before);
        }
    }

    /** How many records of these categories were counted between two counts. */
    private static int difference(int categories, int[] before, int[] after) {
        int sum = 0;
        for (int rest = categories; rest != 0; rest &= rest - 1) {
            int category = Integer.numberOfTrailingZeros(rest);
            sum += after[category] - before[category];
        }
        return sum;
    }

    private Picture picture(List<Turn> turns) {
        int[] lowest = new int[columns];
        int[] highest = new int[columns];
        for (int column = 0; column < columns; column++) {
            lowest[column] = window.extremeLevel(starts[column], starts[column + 1], 1);
            highest[column] = window.extremeLevel(starts[column], starts[column + 1], -1);
        }
        return new Picture(viewport, lanes(), losses(), turns, lowest, highest);
    }

    private Map<Lane, Picture.LaneView> lanes() {
        Map<Lane, Picture.LaneView> views = new EnumMap<>(Lane.class);
        for (Lane lane : LANES) {
            int at = lane.ordinal();
            if (totals[at] <= (long) EXACT_PER_COLUMN * columns) {
                EventTable.Builder table = new EventTable.Builder(names, (int) totals[at]);
                window.visit(
                        lane.shown(),
                        starts[0],
                        starts[columns],
                        (position, category) -> window.copy(position, table));
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
            if ((lane.shown() & Category.MARKS & 1 << category) != 0) {
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
