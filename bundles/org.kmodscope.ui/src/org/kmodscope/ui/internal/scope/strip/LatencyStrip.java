/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swtchart.ILineSeries;
import org.eclipse.swtchart.LineStyle;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.Hop;
import org.kmodscope.core.event.LatencyRow;
import org.kmodscope.core.event.LatencySeries;
import org.kmodscope.core.event.Rates;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Percentiles of one hop over the last minute, on a logarithmic scale, with their sample count. */
final class LatencyStrip extends Strip {

    private static final double NANOS = 1e9;
    private static final double LEAST = 1e3;
    private static final double MOST = 1e10;

    private final Combo hops;
    private final ILineSeries<?> p50;
    private final ILineSeries<?> p90;
    private final ILineSeries<?> p99;
    private final List<String> titles = new ArrayList<>();
    private Optional<LatencyRow> shown = Optional.empty();
    private String wanted = Hop.WRITE_TO_READ.title();
    private double low = 1e4;
    private double high = 1e7;
    private Runnable chosen = () -> {};

    LatencyStrip(Composite parent, ScopeStyle style) {
        super(parent, style, true);
        p50 = chart().line("p50", ScopeColor.SIGIO_IN_EDGE, LineStyle.SOLID, 2);
        p90 = chart().line("p90", ScopeColor.SIGIO_IN_EDGE, LineStyle.DASH, 1);
        p99 = chart().line("p99", ScopeColor.SIGIO_IN_EDGE, LineStyle.DOT, 1);
        hops = new Combo(gutter(), SWT.READ_ONLY);
        hops.setToolTipText("Which hop the latencies are of");
        hops.addListener(
                SWT.Selection,
                event -> {
                    wanted = hops.getText();
                    chosen.run();
                });
        gutter().addListener(SWT.Resize, event -> placeCombo());
        range(low, high);
    }

    /** Called when the user chose another hop. */
    void onChoice(Runnable action) {
        chosen = action;
    }

    private void placeCombo() {
        int height = hops.computeSize(SWT.DEFAULT, SWT.DEFAULT).y;
        hops.setBounds(8, 24, 112, Math.min(height, 30));
    }

    /** What is shown; empty before anything was measured. */
    Optional<LatencyRow> shown() {
        return shown;
    }

    void show(EventSnapshot snapshot, double moment) {
        List<String> now = new ArrayList<>();
        for (LatencyRow row : snapshot.latencies()) {
            now.add(title(snapshot, row));
        }
        if (!now.equals(titles)) {
            titles.clear();
            titles.addAll(now);
            hops.setItems(titles.toArray(String[]::new));
        }
        int index = titles.indexOf(wanted);
        if (index < 0 && !titles.isEmpty()) {
            index = 0;
        }
        if (index >= 0 && hops.getSelectionIndex() != index) {
            hops.select(index);
        }
        hops.setEnabled(!titles.isEmpty());
        shown = index < 0 ? Optional.empty() : Optional.of(snapshot.latencies().get(index));
        chart().change(() -> fill(snapshot, moment));
        redraw();
    }

    private static String title(EventSnapshot snapshot, LatencyRow row) {
        long same = snapshot.latencies().stream().filter(r -> r.hop() == row.hop()).count();
        return same > 1 ? row.hop().title() + " · " + row.source() : row.hop().title();
    }

    private void fill(EventSnapshot snapshot, double moment) {
        Rates rates = snapshot.rates();
        @Nullable LatencySeries series = shown.isPresent() ? shown.get().series() : null;
        int known = 0;
        int buckets = series == null ? 0 : Math.min(series.buckets(), rates.buckets());
        double[] x = new double[buckets];
        double[][] y = new double[3][buckets];
        double least = high;
        double most = low;
        for (int i = 0; series != null && i < buckets; i++) {
            if (series.count(i) > 0) {
                x[known] =
                        (rates.startNanos(i) + rates.bucketNanos() / 2 - snapshot.nowNanos())
                                / NANOS;
                y[0][known] = clamp(series.p50(i));
                y[1][known] = clamp(series.p90(i));
                y[2][known] = clamp(series.p99(i));
                least = Math.min(least, y[0][known]);
                most = Math.max(most, clamp(series.max(i)));
                known++;
            }
        }
        ILineSeries<?>[] lines = {p50, p90, p99};
        ScopeColor hue =
                shown.filter(row -> row.hop() == Hop.AIO).isPresent()
                        ? ScopeColor.AIO
                        : ScopeColor.SIGIO_IN_EDGE;
        for (int k = 0; k < lines.length; k++) {
            lines[k].setLineColor(style().color(hue));
            lines[k].setXSeries(java.util.Arrays.copyOf(x, known));
            lines[k].setYSeries(java.util.Arrays.copyOf(y[k], known));
            lines[k].setVisible(known > 0);
        }
        // Decades only ever join: a scale that shrinks under the eye cannot be read.
        range(Math.min(low, floorDecade(least)), Math.max(high, ceilDecade(most)));
        chart().mark(rates, snapshot.nowNanos(), moment);
    }

    private void range(double from, double to) {
        low = from;
        high = to;
        List<Double> lines = new ArrayList<>();
        for (double decade = low; decade <= high; decade *= 10) {
            lines.add(decade);
        }
        chart().vertical(low * 0.8, high * 1.25, lines);
    }

    private static double clamp(long nanos) {
        return Math.max(LEAST, Math.min(MOST, nanos));
    }

    private static double floorDecade(double nanos) {
        return Math.pow(10, Math.floor(Math.log10(nanos)));
    }

    private static double ceilDecade(double nanos) {
        return Math.pow(10, Math.ceil(Math.log10(nanos)));
    }

    @Override
    void paintGutter(GC gc, Rectangle area) {
        ScopeStyle style = style();
        int line = style.height(gc);
        gc.setFont(style.fonts().strong());
        style.text(gc, "Latency", 12, 12, ScopeColor.INK);
        gc.setFont(style.fonts().label());
        int y = 24 + hops.getSize().y + 4 + line / 2;
        String count =
                shown.map(row -> Quantity.count(row.count()) + " measured").orElse("none measured");
        style.text(gc, count, 12, y, ScopeColor.MUTED);
        if (y + line + line / 2 < area.height) {
            style.text(gc, "log scale", 12, y + line, ScopeColor.MUTED);
        }
        int labels = 0;
        for (double decade = low; decade <= high; decade *= 10) {
            labels++;
        }
        int skip = area.height / Math.max(1, labels) < line ? 2 : 1;
        int index = 0;
        for (double decade = low; decade <= high; decade *= 10) {
            int at = chart().pixelOf(decade);
            boolean clear = at > line / 2 && at < area.height - line / 2;
            boolean combo = at > 18 && at < 24 + hops.getSize().y + 4;
            boolean text = at >= 24 + hops.getSize().y + 4;
            if (index++ % skip == 0 && clear && !combo) {
                String label = Quantity.brief(Math.round(decade));
                if (!text || style.width(gc, label) + 24 + style.width(gc, count) < area.width) {
                    style.textRight(gc, label, area.width - 6, at, ScopeColor.MUTED);
                }
            }
        }
    }

    @Override
    void paintFigures(GC gc, Rectangle area) {
        if (shown.isEmpty() || shown.get().count() == 0) {
            return;
        }
        LatencyRow row = shown.get();
        ScopeStyle style = style();
        String[] names = {"max", "p99", "p90", "p50"};
        long[] values = {row.maxNanos(), row.p99(), row.p90(), row.p50()};
        int step = Math.min(18, area.height / values.length);
        int y = (area.height - step * values.length) / 2 + step / 2;
        for (int i = 0; i < values.length; i++) {
            boolean median = i == values.length - 1;
            gc.setFont(median ? style.fonts().strong() : style.fonts().label());
            style.text(gc, names[i], 2, y, median ? ScopeColor.INK : ScopeColor.MUTED);
            style.textRight(gc, Quantity.brief(values[i]), area.width - 8, y, ScopeColor.INK);
            y += step;
        }
        gc.setFont(style.fonts().label());
    }
}
