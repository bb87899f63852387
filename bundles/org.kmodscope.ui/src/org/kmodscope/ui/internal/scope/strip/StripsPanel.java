/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Layout;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.LatencyRow;
import org.kmodscope.ui.internal.scope.ScopeModel;
import org.kmodscope.ui.internal.scope.timeline.TrackLayout;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * Rates above latencies above the axis of the last minute. In a low view rates alone, with the
 * latency as four numbers.
 */
public final class StripsPanel {

    private static final int AXIS = 24;
    private static final int NUMBERS = 360;

    /** Buckets are a quarter of a second: redrawing more often shows nothing new. */
    private static final long PERIOD_NANOS = 240_000_000;

    private final ScopeStyle style;
    private final ScopeModel model;
    private final Composite panel;
    private final RatesStrip rates;
    private final LatencyStrip latency;
    private final Canvas axis;
    private final Canvas numbers;
    private boolean compact;
    private long lastShown = System.nanoTime() - PERIOD_NANOS;
    private @Nullable EventSnapshot shown;
    private double shownMoment = Double.NaN;

    public StripsPanel(Composite parent, ScopeStyle style, ScopeModel model) {
        this.style = style;
        this.model = model;
        panel = new Composite(parent, SWT.NONE);
        panel.setBackground(style.color(ScopeColor.CANVAS));
        rates = new RatesStrip(panel, style);
        latency = new LatencyStrip(panel, style);
        latency.onChoice(() -> refresh(true));
        axis = new Canvas(panel, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        axis.addListener(SWT.Paint, event -> paintAxis(event.gc));
        numbers = new Canvas(panel, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        numbers.addListener(SWT.Paint, event -> paintNumbers(event.gc));
        numbers.moveAbove(rates.control());
        panel.setLayout(new Rows());
    }

    public Control control() {
        return panel;
    }

    /** Takes the form that a low view needs. */
    public void compact(boolean now) {
        if (now != compact) {
            compact = now;
            rates.compact(now);
            latency.compact(now);
            panel.layout();
        }
    }

    /** Takes over what the model shows. */
    public void refresh() {
        refresh(false);
    }

    private void refresh(boolean now) {
        Optional<EventSnapshot> snapshot = model.shown();
        if (snapshot.isEmpty()) {
            return;
        }
        double moment = moment(snapshot.get());
        boolean moved = Double.compare(moment, shownMoment) != 0;
        boolean due = System.nanoTime() - lastShown >= PERIOD_NANOS;
        if (!now && (snapshot.get() == shown && !moved || !due && !moved)) {
            return;
        }
        shown = snapshot.get();
        shownMoment = moment;
        lastShown = System.nanoTime();
        rates.show(snapshot.get(), moment);
        latency.show(snapshot.get(), moment);
        numbers.redraw();
    }

    /** Where in the last minute the timeline looks, in seconds before now; NaN when it is live. */
    private double moment(EventSnapshot snapshot) {
        if (model.view().live()) {
            return Double.NaN;
        }
        long middle = model.scale().toTime(model.width() / 2.0);
        double seconds = (middle - snapshot.nowNanos()) / 1e9;
        return seconds < -StripChart.SECONDS || seconds > 0
                ? Double.NaN
                : Math.round(seconds * 10) / 10.0;
    }

    private void paintAxis(GC gc) {
        Rectangle area = axis.getClientArea();
        gc.setFont(style.fonts().label());
        gc.setBackground(style.color(ScopeColor.GUTTER));
        gc.fillRectangle(area);
        int left = TrackLayout.PLOT_LEFT;
        int width = area.width - left - Strip.FIGURES;
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(0, 0, area.width, 0);
        for (int seconds = -StripChart.SECONDS; seconds <= 0; seconds += 15) {
            int x = left + width + seconds * width / StripChart.SECONDS;
            gc.setForeground(style.color(ScopeColor.MUTED));
            gc.drawLine(x, 0, x, 4);
            String label = seconds == 0 ? "now" : "−" + -seconds + " s";
            int middle = area.height / 2 + 1;
            if (seconds == -StripChart.SECONDS) {
                style.text(gc, label, x + 2, middle, ScopeColor.MUTED);
            } else {
                style.textCentred(gc, label, x, middle, ScopeColor.MUTED);
            }
        }
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(left - 1, 0, left - 1, area.height);
    }

    private void paintNumbers(GC gc) {
        Rectangle area = numbers.getClientArea();
        gc.setBackground(style.color(ScopeColor.CANVAS));
        gc.fillRectangle(area);
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(0, 0, 0, area.height);
        gc.setFont(style.fonts().strong());
        int line = style.height(gc);
        int y = area.height / 2 - line / 2 - 2;
        if (latency.shown().isEmpty() || latency.shown().get().count() == 0) {
            gc.setFont(style.fonts().label());
            style.text(gc, "No latency measured yet", 12, y, ScopeColor.MUTED);
            return;
        }
        LatencyRow row = latency.shown().get();
        style.text(gc, row.hop().title(), 12, y, ScopeColor.INK);
        gc.setFont(style.fonts().label());
        style.textRight(
                gc, Quantity.count(row.count()) + " chains", area.width - 10, y, ScopeColor.MUTED);
        String[] names = {"p50", "p90", "p99", "max"};
        long[] values = {row.p50(), row.p90(), row.p99(), row.maxNanos()};
        int x = 12;
        for (int i = 0; i < names.length; i++) {
            gc.setFont(style.fonts().label());
            style.text(gc, names[i], x, y + line + 4, ScopeColor.MUTED);
            int after = x + style.width(gc, names[i]) + 4;
            gc.setFont(style.fonts().strong());
            String value = Quantity.brief(values[i]);
            style.text(gc, value, after, y + line + 4, ScopeColor.INK);
            x = after + style.width(gc, value) + 12;
        }
    }

    private final class Rows extends Layout {

        @Override
        protected Point computeSize(@Nullable Composite composite, int w, int h, boolean flush) {
            return new Point(w == SWT.DEFAULT ? 400 : w, h == SWT.DEFAULT ? 240 : h);
        }

        @Override
        protected void layout(@Nullable Composite composite, boolean flush) {
            Rectangle area = panel.getClientArea();
            latency.control().setVisible(!compact);
            axis.setVisible(!compact);
            numbers.setVisible(compact);
            if (compact) {
                rates.control().setBounds(0, 0, area.width - NUMBERS, area.height);
                numbers.setBounds(area.width - NUMBERS, 0, NUMBERS, area.height);
                return;
            }
            int room = Math.max(2, area.height - AXIS);
            int upper = room * 48 / 100;
            rates.control().setBounds(0, 0, area.width, upper - 1);
            latency.control().setBounds(0, upper, area.width, room - upper);
            axis.setBounds(0, room, area.width, AXIS);
        }
    }
}
