/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * The line at the bottom: how things are, in short segments. Where they do not fit the least
 * important is left out.
 */
final class StatusStrip {

    static final int HEIGHT = 24;

    private static final int SYMBOL = 19;

    private final ScopeStyle style;
    private final Canvas canvas;
    private List<StatusText.Segment> segments = List.of();

    StatusStrip(Composite parent, ScopeStyle style) {
        this.style = style;
        canvas = new Canvas(parent, SWT.DOUBLE_BUFFERED | SWT.NO_FOCUS);
        canvas.setBackground(style.color(ScopeColor.GUTTER));
        canvas.addListener(SWT.Paint, event -> paint(event.gc));
        SpokenName.give(canvas, this::spoken);
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
        for (StatusText.Segment segment : fitting(gc, area.width - 16)) {
            if (x > 12) {
                gc.setForeground(style.color(ScopeColor.GRID));
                gc.drawLine(x - 10, 4, x - 10, area.height - 5);
            }
            mark(gc, segment.mark(), x + 6, y);
            gc.setFont(segment.strong() ? style.fonts().strong() : style.fonts().label());
            int symbol = segment.mark() == StatusText.Mark.NONE ? 0 : SYMBOL;
            ScopeColor ink = segment.muted() ? ScopeColor.MUTED : ScopeColor.INK;
            style.text(gc, segment.text(), x + symbol, y, ink);
            x += width(gc, segment);
        }
    }

    /** The segments for which there is room: the least important go first, loss and state never. */
    private List<StatusText.Segment> fitting(GC gc, int room) {
        List<StatusText.Segment> kept = new ArrayList<>(segments);
        while (kept.stream().mapToInt(segment -> width(gc, segment)).sum() > room) {
            Optional<StatusText.Segment> least =
                    kept.stream().max(Comparator.comparingInt(StatusText.Segment::rank));
            if (least.isEmpty() || least.get().rank() == 0) {
                break;
            }
            kept.remove(least.get());
        }
        return kept;
    }

    private int width(GC gc, StatusText.Segment segment) {
        gc.setFont(segment.strong() ? style.fonts().strong() : style.fonts().label());
        int symbol = segment.mark() == StatusText.Mark.NONE ? 0 : SYMBOL;
        return symbol + style.width(gc, segment.text()) + 20;
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
