/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.compare;

import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.kmodscope.core.event.LatencyRow;
import org.kmodscope.ide.scope.IoOffer;
import org.kmodscope.ui.internal.scope.SpokenName;
import org.kmodscope.ui.internal.visual.ModelLook;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * The latencies of each model on one logarithmic scale.
 *
 * <pre>
 *   Kernel AIO                       p50 412 µs
 *   |-----[#####|==========]-----------|
 *   min        p50  p90   p99         max
 * </pre>
 */
final class RangeChart {

    private static final int MARGIN = 12;
    private static final int ROW = 44;
    private static final int BAR = 12;
    private static final double LEAST = 1e3;

    private final ScopeStyle style;
    private final Canvas canvas;
    private List<ModelRow> rows = List.of();
    private double low = 1e4;
    private double high = 1e7;

    RangeChart(Composite parent, ScopeStyle style) {
        this.style = style;
        canvas = new Canvas(parent, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        canvas.setBackground(style.color(ScopeColor.CANVAS));
        canvas.addListener(SWT.Paint, event -> paint(event.gc));
        SpokenName.give(canvas, this::spoken);
    }

    Control control() {
        return canvas;
    }

    void show(List<ModelRow> next) {
        rows = next;
        // Decades only ever join: a scale that shrinks under the eye cannot be read.
        for (ModelRow row : next) {
            if (row.latency().isPresent()) {
                LatencyRow times = row.latency().get();
                low = Math.min(low, decade(Math.max(LEAST, times.minNanos()), false));
                high = Math.max(high, decade(Math.max(LEAST, times.maxNanos()), true));
            }
        }
        canvas.redraw();
    }

    private static double decade(double nanos, boolean up) {
        double power = Math.log10(nanos);
        return Math.pow(10, up ? Math.ceil(power) : Math.floor(power));
    }

    /** The same in words. */
    String spoken() {
        return rows.stream()
                .filter(row -> row.latency().isPresent())
                .map(
                        row ->
                                ModelLook.title(row.totals().source())
                                        + ": p50 "
                                        + Quantity.brief(row.latency().orElseThrow().p50())
                                        + ", p99 "
                                        + Quantity.brief(row.latency().orElseThrow().p99()))
                .collect(Collectors.joining("; ", "Latencies by model. ", "."));
    }

    private void paint(GC gc) {
        Rectangle area = canvas.getClientArea();
        gc.setAntialias(SWT.ON);
        gc.setFont(style.fonts().label());
        int line = style.height(gc);
        int foot = line + 8;
        int room = area.height - foot;
        if (rows.isEmpty() || room < ROW / 2) {
            return;
        }
        int row = Math.min(ROW, room / rows.size());
        scale(gc, area, Math.min(room, row * rows.size()), line);
        for (int i = 0; i < rows.size(); i++) {
            model(gc, area, rows.get(i), i * row, row, line);
        }
    }

    private void scale(GC gc, Rectangle area, int bottom, int line) {
        for (double decade = low; decade <= high * 1.01; decade *= 10) {
            int x = x(area, decade);
            gc.setForeground(style.color(ScopeColor.RULE));
            gc.drawLine(x, 0, x, bottom + 4);
            String label = Quantity.decade(decade);
            int half = style.width(gc, label) / 2;
            int middle = Math.max(half + 2, Math.min(area.width - half - 2, x));
            style.textCentred(gc, label, middle, bottom + 4 + line / 2, ScopeColor.MUTED);
        }
    }

    private int x(Rectangle area, double nanos) {
        double at = Math.max(low, Math.min(high, nanos));
        double part = (Math.log10(at) - Math.log10(low)) / (Math.log10(high) - Math.log10(low));
        return MARGIN + (int) Math.round(part * (area.width - 2 * MARGIN));
    }

    private void model(GC gc, Rectangle area, ModelRow row, int top, int height, int line) {
        String title = ModelLook.title(row.totals().source());
        boolean named = height >= line + BAR + 4;
        int middle = named ? top + line + 4 + BAR / 2 : top + height / 2;
        if (named) {
            gc.setFont(style.fonts().strong());
            style.text(gc, title, MARGIN, top + 2 + line / 2, ScopeColor.INK);
            gc.setFont(style.fonts().label());
        }
        if (row.latency().isEmpty()) {
            int after = named ? MARGIN + style.width(gc, title) + 16 : MARGIN;
            style.text(gc, "none measured", after, top + 2 + line / 2, ScopeColor.MUTED);
            return;
        }
        LatencyRow times = row.latency().get();
        IoOffer.Family family = ModelLook.family(times.source());
        int p50 = x(area, times.p50());
        int p99 = Math.max(p50 + 2, x(area, times.p99()));
        int p90 = Math.min(p99, x(area, times.p90()));
        int least = x(area, times.minNanos());
        int most = x(area, times.maxNanos());
        gc.setForeground(style.color(ModelLook.line(family)));
        gc.drawLine(least, middle, most, middle);
        gc.drawLine(least, middle - 3, least, middle + 3);
        gc.drawLine(most, middle - 3, most, middle + 3);
        gc.setBackground(style.color(ModelLook.ground(family)));
        gc.fillRectangle(p50, middle - BAR / 2, p99 - p50, BAR);
        gc.setBackground(style.color(ModelLook.color(family)));
        gc.fillRectangle(p50, middle - BAR / 2, Math.max(1, p90 - p50), BAR);
        gc.drawRectangle(p50, middle - BAR / 2, p99 - p50, BAR);
        gc.setBackground(style.color(ScopeColor.INK));
        gc.fillRectangle(p50 - 1, middle - BAR / 2 - 2, 3, BAR + 5);
        if (named) {
            String label = "p50 " + Quantity.brief(times.p50());
            style.textRight(gc, label, area.width - MARGIN, top + 2 + line / 2, ScopeColor.MUTED);
        }
    }
}
