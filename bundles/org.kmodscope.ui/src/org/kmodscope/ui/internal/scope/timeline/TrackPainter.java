/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventTable;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Paints what happened in one track: exact shapes, or columns of least and most. */
final class TrackPainter {

    private static final int SHAPE = 13;
    private static final int BAR = 16;
    private static final int LEAST_BAR = 3;
    private static final int[] DOTS = {2, 3};

    private final ScopeStyle style;
    private final LogPainter log;

    TrackPainter(ScopeStyle style) {
        this.style = style;
        this.log = new LogPainter(style);
    }

    void paint(GC gc, TrackLayout layout, Scene scene, Frame frame, Track track) {
        if (track == Track.AIO && scene.levels()) {
            levels(gc, layout, scene);
        } else if (scene.dense(track)) {
            density(gc, layout, scene, track);
        }
        Marks marks = scene.marks();
        if ((track == Track.SIGIO_IN || track == Track.SIGIO_OUT) && !scene.crowded(track)) {
            deliveries(gc, layout, scene, track);
        }
        for (int mark = 0; mark < marks.size(); mark++) {
            if (marks.track(mark) == track.ordinal() && visible(layout, marks, mark)) {
                boolean counted = track == Track.AIO && scene.levels();
                if (!counted || marks.look(mark) == EventLook.AIO_CANCEL) {
                    mark(gc, layout, scene, frame, track, mark);
                }
            }
        }
        if (track == Track.LOG) {
            log.paint(gc, layout, scene, frame);
        }
    }

    /** Dots from where a signal was generated to where it arrived, where only one can be meant. */
    private void deliveries(GC gc, TrackLayout layout, Scene scene, Track track) {
        Marks marks = scene.marks();
        int pending = 0;
        int from = 0;
        gc.setForeground(style.color(track.look().edge()));
        gc.setLineDash(DOTS);
        for (int mark = 0; mark < marks.size(); mark++) {
            if (marks.track(mark) != track.ordinal()) {
                continue;
            }
            EventLook look = marks.look(mark);
            if (look == EventLook.GENERATED_IN || look == EventLook.GENERATED_OUT) {
                pending++;
                from = marks.x0(mark);
            } else {
                int to = marks.x0(mark);
                if (pending == 1 && !scene.losses().within(from, to)) {
                    int y = layout.middle(track);
                    gc.drawLine(layout.plotLeft() + from + 8, y, layout.plotLeft() + to - 8, y);
                }
                pending = 0;
            }
        }
        gc.setLineStyle(SWT.LINE_SOLID);
    }

    /** Marks that cross all tracks: what the tool noted, the end of a device. */
    void paintAcross(GC gc, TrackLayout layout, Scene scene) {
        Marks marks = scene.marks();
        for (int mark = 0; mark < marks.size(); mark++) {
            if (marks.track(mark) == Scene.ACROSS && visible(layout, marks, mark)) {
                int x = layout.plotLeft() + marks.x0(mark);
                boolean gone = marks.look(mark) == EventLook.GONE;
                gc.setForeground(style.color(gone ? ScopeColor.INK : ScopeColor.MUTED));
                gc.setLineStyle(gone ? SWT.LINE_SOLID : SWT.LINE_DOT);
                gc.drawLine(x, layout.axisHeight(), x, layout.height());
                gc.setLineStyle(SWT.LINE_SOLID);
                if (gone) {
                    int y = layout.middle(Track.LOG);
                    style.symbols().draw(gc, EventLook.GONE, x + 10, y, SHAPE);
                    style.text(gc, "device gone", x + 22, y, ScopeColor.INK);
                }
            }
        }
    }

    private static boolean visible(TrackLayout layout, Marks marks, int mark) {
        return marks.x1(mark) >= -SHAPE && marks.x0(mark) <= layout.plotWidth() + SHAPE;
    }

    private void density(GC gc, TrackLayout layout, Scene scene, Track track) {
        ScopeColor hue = style.palette().highContrast() ? track.look().edge() : solid(track);
        // Bars on whole pixels need no smoothing, which would cost most of the time.
        gc.setAntialias(SWT.OFF);
        gc.setBackground(style.palette().pale(hue));
        bars(gc, layout, scene, track, true);
        gc.setBackground(style.color(hue));
        bars(gc, layout, scene, track, false);
        gc.setAntialias(SWT.ON);
    }

    private void bars(GC gc, TrackLayout layout, Scene scene, Track track, boolean most) {
        int bottom = layout.top(track) + layout.height(track) - 1;
        int room = layout.height(track) - 4;
        int peak = Math.max(1, scene.peak(track));
        int columns = scene.columns();
        int run = 0;
        int runHeight = 0;
        for (int column = 0; column <= columns; column++) {
            int height = 0;
            if (column < columns) {
                int value = most ? scene.high(track, column) : scene.low(track, column);
                height = value == 0 ? 0 : Math.max(1, (int) ((long) value * room / peak));
            }
            if (height != runHeight || column == columns) {
                if (runHeight > 0) {
                    int left = scene.columnLeft(run);
                    int width = Math.max(1, scene.columnLeft(column) - left);
                    gc.fillRectangle(
                            layout.plotLeft() + left, bottom - runHeight, width, runHeight);
                }
                run = column;
                runHeight = height;
            }
        }
    }

    private static ScopeColor solid(Track track) {
        return switch (track) {
            case READ, WORK, AIO -> track.look().edge();
            default -> track.look().fill();
        };
    }

    private void levels(GC gc, TrackLayout layout, Scene scene) {
        int bottom = layout.top(Track.AIO) + layout.height(Track.AIO) - 4;
        int room = layout.height(Track.AIO) - 8;
        int top = scene.outstandingTop();
        int before = Integer.MIN_VALUE;
        gc.setAntialias(SWT.OFF);
        for (int column = 0; column < scene.columns(); column++) {
            int x = layout.plotLeft() + scene.columnLeft(column);
            int width = Math.max(1, scene.columnLeft(column + 1) - scene.columnLeft(column));
            int low = bottom - scene.outstandingLow(column) * room / top;
            int high = bottom - scene.outstandingHigh(column) * room / top;
            gc.setBackground(style.color(ScopeColor.AIO_PENDING));
            gc.fillRectangle(x, high, width, bottom - high);
            gc.setForeground(style.color(ScopeColor.AIO));
            gc.drawLine(x, high, x + width - 1, high);
            if (before != Integer.MIN_VALUE && before != high) {
                gc.drawLine(x, before, x, high);
            }
            if (low != high) {
                gc.drawLine(x, low, x, high);
            }
            before = low;
        }
        gc.setAntialias(SWT.ON);
    }

    private void mark(GC gc, TrackLayout layout, Scene scene, Frame frame, Track track, int mark) {
        Marks marks = scene.marks();
        int y = layout.middle(track);
        int x0 = layout.plotLeft() + marks.x0(mark);
        int x1 = layout.plotLeft() + marks.x1(mark);
        boolean ringed = isMarked(marks, mark, frame);
        EventLook look = marks.look(mark);
        switch (look) {
            case WRITE, READ -> {
                int least = scene.crowded(track) ? 1 : LEAST_BAR;
                call(gc, layout, track, look, x0, Math.max(x1, x0 + least), ringed);
            }
            case WORK -> work(gc, layout, x0, x1, ringed);
            case AIO_SUBMIT, AIO_COMPLETE, AIO_CANCEL -> {
                if (scene.levels()) {
                    style.symbols().draw(gc, look, x1, y, 10);
                } else {
                    request(gc, layout, scene, mark, look, ringed);
                }
            }
            case LOG, WARNING -> {}
            default -> {
                if (scene.crowded(track)) {
                    thin(gc, layout, track, look, x0);
                } else {
                    style.symbols().draw(gc, look, x0, y, layout.compact() ? SHAPE - 2 : SHAPE);
                }
                if (ringed && !inChain(marks, mark, frame)) {
                    ring(gc, x0 - 10, y - 10, 20, 20);
                }
            }
        }
    }

    private void call(
            GC gc,
            TrackLayout layout,
            Track track,
            EventLook look,
            int x0,
            int x1,
            boolean ringed) {
        int height = Math.min(BAR, layout.height(track) - 6);
        int y = layout.middle(track) - height / 2;
        int width = x1 - x0;
        gc.setBackground(style.color(width < LEAST_BAR ? look.edge() : look.fill()));
        gc.fillRectangle(x0, y, width, height);
        if (look == EventLook.READ && width >= LEAST_BAR) {
            gc.setForeground(style.color(look.edge()));
            int line = width >= 6 ? 2 : 1;
            gc.setLineWidth(line);
            gc.drawRectangle(x0 + line / 2, y + line / 2, width - line, height - line);
            gc.setLineWidth(1);
        }
        if (ringed) {
            ring(gc, x0 - 4, y - 4, width + 8, height + 8);
        }
    }

    /** A line in the colour of the event, where shapes would hide one another. */
    private void thin(GC gc, TrackLayout layout, Track track, EventLook look, int x) {
        boolean hollow = look == EventLook.GENERATED_IN || look == EventLook.GENERATED_OUT;
        int height = layout.height(track) - 10;
        int y = layout.top(track) + 5;
        gc.setBackground(style.color(hollow ? look.edge() : look.fill()));
        gc.fillRectangle(
                x, hollow ? y : y + height / 3, 1, hollow ? height / 4 : height - height / 3);
    }

    private void work(GC gc, TrackLayout layout, int x0, int x1, boolean ringed) {
        int height = Math.min(14, layout.height(Track.WORK) - 6);
        int y = layout.middle(Track.WORK) - height / 2;
        int width = Math.max(8, x1 - x0);
        gc.setBackground(style.color(ScopeColor.WORK_FILL));
        gc.setForeground(style.color(ScopeColor.WORK));
        style.symbols().pill(gc, x0, y, width, height);
        if (ringed) {
            ring(gc, x0 - 4, y - 4, width + 8, height + 8);
        }
    }

    private void request(
            GC gc, TrackLayout layout, Scene scene, int mark, EventLook look, boolean ringed) {
        Marks marks = scene.marks();
        int rows = scene.aioRows();
        int slot = layout.height(Track.AIO) / rows;
        int y = layout.top(Track.AIO) + slot * marks.row(mark) + slot / 2;
        int x0 = layout.plotLeft() + marks.x0(mark);
        int x1 = layout.plotLeft() + marks.x1(mark);
        boolean openRight = marks.is(mark, Marks.OPEN_RIGHT);
        boolean dashed = look == EventLook.AIO_CANCEL || marks.is(mark, Marks.CROSSES_LOSS);
        if (x1 > x0) {
            gc.setBackground(style.color(ScopeColor.AIO_PENDING));
            gc.setForeground(style.color(ScopeColor.AIO));
            if (look != EventLook.AIO_CANCEL) {
                gc.fillRectangle(x0, y - 8, x1 - x0, 16);
            }
            gc.setLineStyle(dashed ? SWT.LINE_DASH : SWT.LINE_SOLID);
            gc.drawRectangle(x0, y - 8, x1 - x0, 16);
            gc.setLineStyle(SWT.LINE_SOLID);
        }
        if (!marks.is(mark, Marks.OPEN_LEFT)) {
            style.symbols().draw(gc, EventLook.AIO_SUBMIT, x0, y, 12);
        }
        if (!openRight) {
            style.symbols().draw(gc, look, x1, y, 12);
        }
        EventTable events = marks.table(mark);
        int event = marks.first(mark) == Marks.NONE ? marks.last(mark) : marks.first(mark);
        if (events != null && event != Marks.NONE) {
            String name = String.valueOf(events.request(event));
            if (look == EventLook.AIO_CANCEL) {
                style.text(gc, name + " cancelled", x1 + 12, y, ScopeColor.MUTED);
            } else if (style.width(gc, name) + 20 < x1 - x0) {
                style.text(gc, name, Math.max(x0, layout.plotLeft()) + 12, y, ScopeColor.INK);
            }
        }
        if (ringed) {
            ring(gc, x0 - 10, y - 11, x1 - x0 + 20, 22);
        }
    }

    private static boolean isMarked(Marks marks, int mark, Frame frame) {
        return inChain(marks, mark, frame)
                || frame.view().selected().filter(event -> holds(marks, mark, event)).isPresent();
    }

    private static boolean inChain(Marks marks, int mark, Frame frame) {
        return frame.chain()
                .filter(
                        chain ->
                                chain.links().stream()
                                        .anyMatch(link -> holdsAny(marks, mark, link)))
                .isPresent();
    }

    private static boolean holdsAny(Marks marks, int mark, Chain.Link link) {
        return link.begin().filter(event -> holds(marks, mark, event)).isPresent();
    }

    /** Whether the mark begins or ends with this event. */
    static boolean holds(Marks marks, int mark, Event event) {
        EventTable events = marks.table(mark);
        return is(events, marks.first(mark), event) || is(events, marks.last(mark), event);
    }

    private static boolean is(@Nullable EventTable events, int index, Event event) {
        return events != null
                && index != Marks.NONE
                && events.timeNanos(index) == event.timeNanos()
                && events.kind(index) == event.kind()
                && events.request(index) == event.request();
    }

    private void ring(GC gc, int x, int y, int width, int height) {
        gc.setForeground(style.color(ScopeColor.INK));
        gc.setLineWidth(2);
        gc.drawRoundRectangle(x, y, width, height, 6, 6);
        gc.setLineWidth(1);
    }
}
