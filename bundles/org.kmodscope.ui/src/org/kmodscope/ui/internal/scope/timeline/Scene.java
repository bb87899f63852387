/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.Arrays;
import java.util.List;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventTable;
import org.kmodscope.core.event.Lane;
import org.kmodscope.core.event.Picture;
import org.kmodscope.core.event.Turn;
import org.kmodscope.ui.internal.visual.EventLook;

/**
 * One picture of the model in the pixels of one scale: exact marks where events are sparse, columns
 * of least and most where there are more of them than pixels, and every loss. Painter and pointer
 * read the same scene. Belongs to one thread; its arrays are reused.
 */
public final class Scene {

    /** The track of a mark that crosses all tracks. */
    static final int ACROSS = -1;

    private static final int TRACKS = Track.values().length;

    /** Pixels between two requests in one row. */
    private static final int ROW_GAP = 12;

    /** Shapes nearer than this hide one another. */
    private static final int CLOSE = 7;

    private final Marks marks = new Marks();
    private final Losses losses = new Losses();
    private final OpenSpans open = new OpenSpans();
    private final Picture.@Nullable Density[] density = new Picture.@Nullable Density[TRACKS];
    private final int[] peaks = new int[TRACKS];
    private final long[] totals = new long[TRACKS];
    private final boolean[] crowded = new boolean[TRACKS];
    private int[] rowEnds = new int[8];
    private int aioRows = 1;
    private int outstandingTop = 1;
    private boolean levels;
    private @Nullable Picture picture;
    private TimeScale scale = new TimeScale(0, 1);

    /** Forgets what it holds. */
    public void clear() {
        picture = null;
        marks.clear();
        losses.clear();
        Arrays.fill(density, null);
        Arrays.fill(totals, 0);
    }

    /**
     * Builds the scene.
     *
     * @param rows how many rows the track of asynchronous requests has room for
     * @param compact whether that track shows numbers of requests in any case
     */
    public void build(Picture from, TimeScale at, int rows, boolean compact) {
        clear();
        picture = from;
        scale = at;
        aioRows = Math.max(1, rows);
        for (Track track : Track.values()) {
            for (Lane lane : track.lanes()) {
                add(track, from.lane(lane));
            }
        }
        switch (from.lane(Lane.MARK)) {
            case Picture.Exact exact -> across(exact.events());
            case Picture.Density columns -> keepMarks(ACROSS, columns);
        }
        for (Picture.LossSpan loss : from.losses()) {
            losses.add(at, loss);
        }
        levels = compact || dense(Track.AIO);
        outstandingTop = 1;
        for (int column = 0; column < from.columns(); column++) {
            outstandingTop = Math.max(outstandingTop, from.outstandingMax(column));
        }
        assignRows();
        flagLosses();
        findCrowds();
    }

    /** Who had the device when, where several models take turns. */
    List<Turn> turns() {
        Picture shown = picture;
        return shown == null ? List.of() : shown.turns();
    }

    private void findCrowds() {
        int[] last = new int[TRACKS];
        int[] marksOf = new int[TRACKS];
        int[] close = new int[TRACKS];
        Arrays.fill(last, Integer.MIN_VALUE / 2);
        for (int mark = 0; mark < marks.size(); mark++) {
            int track = marks.track(mark);
            if (track != ACROSS) {
                marksOf[track]++;
                close[track] += Math.abs(marks.x0(mark) - last[track]) < CLOSE ? 1 : 0;
                last[track] = marks.x0(mark);
            }
        }
        for (int track = 0; track < TRACKS; track++) {
            crowded[track] = close[track] * 3 > marksOf[track] * 2;
        }
    }

    private void add(Track track, Picture.LaneView view) {
        int ordinal = track.ordinal();
        totals[ordinal] += view.total();
        switch (view) {
            case Picture.Exact exact -> spans(ordinal, exact.events());
            case Picture.Density columns -> {
                density[ordinal] = columns;
                peaks[ordinal] = roundUp(columns.peak());
                keepMarks(ordinal, columns);
            }
        }
    }

    /** The next of 1, 2, 5, 10, 20, …: a scale that does not change with every picture. */
    static int roundUp(int most) {
        int power = 1;
        while (most > 5 * power) {
            power *= 10;
        }
        return most <= power ? power : most <= 2 * power ? 2 * power : 5 * power;
    }

    private void keepMarks(int track, Picture.Density columns) {
        for (Picture.Mark mark : columns.marks()) {
            int x = scale.column(mark.timeNanos());
            EventLook look =
                    track == Track.LOG.ordinal() ? EventLook.WARNING : EventLook.of(mark.kind(), 0);
            marks.add(track, look, x, x, null, Marks.NONE, Marks.NONE);
        }
    }

    private void across(EventTable events) {
        for (int i = 0; i < events.size(); i++) {
            int x = scale.column(events.timeNanos(i));
            marks.add(ACROSS, EventLook.of(events.kind(i), 0), x, x, events, i, i);
        }
    }

    private void spans(int track, EventTable events) {
        open.clear();
        for (int i = 0; i < events.size(); i++) {
            EventKind kind = events.kind(i);
            int x = scale.column(events.timeNanos(i));
            if (isStart(kind)) {
                open.open(i);
            } else if (isEnd(kind)) {
                int start = open.close(events, i);
                int from = start == Marks.NONE ? 0 : scale.column(events.timeNanos(start));
                int mark = marks.add(track, EventLook.of(kind, 0), from, x, events, start, i);
                if (start == Marks.NONE) {
                    marks.flag(mark, Marks.OPEN_LEFT);
                }
            } else {
                marks.add(track, look(events, i), x, x, events, i, i);
            }
        }
        for (int k = 0; k < open.size(); k++) {
            int start = open.event(k);
            int from = scale.column(events.timeNanos(start));
            // Only a request is known to be under way; a call's end may have been lost.
            boolean request = track == Track.AIO.ordinal();
            int to = request ? Math.max(from, scale.column(pictureEnd())) : from;
            EventLook look = EventLook.of(events.kind(start), 0);
            marks.flag(
                    marks.add(track, look, from, to, events, start, Marks.NONE), Marks.OPEN_RIGHT);
        }
    }

    private static EventLook look(EventTable events, int i) {
        // The level of a line of the kernel log: 4 (KERN_WARNING) and below are warnings.
        return events.kind(i) == EventKind.KERNEL_LOG && events.result(i) <= 4
                ? EventLook.WARNING
                : EventLook.of(events.kind(i), events.band(i));
    }

    private void assignRows() {
        if (rowEnds.length < aioRows) {
            rowEnds = new int[aioRows];
        }
        Arrays.fill(rowEnds, Integer.MIN_VALUE);
        for (int mark = 0; mark < marks.size(); mark++) {
            if (marks.track(mark) == Track.AIO.ordinal()) {
                int best = aioRows - 1;
                for (int row = 0; row < aioRows; row++) {
                    if (rowEnds[row] <= marks.x0(mark)) {
                        best = row;
                        break;
                    }
                }
                rowEnds[best] = marks.x1(mark) + ROW_GAP;
                marks.row(mark, best);
            }
        }
    }

    private void flagLosses() {
        for (int loss = 0; loss < losses.size(); loss++) {
            for (int mark = 0; mark < marks.size(); mark++) {
                if (marks.x0(mark) < losses.x1(loss) && marks.x1(mark) > losses.x0(loss)) {
                    marks.flag(mark, Marks.CROSSES_LOSS);
                }
            }
        }
    }

    private static boolean isStart(EventKind kind) {
        return switch (kind) {
            case READ_START, WRITE_START, AIO_SUBMIT, WORK_START -> true;
            default -> false;
        };
    }

    private static boolean isEnd(EventKind kind) {
        return switch (kind) {
            case READ_END, WRITE_END, AIO_COMPLETE, AIO_CANCEL, WORK_END -> true;
            default -> false;
        };
    }

    Marks marks() {
        return marks;
    }

    Losses losses() {
        return losses;
    }

    TimeScale scale() {
        return scale;
    }

    /** Whether this track merges events into columns. */
    boolean dense(Track track) {
        return density[track.ordinal()] != null;
    }

    /** Whether so many marks are in this track that shapes would hide one another. */
    boolean crowded(Track track) {
        return crowded[track.ordinal()];
    }

    /** Whether the track of requests shows how many are under way instead of each. */
    boolean levels() {
        return levels;
    }

    /** The most requests under way in this picture, at least 1. */
    int outstandingTop() {
        return outstandingTop;
    }

    int outstandingLow(int column) {
        Picture now = picture;
        return now == null ? 0 : now.outstandingMin(column);
    }

    int outstandingHigh(int column) {
        Picture now = picture;
        return now == null ? 0 : now.outstandingMax(column);
    }

    /** The least events per part of a column. */
    int low(Track track, int column) {
        Picture.Density columns = density[track.ordinal()];
        return columns == null ? 0 : columns.min(column);
    }

    /** The most events per part of a column. */
    int high(Track track, int column) {
        Picture.Density columns = density[track.ordinal()];
        return columns == null ? 0 : columns.max(column);
    }

    /** What the full height of a dense track stands for, in events per part of a column. */
    int peak(Track track) {
        return peaks[track.ordinal()];
    }

    /** How many events of the track are in the window. */
    public long total(Track track) {
        return totals[track.ordinal()];
    }

    /** How many columns the picture has. */
    int columns() {
        Picture now = picture;
        return now == null ? 0 : now.columns();
    }

    /** The left edge of a column in pixels; differs from its number while a new scale waits. */
    int columnLeft(int column) {
        Picture now = picture;
        if (now == null) {
            return 0;
        }
        double share = (double) column / Math.max(1, now.columns());
        return scale.column(
                now.fromNanos() + Math.round((now.toNanos() - now.fromNanos()) * share));
    }

    private long pictureEnd() {
        Picture now = picture;
        return now == null ? 0 : now.toNanos();
    }

    /** How many rows the requests are spread over. */
    int aioRows() {
        return aioRows;
    }

    /** Whether any track merges events into columns. */
    public boolean decimated() {
        for (Track track : Track.values()) {
            if (dense(track)) {
                return true;
            }
        }
        return false;
    }
}
