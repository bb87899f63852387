/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.events.PaintEvent;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swtchart.Chart;
import org.eclipse.swtchart.IAxis;
import org.eclipse.swtchart.ICustomPaintListener;
import org.eclipse.swtchart.ILineSeries;
import org.eclipse.swtchart.ISeries.SeriesType;
import org.eclipse.swtchart.LineStyle;
import org.eclipse.swtchart.Range;
import org.kmodscope.core.event.Rates;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * An SWTChart reduced to its plot: lines over the last minute. Axes are labelled by the strip
 * beside it, so that the plots of all strips begin and end at the same pixel; grid and losses are
 * painted behind and above the lines.
 */
final class StripChart {

    private static final int MARGIN = 5;

    /** Seconds from edge to edge. */
    static final int SECONDS = 60;

    private static final double NANOS = 1e9;

    private final ScopeStyle style;
    private final Chart chart;
    private final IAxis x;
    private final IAxis y;
    private final List<Double> grid = new ArrayList<>();
    private final List<double[]> losses = new ArrayList<>();
    private double shownAt = Double.NaN;

    StripChart(Composite parent, ScopeStyle style) {
        this.style = style;
        chart = new Chart(parent, SWT.NONE);
        chart.suspendUpdate(true);
        chart.getTitle().setVisible(false);
        chart.getLegend().setVisible(false);
        chart.setBackground(style.color(ScopeColor.CANVAS));
        chart.getPlotArea().setBackground(style.color(ScopeColor.CANVAS));
        x = chart.getAxisSet().getXAxis(0);
        y = chart.getAxisSet().getYAxis(0);
        for (IAxis axis : new IAxis[] {x, y}) {
            axis.getTitle().setVisible(false);
            axis.getTick().setVisible(false);
            axis.getGrid().setStyle(LineStyle.NONE);
        }
        x.setRange(new Range(-SECONDS, 0));
        paint(true, this::paintBehind);
        paint(false, this::paintAbove);
        chart.suspendUpdate(false);
    }

    private interface Painter {
        void paint(GC gc, int width, int height);
    }

    private void paint(boolean behind, Painter painter) {
        chart.getPlotArea()
                .addCustomPaintListener(
                        new ICustomPaintListener() {
                            @Override
                            public boolean drawBehindSeries() {
                                return behind;
                            }

                            @Override
                            public void paintControl(@Nullable PaintEvent event) {
                                var size = chart.getPlotArea().getSize();
                                if (event != null) {
                                    painter.paint(event.gc, size.x, size.y);
                                }
                            }
                        });
    }

    Chart control() {
        return chart;
    }

    /** Lays the chart out so that its plot, without the room it keeps around it, is just here. */
    void place(int left, int top, int width, int height) {
        Rectangle plot = chart.getPlotArea().getBounds();
        Rectangle all = chart.getBounds();
        if (all.width < MARGIN * 4 || all.height < MARGIN * 4) {
            // Before it was laid out once it does not know its margins.
            chart.setBounds(left, top, width + 4 * MARGIN, height + 4 * MARGIN);
            chart.updateLayout();
            chart.layout();
            plot = chart.getPlotArea().getBounds();
            all = chart.getBounds();
        }
        chart.setBounds(
                left - plot.x,
                top - plot.y,
                width + all.width - plot.width,
                height + all.height - plot.height);
    }

    /** Adds a line; its name is only for the chart's own book-keeping. */
    ILineSeries<?> line(String name, ScopeColor color, LineStyle pattern, int width) {
        ILineSeries<?> line =
                (ILineSeries<?>) chart.getSeriesSet().createSeries(SeriesType.LINE, name);
        line.setSymbolType(ILineSeries.PlotSymbolType.NONE);
        line.setLineColor(style.color(color));
        line.setLineStyle(pattern);
        line.setLineWidth(width);
        line.setAntialias(SWT.ON);
        return line;
    }

    /** Sets what the vertical axis shows, and where its grid lines are. */
    void vertical(double least, double most, List<Double> lines) {
        if (y.getRange().lower != least || y.getRange().upper != most) {
            y.setRange(new Range(least, most));
        }
        grid.clear();
        grid.addAll(lines);
    }

    /** Takes over where something was lost, and which moment the timeline shows. */
    void mark(Rates rates, long now, double secondsAgo) {
        losses.clear();
        for (int bucket = 0; bucket < rates.buckets(); bucket++) {
            if (rates.lost(bucket) > 0 || !rates.lossExact(bucket)) {
                double from = (rates.startNanos(bucket) - now) / NANOS;
                losses.add(new double[] {from, from + rates.bucketNanos() / NANOS});
            }
        }
        shownAt = secondsAgo;
    }

    /** Runs changes with one repainting at their end. */
    void change(Runnable changes) {
        chart.suspendUpdate(true);
        changes.run();
        chart.suspendUpdate(false);
        chart.redraw();
    }

    /** Where values are in the plot. */
    interface Place {
        int x(double seconds);

        int y(double value);
    }

    /** Paints something of a strip's own above the lines. */
    interface Overlay {
        void paint(GC gc, Place place);
    }

    void above(Overlay overlay) {
        Place place =
                new Place() {
                    @Override
                    public int x(double seconds) {
                        return x.getPixelCoordinate(seconds);
                    }

                    @Override
                    public int y(double value) {
                        return pixelOf(value);
                    }
                };
        paint(false, (gc, width, height) -> overlay.paint(gc, place));
    }

    /** Where a value of the vertical axis is, in pixels from the top of the plot. */
    int pixelOf(double value) {
        return y.getPixelCoordinate(value);
    }

    private void paintBehind(GC gc, int width, int height) {
        gc.setForeground(style.color(ScopeColor.RULE));
        for (double value : grid) {
            int at = pixelOf(value);
            gc.drawLine(0, at, width, at);
        }
        for (int second = -SECONDS + 15; second < 0; second += 15) {
            int at = x.getPixelCoordinate(second);
            gc.drawLine(at, 0, at, height);
        }
        for (double[] loss : losses) {
            int from = x.getPixelCoordinate(loss[0]);
            int span = Math.max(4, x.getPixelCoordinate(loss[1]) - from);
            style.hazard().wash(gc, from, 0, span, height);
        }
    }

    private void paintAbove(GC gc, int width, int height) {
        for (double[] loss : losses) {
            int from = x.getPixelCoordinate(loss[0]);
            int span = Math.max(4, x.getPixelCoordinate(loss[1]) - from);
            style.hazard().strong(gc, from, 0, span, 5);
        }
        if (!Double.isNaN(shownAt)) {
            int at = x.getPixelCoordinate(shownAt);
            gc.setForeground(style.color(ScopeColor.INK));
            gc.setBackground(style.color(ScopeColor.INK));
            gc.drawLine(at, 0, at, height);
            gc.fillPolygon(new int[] {at - 4, 0, at + 5, 0, at, 6});
        }
    }
}
