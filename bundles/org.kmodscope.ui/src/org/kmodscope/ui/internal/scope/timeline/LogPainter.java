/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.List;
import org.eclipse.swt.graphics.GC;
import org.kmodscope.core.event.EventTable;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * Paints the kernel log: a tick or a warning at each line, its text where there is room. Lines that
 * came as events are at their event's time; where none did, at their own.
 */
final class LogPainter {

    private static final int WARNING_LEVEL = 4;
    private static final int GAP = 12;

    private final ScopeStyle style;

    LogPainter(ScopeStyle style) {
        this.style = style;
    }

    void paint(GC gc, TrackLayout layout, Scene scene, Frame frame) {
        if (scene.total(Track.LOG) == 0) {
            lines(gc, layout, frame);
            return;
        }
        Marks marks = scene.marks();
        int next = marks.size();
        // From right to left, so that each text knows where the next line stands.
        int edge = layout.width();
        for (int mark = next - 1; mark >= 0; mark--) {
            if (marks.track(mark) != Track.LOG.ordinal()) {
                continue;
            }
            int x = layout.plotLeft() + marks.x0(mark);
            if (marks.x0(mark) < 0 || marks.x0(mark) >= layout.plotWidth()) {
                continue;
            }
            EventTable events = marks.table(mark);
            String text =
                    events == null || marks.first(mark) == Marks.NONE
                            ? ""
                            : textOf(frame.log(), events.request(marks.first(mark)));
            line(gc, layout, x, marks.look(mark), text, edge);
            edge = x;
        }
    }

    private void lines(GC gc, TrackLayout layout, Frame frame) {
        int edge = layout.width();
        for (KernelLogLine line : frame.log().reversed()) {
            int column = frame.scale().column(line.timeNanos());
            if (column >= 0 && column < layout.plotWidth()) {
                int x = layout.plotLeft() + column;
                boolean warns = line.level() <= WARNING_LEVEL;
                line(gc, layout, x, warns ? EventLook.WARNING : EventLook.LOG, line.text(), edge);
                edge = x;
            }
        }
    }

    private void line(GC gc, TrackLayout layout, int x, EventLook look, String text, int edge) {
        int y = layout.middle(Track.LOG);
        boolean warns = look == EventLook.WARNING;
        style.symbols().draw(gc, look, x, y, layout.compact() || warns ? 12 : 16);
        int left = x + (warns ? 14 : 8);
        String shown = fitting(gc, text, edge - left - GAP);
        style.text(gc, shown, left, y, ScopeColor.MUTED);
    }

    /** As much of a text as there is room for, with an ellipsis where some is left out. */
    private String fitting(GC gc, String text, int room) {
        if (text.isEmpty() || style.width(gc, text) <= room) {
            return text;
        }
        int per = Math.max(1, style.width(gc, text) / text.length());
        int keep = Math.min(text.length() - 1, room / per - 2);
        return keep < 6 ? "" : text.substring(0, keep) + "…";
    }

    /** The line with a number; the log is in the order of its numbers. */
    private static String textOf(List<KernelLogLine> log, long sequence) {
        int low = 0;
        int high = log.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = log.get(middle).sequence();
            if (found == sequence) {
                return log.get(middle).text();
            }
            if (found < sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return "";
    }
}
