/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Paints the timeline: from the ground up to cursors and labels. */
public final class TimelinePainter {

    /** Stripes of at least this width let marks shine through; narrower ones must not be missed. */
    private static final int WIDE_LOSS = 12;

    private final ScopeStyle style;
    private final TrackPainter tracks;
    private final GutterPainter gutter;
    private final AxisPainter axis;
    private final ChainPainter chains;
    private final TurnPainter turns;

    public TimelinePainter(ScopeStyle style) {
        this.style = style;
        this.tracks = new TrackPainter(style);
        this.gutter = new GutterPainter(style);
        this.axis = new AxisPainter(style);
        this.chains = new ChainPainter(style);
        this.turns = new TurnPainter(style);
    }

    /** Paints all of it. */
    public void paint(GC gc, TrackLayout layout, Scene scene, Frame frame) {
        gc.setAntialias(SWT.ON);
        gc.setTextAntialias(SWT.ON);
        gc.setFont(style.fonts().label());
        gc.setBackground(style.color(ScopeColor.CANVAS));
        gc.fillRectangle(0, 0, layout.width(), layout.height());
        axis.ground(gc, layout, frame);
        Rectangle all = gc.getClipping();
        Rectangle plot =
                new Rectangle(
                        layout.plotLeft(),
                        layout.axisHeight(),
                        layout.plotWidth(),
                        layout.height() - layout.axisHeight());
        gc.setClipping(all.intersection(plot));
        rules(gc, layout);
        range(gc, layout, frame);
        losses(gc, layout, scene, true);
        for (Track track : Track.values()) {
            tracks.paint(gc, layout, scene, frame, track);
        }
        turns.paint(gc, layout, scene, frame);
        tracks.paintAcross(gc, layout, scene);
        losses(gc, layout, scene, false);
        chains.paint(gc, layout, scene, frame);
        gc.setClipping(all);
        gutter.paint(gc, layout, scene, frame);
        turns.heading(gc, layout);
        axis.paint(gc, layout, scene, frame);
    }

    private void rules(GC gc, TrackLayout layout) {
        gc.setForeground(style.color(ScopeColor.RULE));
        gc.setLineWidth(1);
        for (Track track : Track.values()) {
            int y = layout.top(track) + layout.height(track) - 1;
            gc.drawLine(layout.plotLeft(), y, layout.width(), y);
        }
    }

    private void range(GC gc, TrackLayout layout, Frame frame) {
        frame.view()
                .range()
                .ifPresent(
                        range -> {
                            int from = layout.plotLeft() + frame.scale().column(range.from());
                            int to = layout.plotLeft() + frame.scale().column(range.to());
                            gc.setBackground(style.color(ScopeColor.CHAIN_ROW));
                            gc.fillRectangle(from, 0, to - from, layout.height());
                            gc.setForeground(style.color(ScopeColor.MUTED));
                            gc.drawLine(from, 0, from, layout.height());
                            gc.drawLine(to, 0, to, layout.height());
                        });
    }

    private void losses(GC gc, TrackLayout layout, Scene scene, boolean wide) {
        Losses losses = scene.losses();
        for (int i = 0; i < losses.size(); i++) {
            int x = layout.plotLeft() + losses.x0(i);
            int width = losses.x1(i) - losses.x0(i);
            int top = layout.axisHeight();
            if (wide != width >= WIDE_LOSS) {
                continue;
            }
            if (!wide) {
                style.hazard().strong(gc, x, top, width, layout.height() - top);
                continue;
            }
            style.hazard().wash(gc, x, top, width, layout.height() - top);
            style.hazard().strong(gc, x, top, width, 6);
            gc.setForeground(style.color(ScopeColor.INK));
            gc.setLineStyle(SWT.LINE_DASH);
            gc.drawLine(x, top, x, layout.height());
            gc.drawLine(x + width - 1, top, x + width - 1, layout.height());
            gc.setLineStyle(SWT.LINE_SOLID);
        }
    }
}
