/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jdt.annotation.Nullable;

/** Makes the picture of a viewport from the window. */
final class PictureMaker {

    /** More events than so many per column are shown as a density. */
    static final int EXACT_PER_COLUMN = 2;

    private final EventWindow window;
    private final String[] names;
    private final Viewport.Fixed viewport;
    private final Columns columns;

    private PictureMaker(
            EventWindow window, String[] names, Viewport.Fixed viewport, Columns columns) {
        this.window = window;
        this.names = names;
        this.viewport = viewport;
        this.columns = columns;
    }

    /** The picture of what the window holds now, which is in these columns of the viewport. */
    static Picture make(
            EventWindow window,
            String[] names,
            Viewport.Fixed viewport,
            Columns columns,
            List<Turn> turns) {
        PictureMaker maker = new PictureMaker(window, names, viewport, columns);
        return new Picture(
                viewport,
                maker.lanes(),
                maker.losses(),
                turns,
                columns.lowest(),
                columns.highest());
    }

    private Map<Lane, Picture.LaneView> lanes() {
        Map<Lane, Picture.LaneView> views = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            long total = columns.total(lane);
            if (total <= (long) EXACT_PER_COLUMN * viewport.columns()) {
                EventTable.Builder table = new EventTable.Builder(names, (int) total);
                if (total > 0) {
                    window.visit(
                            lane.shown(),
                            columns.start(0),
                            columns.end(),
                            (position, category) -> window.copy(position, table));
                }
                views.put(lane, new Picture.Exact(table.build()));
            } else {
                views.put(lane, columns.density(lane, marks(lane)));
            }
        }
        return views;
    }

    private List<Picture.Mark> marks(Lane lane) {
        List<Picture.Mark> marks = new ArrayList<>();
        for (int category = 0; category < Category.COUNT; category++) {
            if ((lane.shown() & Category.MARKS & 1 << category) != 0
                    && columns.within(category) > 0) {
                MarkCollector collector = new MarkCollector(marks, Category.kind(category));
                window.visit(1 << category, columns.start(0), columns.end(), collector);
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
            if (position >= columns.start(column + 1)) {
                flush();
                while (position >= columns.start(column + 1)) {
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
        if (!columns.anyFrom(Category.LOSSES)) {
            return List.of();
        }
        List<Picture.LossSpan> spans = new ArrayList<>();
        Picture.@Nullable LossSpan[] last = new Picture.LossSpan[names.length];
        // A loss that ends after the viewport may begin in it.
        window.visit(
                Category.LOSSES,
                columns.start(0),
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
        return (long)
                Math.floor((double) (time - viewport.fromNanos()) / span * viewport.columns());
    }
}
