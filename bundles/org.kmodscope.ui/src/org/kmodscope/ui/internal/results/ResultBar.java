/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.kmodscope.ide.results.ResultKind;
import org.kmodscope.ui.internal.visual.Palette;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ThemePalette;

/** A field for each test, the good ones first; those that are not good have a sign, too. */
final class ResultBar {

    private static final int HEIGHT = 12;
    private static final int GAP = 2;
    private static final int ROOM_FOR_SIGN = 12;

    private final Canvas canvas;
    private final ThemePalette theme;
    private List<ResultKind> kinds = List.of();

    ResultBar(Composite parent) {
        canvas = new Canvas(parent, SWT.DOUBLE_BUFFERED);
        theme = new ThemePalette(canvas, canvas::redraw);
        canvas.addListener(SWT.Paint, event -> paint(event.gc));
    }

    Canvas control() {
        return canvas;
    }

    static int height() {
        return HEIGHT;
    }

    void show(List<ResultKind> all) {
        kinds =
                all.stream()
                        .sorted((one, other) -> Integer.compare(rank(one), rank(other)))
                        .toList();
        canvas.redraw();
    }

    private static int rank(ResultKind kind) {
        return switch (kind) {
            case PASSED -> 0;
            case EXPECTED -> 1;
            case FAILED -> 2;
            case ERROR -> 3;
            case SKIPPED -> 4;
        };
    }

    private void paint(GC gc) {
        Rectangle area = canvas.getClientArea();
        int count = kinds.size();
        if (count == 0) {
            return;
        }
        gc.setAntialias(SWT.ON);
        boolean narrow = area.width / count < 3 * GAP;
        for (int i = 0; i < count; i++) {
            int left = i * area.width / count;
            int right = (i + 1) * area.width / count - (narrow ? 0 : GAP);
            field(gc, kinds.get(i), new Rectangle(left, 0, Math.max(1, right - left), HEIGHT));
        }
    }

    private void field(GC gc, ResultKind kind, Rectangle box) {
        Palette palette = theme.palette();
        boolean filled = kind == ResultKind.PASSED || kind.needsAttention();
        ScopeColor color =
                switch (kind) {
                    case PASSED, EXPECTED -> ScopeColor.RESULT_GOOD;
                    case FAILED, ERROR -> ScopeColor.RESULT_BAD;
                    case SKIPPED -> ScopeColor.MUTED;
                };
        gc.setForeground(palette.get(color));
        gc.setBackground(palette.get(color));
        if (filled) {
            gc.fillRoundRectangle(box.x, box.y, box.width, box.height, 4, 4);
            gc.setForeground(palette.get(ScopeColor.CANVAS));
        } else {
            gc.drawRoundRectangle(box.x, box.y, box.width - 1, box.height - 1, 4, 4);
        }
        if (box.width >= ROOM_FOR_SIGN && kind != ResultKind.PASSED) {
            sign(gc, kind, box.x + box.width / 2, box.y + box.height / 2);
        }
    }

    private static void sign(GC gc, ResultKind kind, int x, int y) {
        gc.setLineWidth(2);
        switch (kind) {
            case FAILED, EXPECTED -> {
                gc.drawLine(x - 3, y - 3, x + 3, y + 3);
                gc.drawLine(x - 3, y + 3, x + 3, y - 3);
            }
            case ERROR -> {
                gc.setBackground(gc.getForeground());
                gc.fillRectangle(x - 1, y - 4, 2, 5);
                gc.fillRectangle(x - 1, y + 2, 2, 2);
            }
            case SKIPPED -> gc.drawLine(x - 3, y, x + 3, y);
            case PASSED -> {
                // Its colour fills the field.
            }
        }
        gc.setLineWidth(1);
    }
}
