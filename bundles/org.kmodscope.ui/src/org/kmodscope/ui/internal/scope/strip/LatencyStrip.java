/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swtchart.LineStyle;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.Hop;
import org.kmodscope.core.event.LatencyRow;
import org.kmodscope.core.event.LatencySeries;
import org.kmodscope.core.event.Rates;
import org.kmodscope.ui.internal.visual.ModelLook;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Percentiles of one hop over the last minute, on a logarithmic scale, with their sample count. */
final class LatencyStrip extends Strip {

    private static final double NANOS = 1e9;
    private static final double LEAST = 1e3;
    private static final double MOST = 1e10;
    private static final int CHOICE = 30;
    private static final String TITLE = "Latency";
    private static final String SCALE = "log scale";

    /** Of all labels of the scale: what stands beside them stays where it is when others join. */
    private static final String WIDEST = "100 ms";

    private final Combo hops;
    private final BrokenLine p50;
    private final BrokenLine p90;
    private final BrokenLine p99;
    private final List<double[]> peaks = new ArrayList<>();
    private final List<String> titles = new ArrayList<>();
    private Optional<LatencyRow> shown = Optional.empty();
    private String wanted = Hop.WRITE_TO_READ.title();
    private double low = 1e4;
    private double high = 1e7;
    private Runnable chosen = () -> {};

    LatencyStrip(Composite parent, ScopeStyle style) {
        super(parent, style);
        p50 = new BrokenLine(chart(), "p50", LineStyle.SOLID, 2);
        p90 = new BrokenLine(chart(), "p90", LineStyle.DASH, 1);
        p99 = new BrokenLine(chart(), "p99", LineStyle.DOT, 1);
        chart().above(this::paintPeaks);
        hops = new Combo(gutter(), SWT.READ_ONLY);
        hops.setFont(style.fonts().label());
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
        GC gc = new GC(gutter());
        try {
            gc.setFont(style().fonts().label());
            hops.setBounds(layout(gc, gutter().getClientArea()).choice());
        } finally {
            gc.dispose();
        }
    }

    /** The longest of each bucket: dashes, so that no percentile line hides them. */
    private void paintPeaks(GC gc, StripChart.Place place) {
        gc.setBackground(style().color(ScopeColor.INK));
        for (double[] peak : peaks) {
            gc.fillRectangle(place.x(peak[0]) - 1, place.y(peak[1]) - 1, 4, 2);
        }
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
        return same > 1
                ? row.hop().title() + " · " + ModelLook.title(row.source())
                : row.hop().title();
    }

    private void fill(EventSnapshot snapshot, double moment) {
        Rates rates = snapshot.rates();
        @Nullable LatencySeries series = shown.isPresent() ? shown.get().series() : null;
        int buckets = series == null ? 0 : Math.min(series.buckets(), rates.buckets());
        ScopeColor hue = shown.map(LatencyStrip::hue).orElse(ScopeColor.SIGIO_IN_EDGE);
        p50.begin(style().color(hue));
        p90.begin(style().color(hue));
        p99.begin(style().color(hue));
        peaks.clear();
        double least = high;
        double most = low;
        for (int i = 0; series != null && i < buckets; i++) {
            if (series.count(i) == 0) {
                // Nothing was measured: a line across would claim that something was.
                p50.gap();
                p90.gap();
                p99.gap();
                continue;
            }
            double x =
                    (rates.startNanos(i) + rates.bucketNanos() / 2 - snapshot.nowNanos()) / NANOS;
            p50.add(x, Math.log10(clamp(series.p50(i))));
            p90.add(x, Math.log10(clamp(series.p90(i))));
            p99.add(x, Math.log10(clamp(series.p99(i))));
            peaks.add(new double[] {x, Math.log10(clamp(series.max(i)))});
            least = Math.min(least, clamp(series.p50(i)));
            most = Math.max(most, clamp(series.max(i)));
        }
        p50.end();
        p90.end();
        p99.end();
        // Decades only ever join: a scale that shrinks under the eye cannot be read.
        range(Math.min(low, floorDecade(least)), Math.max(high, ceilDecade(most)));
        chart().mark(rates, snapshot.nowNanos(), moment);
    }

    private static ScopeColor hue(LatencyRow row) {
        return switch (row.hop()) {
            case AIO -> ScopeColor.AIO;
            case WRITE_TO_DATA -> ModelLook.line(ModelLook.family(row.source()));
            default -> ScopeColor.SIGIO_IN_EDGE;
        };
    }

    private void range(double from, double to) {
        low = from;
        high = to;
        List<Double> lines = decades().stream().map(Math::log10).toList();
        chart().vertical(Math.log10(low) - 0.1, Math.log10(high) + 0.1, lines);
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

    private LatencyGutter layout(GC gc, Rectangle area) {
        ScopeStyle style = style();
        int[] at = decades().stream().mapToInt(d -> chart().pixelOf(Math.log10(d))).toArray();
        int tick = style.width(gc, WIDEST);
        int count = style.width(gc, count());
        int scale = style.width(gc, SCALE);
        int line = style.height(gc);
        gc.setFont(style.fonts().strong());
        int title = style.width(gc, TITLE);
        gc.setFont(style.fonts().label());
        int choice = Math.min(CHOICE, hops.computeSize(SWT.DEFAULT, SWT.DEFAULT).y);
        var sizes = new LatencyGutter.Sizes(line, choice, title, scale, count, tick);
        return LatencyGutter.of(area.width, area.height, sizes, at);
    }

    private List<Double> decades() {
        List<Double> decades = new ArrayList<>();
        for (double decade = low; decade <= high; decade *= 10) {
            decades.add(decade);
        }
        return decades;
    }

    private String count() {
        return shown.map(row -> "n = " + Quantity.count(row.count())).orElse("none yet");
    }

    @Override
    void paintGutter(GC gc, Rectangle area) {
        ScopeStyle style = style();
        LatencyGutter layout = layout(gc, area);
        List<Double> decades = decades();
        for (LatencyGutter.Tick tick : layout.ticks()) {
            String label = Quantity.decade(decades.get(tick.index()));
            Rectangle box = tick.box();
            int y = LatencyGutter.middle(box);
            style.textRight(gc, label, box.x + box.width, y, ScopeColor.MUTED);
        }
        layout.scale().ifPresent(box -> text(gc, SCALE, box, ScopeColor.MUTED));
        text(gc, count(), layout.count(), ScopeColor.MUTED);
        gc.setFont(style.fonts().strong());
        text(gc, TITLE, layout.title(), ScopeColor.INK);
        gc.setFont(style.fonts().label());
    }

    private void text(GC gc, String words, Rectangle box, ScopeColor color) {
        style().text(gc, words, box.x, LatencyGutter.middle(box), color);
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
