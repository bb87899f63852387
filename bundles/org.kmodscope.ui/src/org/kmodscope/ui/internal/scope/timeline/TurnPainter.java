/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import org.eclipse.swt.graphics.GC;
import org.kmodscope.core.event.Turn;
import org.kmodscope.ide.scope.IoOffer;
import org.kmodscope.ui.internal.visual.ModelLook;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Paints, below the axis, which model has the device: what the lanes then show is its doing. */
final class TurnPainter {

    private static final int EDGE = 4;

    private final ScopeStyle style;

    TurnPainter(ScopeStyle style) {
        this.style = style;
    }

    /** The turns, inside the plot. */
    void paint(GC gc, TrackLayout layout, Scene scene, Frame frame) {
        if (!layout.turns()) {
            return;
        }
        int top = layout.axisHeight();
        int height = layout.lanesTop() - top;
        gc.setBackground(style.color(ScopeColor.GUTTER));
        gc.fillRectangle(layout.plotLeft(), top, layout.plotWidth(), height);
        for (Turn turn : scene.turns()) {
            turn(gc, layout, frame.scale(), turn);
        }
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(layout.plotLeft(), top + height - 1, layout.width(), top + height - 1);
    }

    private void turn(GC gc, TrackLayout layout, TimeScale scale, Turn turn) {
        int from = Math.max(0, scale.column(turn.fromNanos()));
        int to = Math.min(layout.plotWidth(), scale.column(turn.toNanos()));
        if (to < 0 || from > layout.plotWidth()) {
            return;
        }
        int x = layout.plotLeft() + from;
        int width = Math.max(2, to - from);
        int top = layout.axisHeight();
        int height = layout.lanesTop() - top - 1;
        IoOffer.Family family = ModelLook.family(turn.source());
        gc.setBackground(style.color(ModelLook.ground(family)));
        gc.fillRectangle(x, top, width, height);
        gc.setBackground(style.color(ModelLook.color(family)));
        gc.fillRectangle(x, top, Math.min(EDGE, width), height);
        String title = ModelLook.title(turn.source());
        gc.setFont(style.fonts().strong());
        if (style.width(gc, title) + EDGE + 8 <= width) {
            style.text(gc, title, x + EDGE + 6, top + height / 2, ScopeColor.INK);
        }
        gc.setFont(style.fonts().label());
    }

    /** Its name, left of the plot. */
    void heading(GC gc, TrackLayout layout) {
        if (!layout.turns()) {
            return;
        }
        int middle = (layout.axisHeight() + layout.lanesTop()) / 2;
        gc.setFont(style.fonts().strong());
        style.text(gc, "Turn", layout.compact() ? 34 : 48, middle, ScopeColor.INK);
        gc.setFont(style.fonts().label());
    }
}
