/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swtchart.ILineSeries;
import org.eclipse.swtchart.LineStyle;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.Rates;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Events per second of each kind, over the last minute. */
final class RatesStrip extends Strip {

    private static final double NANOS = 1e9;

    /** What is drawn, in this order. */
    private enum Line {
        WRITE(EventKind.WRITE_START, EventLook.WRITE, ScopeColor.WRITE, LineStyle.SOLID, 3),
        SIGIO_IN(
                EventKind.SIGIO_IN,
                EventLook.SIGIO_IN,
                ScopeColor.SIGIO_IN_EDGE,
                LineStyle.SOLID,
                1),
        READ(EventKind.READ_END, EventLook.READ, ScopeColor.READ, LineStyle.DASH, 1),
        SIGIO_OUT(
                EventKind.SIGIO_OUT,
                EventLook.SIGIO_OUT,
                ScopeColor.GENERATED_OUT,
                LineStyle.DASHDOT,
                1),
        AIO(EventKind.AIO_COMPLETE, EventLook.AIO_SUBMIT, ScopeColor.AIO, LineStyle.SOLID, 1),
        WORK(EventKind.WORK_START, EventLook.WORK, ScopeColor.WORK, LineStyle.DOT, 1);

        private final EventKind kind;
        private final EventLook look;
        private final ScopeColor color;
        private final LineStyle pattern;
        private final int width;

        Line(EventKind kind, EventLook look, ScopeColor color, LineStyle pattern, int width) {
            this.kind = kind;
            this.look = look;
            this.color = color;
            this.pattern = pattern;
            this.width = width;
        }
    }

    private final Map<Line, ILineSeries<?>> series = new EnumMap<>(Line.class);
    private final Map<Line, Double> latest = new EnumMap<>(Line.class);
    private double top = 10;

    RatesStrip(Composite parent, ScopeStyle style) {
        super(parent, style);
        chart().change(
                        () -> {
                            for (Line line : Line.values()) {
                                series.put(
                                        line,
                                        chart().line(
                                                        line.name(),
                                                        line.color,
                                                        line.pattern,
                                                        line.width));
                            }
                            chart().vertical(0, top, List.of(0d, top / 2));
                        });
    }

    /**
     * Takes over a snapshot.
     *
     * @param shown seconds before now of the moment that the timeline shows; NaN when it is live
     */
    void show(EventSnapshot snapshot, double shown) {
        Rates rates = snapshot.rates();
        chart().change(
                        () -> {
                            double most = 10;
                            for (Line line : Line.values()) {
                                most = Math.max(most, fill(line, snapshot));
                            }
                            top = roundUp(most);
                            double head = top * 1.06;
                            chart().vertical(-top * 0.04, head, List.of(0d, top / 2, top));
                            chart().mark(rates, snapshot.nowNanos(), shown);
                        });
        redraw();
    }

    private double fill(Line line, EventSnapshot snapshot) {
        Rates rates = snapshot.rates();
        ILineSeries<?> target = Objects.requireNonNull(series.get(line));
        boolean seen = snapshot.count(line.kind) > 0;
        target.setVisible(seen);
        latest.remove(line);
        if (!seen) {
            return 0;
        }
        double perSecond = rates.bucketNanos() / NANOS;
        int complete = 0;
        while (complete < rates.buckets()
                && rates.startNanos(complete) + rates.bucketNanos() <= snapshot.nowNanos()) {
            complete++;
        }
        double[] x = new double[complete];
        double[] y = new double[complete];
        double most = 0;
        for (int i = 0; i < complete; i++) {
            x[i] = (rates.startNanos(i) + rates.bucketNanos() / 2 - snapshot.nowNanos()) / NANOS;
            y[i] = rates.count(line.kind, i) / perSecond;
            most = Math.max(most, y[i]);
        }
        target.setXSeries(x);
        target.setYSeries(y);
        if (complete >= 4) {
            latest.put(
                    line,
                    (y[complete - 1] + y[complete - 2] + y[complete - 3] + y[complete - 4]) / 4);
        }
        return most;
    }

    private static double roundUp(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        for (double factor : new double[] {1, 2, 4, 6, 8, 10}) {
            if (most <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    @Override
    void paintGutter(GC gc, Rectangle area) {
        ScopeStyle style = style();
        int line = style.height(gc);
        gc.setFont(style.fonts().strong());
        style.text(gc, "Rates", 12, 14, ScopeColor.INK);
        int after = 12 + style.width(gc, "Rates") + 8;
        gc.setFont(style.fonts().label());
        int scale = area.width - 6;
        if (compact()) {
            style.text(gc, "events/s", 12, 14 + line, ScopeColor.MUTED);
        } else {
            style.text(gc, "events/s", after, 14, ScopeColor.MUTED);
            if (area.height > 5 * line) {
                style.text(gc, "last 60 s", 12, 14 + line + 4, ScopeColor.MUTED);
            }
        }
        int half = line / 2;
        for (double value : new double[] {0, top / 2, top}) {
            if (value == top / 2 && area.height < 4 * line) {
                continue;
            }
            int y = Math.max(half, Math.min(area.height - half, chart().pixelOf(value)));
            style.textRight(gc, Quantity.brief(value), scale, y, ScopeColor.MUTED);
        }
    }

    @Override
    void paintFigures(GC gc, Rectangle area) {
        ScopeStyle style = style();
        int rows = latest.size();
        int step = rows == 0 ? 0 : Math.min(18, area.height / rows);
        int y = (area.height - step * rows) / 2 + step / 2;
        for (Map.Entry<Line, Double> entry : latest.entrySet()) {
            style.symbols().draw(gc, entry.getKey().look, 14, y, 10);
            style.textRight(
                    gc, Quantity.brief(entry.getValue()), area.width - 8, y, ScopeColor.INK);
            y += step;
        }
    }
}
