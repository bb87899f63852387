/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Layout;
import org.kmodscope.ui.internal.scope.timeline.TrackLayout;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * A row below the timeline: gutter with name and scale, plot, figures of now. The plot begins where
 * that of the timeline begins.
 */
abstract class Strip {

    /** Width of the figures. */
    static final int FIGURES = 96;

    private final ScopeStyle style;
    private final Composite row;
    private final Canvas gutter;
    private final StripChart chart;
    private final Canvas figures;
    private boolean compact;

    Strip(Composite parent, ScopeStyle style) {
        this.style = style;
        row = new Composite(parent, SWT.NONE);
        row.setBackground(style.color(ScopeColor.CANVAS));
        gutter = canvas(ScopeColor.GUTTER);
        chart = new StripChart(row, style);
        figures = canvas(ScopeColor.CANVAS);
        // Above the chart, whose margin reaches below them.
        gutter.moveAbove(chart.control());
        figures.moveAbove(chart.control());
        gutter.addPaintListener(event -> paint(event.gc, gutter, this::paintGutter));
        figures.addPaintListener(event -> paint(event.gc, figures, this::paintFigures));
        row.setLayout(new RowLayout());
    }

    private interface Part {
        void paint(GC gc, Rectangle area);
    }

    private Canvas canvas(ScopeColor ground) {
        Canvas canvas = new Canvas(row, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        canvas.setBackground(style.color(ground));
        return canvas;
    }

    private void paint(GC gc, Canvas canvas, Part part) {
        Font label = style.fonts().label();
        gc.setAntialias(SWT.ON);
        gc.setFont(label);
        Rectangle area = canvas.getClientArea();
        gc.setBackground(canvas.getBackground());
        gc.fillRectangle(area);
        part.paint(gc, area);
        if (canvas == gutter) {
            gc.setForeground(style.color(ScopeColor.GRID));
            gc.drawLine(area.width - 1, 0, area.width - 1, area.height);
        }
    }

    /** Paints name, explanation and scale. */
    abstract void paintGutter(GC gc, Rectangle area);

    /** Paints the latest figures. */
    abstract void paintFigures(GC gc, Rectangle area);

    ScopeStyle style() {
        return style;
    }

    Composite control() {
        return row;
    }

    Canvas gutter() {
        return gutter;
    }

    StripChart chart() {
        return chart;
    }

    boolean compact() {
        return compact;
    }

    /** Takes the form that a low view needs. */
    void compact(boolean now) {
        compact = now;
        row.layout();
    }

    void redraw() {
        gutter.redraw();
        figures.redraw();
    }

    private final class RowLayout extends Layout {

        @Override
        protected Point computeSize(
                @Nullable Composite composite, int wide, int high, boolean flush) {
            return new Point(wide == SWT.DEFAULT ? 400 : wide, high == SWT.DEFAULT ? 100 : high);
        }

        @Override
        protected void layout(@Nullable Composite composite, boolean flush) {
            Rectangle area = row.getClientArea();
            int left = TrackLayout.PLOT_LEFT;
            int right = compact ? 0 : FIGURES;
            gutter.setBounds(0, 0, left, area.height);
            figures.setBounds(area.width - right, 0, right, area.height);
            chart.place(left, 0, Math.max(1, area.width - left - right), area.height);
            redraw();
        }
    }
}
