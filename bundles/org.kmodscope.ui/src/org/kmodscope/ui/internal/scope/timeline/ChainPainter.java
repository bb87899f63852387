/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.kmodscope.core.event.Event;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Paints the selected chain: arrows from cause to effect, with what each hop took. */
final class ChainPainter {

    private final ScopeStyle style;
    private final int[] head = new int[6];

    ChainPainter(ScopeStyle style) {
        this.style = style;
    }

    void paint(GC gc, TrackLayout layout, Scene scene, Frame frame) {
        if (layout.compact() || frame.chain().isEmpty()) {
            return;
        }
        Chain chain = frame.chain().get();
        List<Chain.Link> links = chain.links();
        for (int i = 1; i < links.size(); i++) {
            Chain.Link from = links.get(i - 1);
            Chain.Link to = links.get(i);
            if (from.begin().isPresent()
                    && to.begin().isPresent()
                    && !scene.dense(track(from))
                    && !scene.dense(track(to))) {
                hop(gc, layout, frame, from, to, chain.hop(i).orElse(0));
            }
        }
    }

    private void hop(
            GC gc, TrackLayout layout, Frame frame, Chain.Link from, Chain.Link to, long nanos) {
        int left = layout.plotLeft();
        int x0 = left + middle(frame, from);
        int x1 = left + frame.scale().column(time(to));
        int y0 = layout.middle(track(from));
        int y1 = layout.middle(track(to));
        gc.setForeground(style.color(ScopeColor.INK));
        gc.setBackground(style.color(ScopeColor.INK));
        gc.setLineWidth(2);
        gc.setLineStyle(SWT.LINE_SOLID);
        String text = Quantity.interval(nanos);
        gc.setFont(style.fonts().strong());
        int half = style.width(gc, text) / 2 + 8;
        int pillX;
        int pillY;
        if (y0 == y1) {
            gc.drawLine(x0 + 8, y0, x1 - 8, y1);
            arrow(gc, x1 - 7, y1, 1, 0);
            pillX = (x0 + x1) / 2;
            pillY = y0 - 19;
        } else {
            int way = y1 > y0 ? 1 : -1;
            boolean beside = x1 - x0 < 18;
            int down = beside ? x1 : x0;
            gc.drawLine(down, y0 + way * 9, down, beside ? y1 - way * 10 : y1);
            if (beside) {
                arrow(gc, x1, y1 - way * 9, 0, way);
            } else {
                gc.drawLine(down, y1, x1 - 12, y1);
                arrow(gc, x1 - 9, y1, 1, 0);
            }
            boolean above = x1 - x0 > 2 * half + 24;
            pillX = above ? (x0 + x1) / 2 : down - half - 3;
            pillY = above ? y1 - 18 : (y0 + y1) / 2;
        }
        gc.setLineWidth(1);
        pillX = Math.max(left + half, Math.min(layout.width() - half, pillX));
        style.pill(gc, text, pillX, pillY, ScopeColor.CANVAS, ScopeColor.INK, ScopeColor.INK);
        gc.setFont(style.fonts().label());
    }

    private void arrow(GC gc, int x, int y, int dx, int dy) {
        head[0] = x;
        head[1] = y;
        head[2] = x - 7 * dx - 4 * dy;
        head[3] = y - 7 * dy - 4 * dx;
        head[4] = x - 7 * dx + 4 * dy;
        head[5] = y - 7 * dy + 4 * dx;
        gc.fillPolygon(head);
    }

    /** The middle of a bar, or the place of a moment. */
    private static int middle(Frame frame, Chain.Link link) {
        int begin = frame.scale().column(time(link));
        int end = link.end().map(event -> frame.scale().column(event.timeNanos())).orElse(begin);
        return (begin + end) / 2;
    }

    private static long time(Chain.Link link) {
        return link.begin().map(Event::timeNanos).orElse(0L);
    }

    /** The track that shows a step. */
    static Track track(Chain.Link link) {
        return track(link.look());
    }

    private static Track track(EventLook look) {
        return switch (look) {
            case WRITE -> Track.WRITE;
            case GENERATED_IN, SIGIO_IN, SIGIO_OTHER -> Track.SIGIO_IN;
            case GENERATED_OUT, SIGIO_OUT -> Track.SIGIO_OUT;
            case READ -> Track.READ;
            case AIO_SUBMIT, AIO_COMPLETE, AIO_CANCEL -> Track.AIO;
            case WORK -> Track.WORK;
            case LOG, WARNING, MARKER, GONE, LOST -> Track.LOG;
        };
    }
}
