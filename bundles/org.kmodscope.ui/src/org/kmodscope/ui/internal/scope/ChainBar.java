/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.kmodscope.ui.internal.scope.timeline.Chain;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The selected chain in one line, where the view is too low for its details. */
final class ChainBar {

    static final int HEIGHT = 28;

    private final ScopeStyle style;
    private final ScopeModel model;
    private final Canvas canvas;

    ChainBar(Composite parent, ScopeStyle style, ScopeModel model) {
        this.style = style;
        this.model = model;
        canvas = new Canvas(parent, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        canvas.setBackground(style.color(ScopeColor.CANVAS));
        canvas.addListener(SWT.Paint, event -> paint(event.gc));
        SpokenName.give(canvas, () -> ChainText.spoken(model.chain()));
    }

    Canvas control() {
        return canvas;
    }

    void refresh() {
        canvas.redraw();
    }

    private void paint(GC gc) {
        Rectangle area = canvas.getClientArea();
        gc.setAntialias(SWT.ON);
        gc.setBackground(style.color(ScopeColor.CANVAS));
        gc.fillRectangle(area);
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(0, 0, area.width, 0);
        int y = area.height / 2;
        Optional<Chain> chosen = model.chain();
        if (chosen.isEmpty()) {
            gc.setFont(style.fonts().label());
            style.text(gc, "No chain selected", 12, y, ScopeColor.MUTED);
            return;
        }
        Chain chain = chosen.get();
        int x = strong(gc, "Chain " + chain.id(), 12, y) + 14;
        for (int i = 0; i < chain.links().size(); i++) {
            Chain.Link link = chain.links().get(i);
            if (i > 0) {
                x = muted(gc, "—", x, y) + 6;
                x = strong(gc, ChainText.interval(chain.hop(i)), x, y) + 6;
                x = muted(gc, "—", x, y) + 12;
            }
            style.symbols().draw(gc, link.look(), x + 2, y, 11);
            gc.setFont(style.fonts().label());
            style.text(gc, link.title(), x + 14, y, ScopeColor.INK);
            x += 14 + style.width(gc, link.title()) + 8;
        }
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(x + 4, 6, x + 4, area.height - 6);
        strong(gc, ChainText.interval(chain.total()), x + 16, y);
    }

    private int strong(GC gc, String text, int x, int y) {
        gc.setFont(style.fonts().strong());
        style.text(gc, text, x, y, ScopeColor.INK);
        return x + style.width(gc, text);
    }

    private int muted(GC gc, String text, int x, int y) {
        gc.setFont(style.fonts().label());
        style.text(gc, text, x, y, ScopeColor.MUTED);
        return x + style.width(gc, text);
    }
}
