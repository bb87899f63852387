/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Transform;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Paints what stands left of the plot: the moment, the groups, the names of the tracks. */
final class GutterPainter {

    private static final int SYMBOL = 12;

    private final ScopeStyle style;

    GutterPainter(ScopeStyle style) {
        this.style = style;
    }

    void paint(GC gc, TrackLayout layout, Scene scene, Frame frame) {
        int left = layout.plotLeft();
        gc.setBackground(style.color(ScopeColor.GUTTER));
        gc.fillRectangle(0, 0, left, layout.height());
        corner(gc, layout, frame);
        for (Track.Group group : Track.Group.values()) {
            caption(gc, layout, group);
        }
        for (Track track : Track.values()) {
            heading(gc, layout, scene, frame, track);
        }
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(left - 1, 0, left - 1, layout.height());
    }

    private void corner(GC gc, TrackLayout layout, Frame frame) {
        boolean live = frame.view().live();
        String span = Quantity.brief(frame.span());
        gc.setFont(style.fonts().strong());
        if (layout.compact()) {
            String text = live ? "Live · last " + span : moment(frame);
            style.text(gc, text, 12, layout.axisHeight() / 2, ScopeColor.INK);
            gc.setFont(style.fonts().label());
            return;
        }
        style.text(gc, live ? "Live" : moment(frame), 12, 11, ScopeColor.INK);
        gc.setFont(style.fonts().label());
        style.text(gc, (live ? "last " + span : span + " across"), 12, 28, ScopeColor.MUTED);
    }

    private static String moment(Frame frame) {
        return Quantity.moment(TimeTicks.base(frame.scale(), frame.origin()) - frame.origin());
    }

    private void caption(GC gc, TrackLayout layout, Track.Group group) {
        int top = Integer.MAX_VALUE;
        int bottom = 0;
        for (Track track : Track.values()) {
            if (track.group() == group) {
                top = Math.min(top, layout.top(track));
                bottom = Math.max(bottom, layout.top(track) + layout.height(track));
            }
        }
        int height = bottom - top - 1;
        gc.setBackground(style.color(edge(group)));
        gc.fillRectangle(0, top, 4, height);
        if (layout.compact()) {
            return;
        }
        gc.setBackground(style.color(ground(group)));
        gc.fillRectangle(4, top, layout.captionWidth() - 4, height);
        gc.setFont(style.fonts().strong());
        if (style.width(gc, group.title()) > height) {
            gc.setFont(style.fonts().label());
        }
        int length = style.width(gc, group.title());
        if (length <= height) {
            Transform transform = new Transform(gc.getDevice());
            try {
                transform.translate(layout.captionWidth() / 2f + 2, top + height / 2f);
                transform.rotate(-90);
                gc.setTransform(transform);
                style.text(gc, group.title(), -length / 2, 0, ScopeColor.INK);
            } finally {
                gc.setTransform(null);
                transform.dispose();
            }
        }
        gc.setFont(style.fonts().label());
    }

    private static ScopeColor edge(Track.Group group) {
        return switch (group) {
            case CAUSE -> ScopeColor.WRITE;
            case NOTIFICATION -> ScopeColor.SIGIO_IN;
            case AIO -> ScopeColor.AIO;
            case KERNEL -> ScopeColor.LOG;
        };
    }

    private static ScopeColor ground(Track.Group group) {
        return switch (group) {
            case CAUSE -> ScopeColor.CAPTION_CAUSE;
            case NOTIFICATION -> ScopeColor.CAPTION_NOTIFICATION;
            case AIO -> ScopeColor.CAPTION_AIO;
            case KERNEL -> ScopeColor.CAPTION_KERNEL;
        };
    }

    private void heading(GC gc, TrackLayout layout, Scene scene, Frame frame, Track track) {
        int x = layout.captionWidth();
        int y = layout.middle(track);
        int height = layout.height(track);
        int line = style.height(gc);
        int text = layout.compact() ? 34 : 48;
        String subtitle = frame.subtitles().get(track.ordinal());
        boolean second = !subtitle.isEmpty() && height >= 2 * line + 4;
        boolean legend = track == Track.AIO && height >= 4 * line + 16;
        int titleY = legend ? layout.top(track) + line / 2 + 12 : second ? y - line / 2 : y;
        style.symbols().draw(gc, track.look(), layout.compact() ? 20 : x + 14, titleY, SYMBOL);
        gc.setFont(style.fonts().strong());
        String title = scene.levels() && track == Track.AIO ? "AIO in flight" : track.title();
        style.text(gc, title, text, titleY, ScopeColor.INK);
        gc.setFont(style.fonts().label());
        if (second) {
            style.text(gc, subtitle, text, titleY + line, ScopeColor.MUTED);
        }
        if (legend) {
            legend(gc, x + 14, titleY + 2 * line + 6, line);
        }
        if (scene.levels() && track == Track.AIO && scene.total(track) > 0) {
            int right = layout.plotLeft() - 8;
            String top = String.valueOf(scene.outstandingTop());
            int upper = Math.min(height, 2 * line) / 2;
            int at = height >= 2 * line ? layout.top(track) + line / 2 : layout.top(track) + upper;
            style.textRight(gc, top, right, at, ScopeColor.MUTED);
            if (height >= 2 * line) {
                int low = layout.top(track) + height - line / 2;
                style.textRight(gc, "0", right, low, ScopeColor.MUTED);
            }
        }
        gc.setForeground(style.color(ScopeColor.RULE));
        gc.setLineStyle(SWT.LINE_SOLID);
        int bottom = layout.top(track) + height - 1;
        gc.drawLine(x, bottom, layout.plotLeft(), bottom);
    }

    private void legend(GC gc, int x, int y, int line) {
        gc.setBackground(style.color(ScopeColor.AIO_PENDING));
        gc.setForeground(style.color(ScopeColor.AIO));
        gc.fillRectangle(x - 6, y - 5, 12, 10);
        gc.drawRectangle(x - 6, y - 5, 12, 10);
        style.text(gc, "pending", x + 14, y, ScopeColor.MUTED);
        int next = x + 14 + style.width(gc, "pending") + 12;
        style.symbols().draw(gc, EventLook.AIO_COMPLETE, next, y, 10);
        style.text(gc, "done", next + 9, y, ScopeColor.MUTED);
        style.symbols().draw(gc, EventLook.AIO_CANCEL, x, y + line + 2, 12);
        style.text(gc, "cancelled", x + 14, y + line + 2, ScopeColor.MUTED);
    }
}
