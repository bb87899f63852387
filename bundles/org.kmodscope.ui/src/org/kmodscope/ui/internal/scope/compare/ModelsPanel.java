/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.compare;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.TurnTotals;
import org.kmodscope.ide.scope.IoOffer;
import org.kmodscope.ui.internal.visual.Captions;
import org.kmodscope.ui.internal.visual.ModelLook;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * The models that take turns on one device, side by side: a native table of their figures, and
 * below it how their latencies lie on one scale.
 */
public final class ModelsPanel {

    private static final long PERIOD_NANOS = 240_000_000;
    private static final int MARK_WIDTH = 6;
    private static final int MARK_HEIGHT = 14;

    /** Below this it shows no ranges that could be told apart. */
    private static final int LEAST_CHART = 72;

    private final ScopeStyle style;
    private final Composite panel;
    private final Table table;
    private final RangeChart chart;
    private final Label note;
    private final Map<IoOffer.Family, Image> marks = new EnumMap<>(IoOffer.Family.class);
    private List<ModelRow> rows = List.of();
    private long lastShown = System.nanoTime() - PERIOD_NANOS;

    public ModelsPanel(Composite parent, ScopeStyle style) {
        this.style = style;
        panel = new Composite(parent, SWT.NONE);
        GridLayout layout = new GridLayout(1, false);
        layout.marginWidth = 0;
        layout.marginHeight = 0;
        panel.setLayout(layout);
        panel.setBackground(style.color(ScopeColor.CANVAS));
        table = new Table(panel, SWT.FULL_SELECTION);
        table.setHeaderVisible(true);
        table.setFont(style.fonts().label());
        table.setLayoutData(new GridData(SWT.FILL, SWT.BEGINNING, true, false));
        column("Model", SWT.LEFT, 104, "Amber: notified, green: waits, blue: asynchronous I/O");
        column("Data/s", SWT.RIGHT, 52, "Reads or requests that brought data, in its own turns");
        column("n", SWT.RIGHT, 40, "How many writes were joined with what brought them");
        column("p50", SWT.RIGHT, 55, "Half of them took no longer, from the write to the data");
        column("p99", SWT.RIGHT, 55, "99 of 100 took no longer");
        chart = new RangeChart(panel, style);
        chart.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
        note = Captions.label(panel, style, style.fonts().label());
        note.setText("");
        GridData below = new GridData(SWT.FILL, SWT.END, true, false);
        below.horizontalIndent = 8;
        note.setLayoutData(below);
        panel.addListener(SWT.Resize, event -> fit());
        panel.addListener(SWT.Dispose, event -> marks.values().forEach(Image::dispose));
    }

    private void column(String title, int side, int width, String hint) {
        TableColumn column = new TableColumn(table, side);
        column.setText(title);
        column.setWidth(width);
        column.setToolTipText(hint);
    }

    public Control control() {
        return panel;
    }

    /** How many models are shown. */
    public int shown() {
        return rows.size();
    }

    /** What the chart shows, in words. */
    public String spoken() {
        return chart.spoken();
    }

    /** Takes over what is known of the models; not more often than an eye can follow. */
    public void show(EventSnapshot snapshot) {
        List<ModelRow> next = of(snapshot);
        if (next.equals(rows)
                || next.size() == rows.size() && System.nanoTime() - lastShown < PERIOD_NANOS) {
            return;
        }
        lastShown = System.nanoTime();
        boolean other = next.size() != rows.size();
        rows = next;
        table.setItemCount(next.size());
        for (int i = 0; i < next.size(); i++) {
            fill(table.getItem(i), next.get(i));
        }
        long turns = snapshot.turns().stream().mapToLong(TurnTotals::turns).sum();
        note.setText(
                next.isEmpty()
                        ? ""
                        : Quantity.count(turns) + " turns · from the write to its last byte");
        chart.show(next);
        if (other) {
            fit();
        }
    }

    /** Where it is low the chart gives way, and then the table scrolls. */
    private void fit() {
        int words =
                table.computeSize(SWT.DEFAULT, SWT.DEFAULT).y
                        + note.computeSize(SWT.DEFAULT, SWT.DEFAULT).y;
        boolean room = panel.getClientArea().height >= words + LEAST_CHART;
        chart.control().setVisible(room);
        if (chart.control().getLayoutData() instanceof GridData below) {
            below.exclude = !room;
        }
        table.setLayoutData(new GridData(SWT.FILL, room ? SWT.BEGINNING : SWT.FILL, true, !room));
        panel.layout(true, true);
    }

    /** One row for each model that had a turn. */
    private static List<ModelRow> of(EventSnapshot snapshot) {
        return snapshot.turns().stream()
                .map(each -> new ModelRow(each, snapshot.dataLatency(each.source())))
                .toList();
    }

    private void fill(TableItem item, ModelRow row) {
        item.setImage(0, mark(ModelLook.family(row.totals().source())));
        String[] texts = {
            ModelLook.title(row.totals().source()),
            Quantity.brief(row.totals().perSecond()),
            row.latency().map(found -> Quantity.brief((double) found.count())).orElse("–"),
            row.latency().map(found -> Quantity.brief(found.p50())).orElse("–"),
            row.latency().map(found -> Quantity.brief(found.p99())).orElse("–")
        };
        for (int column = 0; column < texts.length; column++) {
            if (!texts[column].equals(item.getText(column))) {
                item.setText(column, texts[column]);
            }
        }
    }

    private Image mark(IoOffer.Family family) {
        if (!marks.containsKey(family)) {
            Image image = new Image(table.getDisplay(), MARK_WIDTH, MARK_HEIGHT);
            GC gc = new GC(image);
            gc.setBackground(style.color(ModelLook.color(family)));
            gc.fillRectangle(image.getBounds());
            gc.dispose();
            marks.put(family, image);
        }
        return Objects.requireNonNull(marks.get(family));
    }
}
