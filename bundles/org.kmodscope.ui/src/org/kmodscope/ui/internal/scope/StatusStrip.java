/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The line at the bottom: how things are, in short segments. What does not fit is left out last. */
final class StatusStrip {

    static final int HEIGHT = 24;

    private final ScopeStyle style;
    private final Canvas canvas;
    private List<StatusText.Segment> segments = List.of();

    StatusStrip(Composite parent, ScopeStyle style) {
        this.style = style;
        canvas = new Canvas(parent, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        canvas.setBackground(style.color(ScopeColor.GUTTER));
        canvas.addListener(SWT.Paint, event -> paint(event.gc));
        canvas.getAccessible()
                .addAccessibleListener(
                        new AccessibleAdapter() {
                            @Override
                            public void getName(@Nullable AccessibleEvent event) {
                                if (event != null) {
                                    event.result = spoken();
                                }
                            }
                        });
    }

    Canvas control() {
        return canvas;
    }

    String spoken() {
        return segments.stream().map(StatusText.Segment::text).collect(Collectors.joining(", "));
    }

    void show(List<StatusText.Segment> next) {
        if (!next.equals(segments)) {
            segments = next;
            canvas.setToolTipText(spoken());
            canvas.redraw();
        }
    }

    private void paint(GC gc) {
        Rectangle area = canvas.getClientArea();
        gc.setAntialias(SWT.ON);
        gc.setBackground(style.color(ScopeColor.GUTTER));
        gc.fillRectangle(area);
        gc.setForeground(style.color(ScopeColor.GRID));
        gc.drawLine(0, 0, area.width, 0);
        int x = 12;
        int y = area.height / 2;
        for (StatusText.Segment segment : segments) {
            gc.setFont(segment.strong() ? style.fonts().strong() : style.fonts().label());
            int width = style.width(gc, segment.text());
            int symbol = segment.mark() == StatusText.Mark.NONE ? 0 : 18;
            if (x + symbol + width > area.width) {
                return;
            }
            if (x > 12) {
                gc.setForeground(style.color(ScopeColor.GRID));
                gc.drawLine(x - 10, 4, x - 10, area.height - 5);
            }
            mark(gc, segment.mark(), x + 6, y);
            x += symbol;
            ScopeColor ink = segment.muted() ? ScopeColor.MUTED : ScopeColor.INK;
            style.text(gc, segment.text(), x, y, ink);
            x += width + 20;
        }
    }

    private void mark(GC gc, StatusText.Mark mark, int x, int y) {
        switch (mark) {
            case NONE -> {}
            case RECORDING -> {
                gc.setBackground(style.color(ScopeColor.RECORDING));
                gc.fillOval(x - 5, y - 5, 10, 10);
            }
            case IDLE -> {
                gc.setForeground(style.color(ScopeColor.MUTED));
                gc.drawOval(x - 5, y - 5, 10, 10);
            }
            case WARNING -> style.symbols().draw(gc, EventLook.WARNING, x, y, 12);
            case LOST -> style.symbols().draw(gc, EventLook.LOST, x, y, 12);
        }
    }
}
