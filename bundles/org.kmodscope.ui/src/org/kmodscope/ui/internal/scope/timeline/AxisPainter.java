/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.List;
import java.util.OptionalLong;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Paints the axis of time, with cursors, losses by name, and the note of a paused picture. */
final class AxisPainter {

    private final ScopeStyle style;

    AxisPainter(ScopeStyle style) {
        this.style = style;
    }

    /** The ground of the axis and the grid below it. */
    void ground(GC gc, TrackLayout layout, Frame frame) {
        gc.setBackground(style.color(ScopeColor.GUTTER));
        gc.fillRectangle(0, 0, layout.width(), layout.axisHeight());
        gc.setForeground(style.color(ScopeColor.RULE));
        gc.setLineStyle(SWT.LINE_SOLID);
        for (TimeTicks.Tick tick : ticks(layout, frame)) {
            int x = layout.plotLeft() + tick.x();
            gc.drawLine(x, layout.axisHeight(), x, layout.height());
        }
    }

    /** Labels, cursors and tags, above all that the tracks drew. */
    void paint(GC gc, TrackLayout layout, Scene scene, Frame frame) {
        int height = layout.axisHeight();
        int left = layout.plotLeft();
        Rectangle all = gc.getClipping();
        gc.setClipping(
                all.intersection(new Rectangle(left, 0, layout.plotWidth(), layout.height())));
        int labelY = height - 10;
        for (TimeTicks.Tick tick : ticks(layout, frame)) {
            int x = left + tick.x();
            gc.setForeground(style.color(ScopeColor.MUTED));
            gc.drawLine(x, height - (layout.compact() ? height : 14), x, height);
            int width = style.width(gc, tick.label());
            if (x + 4 + width <= layout.width()) {
                style.text(gc, tick.label(), x + 4, labelY, ScopeColor.MUTED);
            } else if (x >= layout.width() - 1) {
                style.textRight(gc, tick.label(), x - 4, labelY, ScopeColor.MUTED);
            }
        }
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(left, height - 1, layout.width(), height - 1);
        chainMark(gc, layout, frame);
        lossTags(gc, layout, scene);
        cursors(gc, layout, scene, frame);
        if (!layout.compact()) {
            frame.note().ifPresent(text -> note(gc, left + 8, text));
        }
        gc.setClipping(all);
    }

    private static List<TimeTicks.Tick> ticks(TrackLayout layout, Frame frame) {
        return frame.view().live()
                ? TimeTicks.live(frame.scale(), layout.plotWidth())
                : TimeTicks.standing(frame.scale(), frame.origin(), layout.plotWidth());
    }

    private void note(GC gc, int x, String text) {
        int width = style.width(gc, text) + 30;
        int height = style.height(gc) + 3;
        gc.setBackground(style.color(ScopeColor.NOTE));
        gc.setForeground(style.color(ScopeColor.MUTED));
        gc.fillRoundRectangle(x, 2, width, height, height, height);
        gc.drawRoundRectangle(x, 2, width, height, height, height);
        gc.setBackground(style.color(ScopeColor.INK));
        int bar = height - 8;
        gc.fillRectangle(x + 9, 6, 3, bar);
        gc.fillRectangle(x + 14, 6, 3, bar);
        style.text(gc, text, x + 22, 2 + height / 2, ScopeColor.INK);
    }

    private void chainMark(GC gc, TrackLayout layout, Frame frame) {
        if (!layout.compact() || frame.chain().isEmpty()) {
            return;
        }
        Chain chain = frame.chain().get();
        OptionalLong start = chain.start();
        if (start.isPresent()) {
            int x = layout.plotLeft() + frame.scale().column(start.getAsLong());
            gc.setForeground(style.color(ScopeColor.INK));
            gc.drawLine(x, 12, x, layout.height());
            gc.setBackground(style.color(ScopeColor.INK));
            gc.fillPolygon(new int[] {x - 5, 10, x + 6, 10, x, 18});
            gc.setFont(style.fonts().strong());
            style.textRight(gc, String.valueOf(chain.id()), x - 8, 10, ScopeColor.INK);
            gc.setFont(style.fonts().label());
        }
    }

    private void lossTags(GC gc, TrackLayout layout, Scene scene) {
        Losses losses = scene.losses();
        gc.setFont(style.fonts().strong());
        int free = Integer.MIN_VALUE;
        int y = layout.compact() ? layout.axisHeight() / 2 : layout.lanesTop() + 21;
        for (int i = 0; i < losses.size(); i++) {
            Losses.Stripe stripe = losses.get(i);
            String text = stripe.label();
            int half = style.width(gc, text) / 2 + 6;
            int x = layout.plotLeft() + (stripe.x0() + stripe.x1()) / 2;
            x = Math.max(layout.plotLeft() + half, Math.min(layout.width() - half, x));
            if (x - half >= free) {
                style.tag(
                        gc, text, x, y, ScopeColor.LOST, ScopeColor.LOST_INK, ScopeColor.LOST_INK);
                free = x + half + 4;
            }
        }
        gc.setFont(style.fonts().label());
    }

    private void cursors(GC gc, TrackLayout layout, Scene scene, Frame frame) {
        Viewpoint view = frame.view();
        int y = 10;
        gc.setFont(style.fonts().strong());
        view.delta().ifPresent(delta -> between(gc, layout, scene, frame, delta, y));
        cursor(gc, layout, frame, view.cursorA(), "A", y);
        cursor(gc, layout, frame, view.cursorB(), "B", y);
        gc.setFont(style.fonts().label());
    }

    private void between(GC gc, TrackLayout layout, Scene scene, Frame frame, long delta, int y) {
        int a = frame.scale().column(frame.view().cursorA().orElse(0));
        int b = frame.scale().column(frame.view().cursorB().orElse(0));
        int from = Math.max(0, Math.min(a, b));
        int to = Math.min(layout.plotWidth(), Math.max(a, b));
        if (to <= from) {
            return;
        }
        boolean lossy = scene.losses().within(from, to);
        String text = "Δt " + Quantity.interval(delta) + (lossy ? " · crosses loss" : "");
        int left = layout.plotLeft();
        gc.setForeground(style.color(ScopeColor.INK));
        gc.drawLine(left + from, y, left + to, y);
        int width = style.width(gc, text);
        int middle = left + (from + to) / 2;
        int x = width + 36 < to - from ? middle - width / 2 : left + to + 14;
        gc.setBackground(style.color(ScopeColor.GUTTER));
        gc.fillRectangle(x - 6, y - 9, width + 12, 18);
        style.text(gc, text, x, y, ScopeColor.INK);
    }

    private void cursor(
            GC gc, TrackLayout layout, Frame frame, OptionalLong time, String name, int y) {
        if (time.isEmpty()) {
            return;
        }
        int column = frame.scale().column(time.getAsLong());
        if (column < 0 || column >= layout.plotWidth()) {
            return;
        }
        int x = layout.plotLeft() + column;
        gc.setForeground(style.color(ScopeColor.INK));
        gc.setLineStyle(SWT.LINE_DASH);
        gc.drawLine(x, y + 8, x, layout.height());
        gc.setLineStyle(SWT.LINE_SOLID);
        style.tag(gc, name, x, y, ScopeColor.INK, ScopeColor.INK, ScopeColor.CANVAS);
    }
}
