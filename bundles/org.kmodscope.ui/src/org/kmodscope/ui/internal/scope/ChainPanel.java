/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Link;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.Hop;
import org.kmodscope.core.event.LatencyRow;
import org.kmodscope.ui.internal.scope.timeline.Chain;
import org.kmodscope.ui.internal.scope.timeline.TimeTicks;
import org.kmodscope.ui.internal.visual.Captions;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The selected chain: its steps, what each hop took, where in the source it happens. */
final class ChainPanel {

    private static final int ROW = 22;
    private static final int FIRST_ROW = 34;
    private static final int LEFT = 12;

    /** What the panel asks its owner to do. */
    interface Actions {
        void neighbour(boolean next);

        void openSource();

        void copy();

        /** The place in the source, such as {@code globalfifo_main.c:214}. */
        Optional<String> source();
    }

    private final ScopeStyle style;
    private final ScopeModel model;
    private final Actions actions;
    private final Composite panel;
    private final Label title;
    private final Label mechanism;
    private final Canvas body;
    private final Link source;
    private final Link copy;
    private Optional<Chain> shown = Optional.empty();

    ChainPanel(Composite parent, ScopeStyle style, ScopeModel model, Actions actions) {
        this.style = style;
        this.model = model;
        this.actions = actions;
        panel = new Composite(parent, SWT.NONE);
        GridLayout layout = new GridLayout(2, false);
        layout.marginHeight = 2;
        layout.marginWidth = 8;
        layout.horizontalSpacing = 4;
        layout.verticalSpacing = 2;
        panel.setLayout(layout);
        Composite head = new Composite(panel, SWT.NONE);
        head.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 2, 1));
        GridLayout row = new GridLayout(4, false);
        row.marginWidth = 4;
        row.marginHeight = 0;
        head.setLayout(row);
        title = Captions.label(head, style, style.fonts().title());
        mechanism = Captions.label(head, style, style.fonts().label());
        mechanism.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
        arrow(head, SWT.LEFT, "Previous chain", false);
        arrow(head, SWT.RIGHT, "Next chain", true);
        body = new Canvas(panel, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        body.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1));
        body.addListener(SWT.Paint, event -> paint(event.gc));
        SpokenName.give(body, () -> ChainText.spoken(shown));
        source = link(actions::openSource);
        source.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
        copy = link(actions::copy);
        copy.setText("<a>Copy as Markdown</a>");
        copy.setLayoutData(new GridData(SWT.END, SWT.CENTER, false, false));
        refresh();
    }

    private void arrow(Composite head, int direction, String name, boolean next) {
        Button button = new Button(head, SWT.ARROW | SWT.FLAT | direction);
        GridData small = new GridData(SWT.END, SWT.CENTER, false, false);
        small.widthHint = 28;
        small.heightHint = 28;
        button.setLayoutData(small);
        button.setToolTipText(name);
        button.addListener(SWT.Selection, event -> actions.neighbour(next));
        SpokenName.give(button, () -> name);
    }

    private Link link(Runnable action) {
        Link link = Captions.link(panel, SWT.NONE, style, style.fonts().label());
        link.addListener(SWT.Selection, event -> action.run());
        return link;
    }

    Control control() {
        return panel;
    }

    void refresh() {
        shown = model.chain();
        title.setText(shown.map(chain -> "Chain " + chain.id()).orElse("No chain selected"));
        mechanism.setText(shown.map(Chain::mechanism).orElse(""));
        title.getParent().layout();
        Optional<String> place = actions.source();
        source.setText(place.map(text -> "<a>" + text + "</a>").orElse(""));
        copy.setVisible(shown.isPresent());
        source.setVisible(shown.isPresent() && place.isPresent());
        body.redraw();
    }

    private void paint(GC gc) {
        Rectangle area = body.getClientArea();
        gc.setAntialias(SWT.ON);
        gc.setFont(style.fonts().label());
        gc.setBackground(body.getBackground());
        gc.fillRectangle(area);
        if (shown.isEmpty()) {
            style.text(gc, "Click an event to see what it belongs to,", LEFT, 20, ScopeColor.MUTED);
            style.text(gc, "or press Alt+→ in the timeline.", LEFT, 38, ScopeColor.MUTED);
            return;
        }
        Chain chain = shown.get();
        bar(gc, chain, area.width);
        int line = style.height(gc);
        int y = FIRST_ROW;
        int links = chain.links().size();
        int step = Math.clamp((area.height - y - 2 * line) / links, line, ROW);
        long zero = TimeTicks.base(model.scale(), model.origin());
        for (int i = 0; i < links; i++) {
            row(gc, chain, i, zero, y, step, area.width);
            y += step;
        }
        gc.setForeground(style.color(ScopeColor.GRID));
        int rule = y - step / 2 + 2;
        gc.drawLine(LEFT, rule, area.width - LEFT, rule);
        y += 4;
        gc.setFont(style.fonts().strong());
        style.text(gc, ChainText.totalTitle(chain), LEFT + 24, y, ScopeColor.INK);
        String total = ChainText.interval(chain.total());
        style.textRight(gc, total, area.width - LEFT, y, ScopeColor.INK);
        gc.setFont(style.fonts().label());
        y += line + 2;
        if (chain.crossesLoss()) {
            style.text(gc, "something was lost within", LEFT + 24, y, ScopeColor.MUTED);
        } else if (y + line / 2 <= area.height) {
            String rank = model.shown().flatMap(s -> rank(s, chain)).orElse("");
            style.text(gc, rank, LEFT + 24, y, ScopeColor.MUTED);
        }
    }

    private void row(GC gc, Chain chain, int index, long zero, int y, int step, int width) {
        Chain.Link link = chain.links().get(index);
        if (index > 0) {
            gc.setForeground(style.color(ScopeColor.MUTED));
            gc.setLineStyle(SWT.LINE_DOT);
            gc.drawLine(LEFT + 6, y - step + 7, LEFT + 6, y - 7);
            gc.setLineStyle(SWT.LINE_SOLID);
        }
        style.symbols().draw(gc, link.look(), LEFT + 6, y, 11);
        boolean seen = link.moment().isPresent();
        style.text(gc, link.title(), LEFT + 24, y, seen ? ScopeColor.INK : ScopeColor.MUTED);
        String at =
                link.moment()
                        .map(event -> Quantity.signed(event.timeNanos() - zero, 1_000, 1))
                        .orElse("not seen");
        style.textRight(gc, at, width - 92, y, ScopeColor.MUTED);
        if (index > 0 && seen) {
            gc.setFont(style.fonts().strong());
            String hop = ChainText.interval(chain.hop(index));
            style.textRight(gc, hop, width - LEFT, y, ScopeColor.INK);
            gc.setFont(style.fonts().label());
        }
    }

    /** The shares of the hops, in the colours of what they led to. */
    private void bar(GC gc, Chain chain, int width) {
        OptionalLong total = chain.total();
        int room = width - 2 * LEFT;
        if (total.isEmpty() || total.getAsLong() <= 0) {
            return;
        }
        int x = LEFT;
        for (int i = 1; i < chain.links().size(); i++) {
            OptionalLong hop = chain.hop(i);
            if (hop.isPresent()) {
                int share = (int) (hop.getAsLong() * room / total.getAsLong());
                Chain.Link link = chain.links().get(i);
                boolean filled = link.look().symbol().isSolid();
                gc.setBackground(style.color(filled ? link.look().fill() : link.look().edge()));
                gc.fillRectangle(x, 6, Math.max(1, share - 1), 12);
                x += share;
            }
        }
    }

    private static Optional<String> rank(EventSnapshot snapshot, Chain chain) {
        Hop hop = chain.mechanism().equals("notification") ? Hop.WRITE_TO_READ : Hop.AIO;
        OptionalLong total = chain.total();
        return total.isEmpty()
                ? Optional.empty()
                : snapshot.latencies().stream()
                        .filter(row -> row.hop() == hop && row.count() > 0)
                        .findFirst()
                        .map(row -> rank(row, total.getAsLong()));
    }

    private static String rank(LatencyRow row, long nanos) {
        String of = " of " + Quantity.count(row.count()) + " chains";
        if (nanos <= row.p50()) {
            return "not slower than half" + of;
        }
        if (nanos <= row.p90()) {
            return "slower than half" + of;
        }
        return nanos <= row.p99() ? "slower than 90 %" + of : "slower than 99 %" + of;
    }
}
