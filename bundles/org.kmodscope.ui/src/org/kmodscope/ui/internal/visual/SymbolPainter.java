/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;

/**
 * Draws the shapes of events around a centre. One per display thread; it keeps its point buffers,
 * so that a picture full of triangles makes no garbage.
 */
public final class SymbolPainter {

    private final Palette palette;
    private final int[] triangle = new int[6];
    private final int[] diamond = new int[8];

    public SymbolPainter(Palette palette) {
        this.palette = palette;
    }

    /**
     * Draws a look.
     *
     * @param x the centre
     * @param y the centre
     * @param size width of the shape in pixels, 8 or more
     */
    public void draw(GC gc, EventLook look, int x, int y, int size) {
        Color edge = palette.get(look.edge());
        Color fill =
                palette.highContrast() && isSolid(look.symbol()) ? edge : palette.get(look.fill());
        int half = size / 2;
        gc.setForeground(edge);
        gc.setBackground(fill);
        gc.setLineStyle(SWT.LINE_SOLID);
        switch (look.symbol()) {
            case SOLID_SQUARE -> gc.fillRectangle(x - half, y - half, size, size);
            case OUTLINED_SQUARE -> {
                gc.fillRectangle(x - half + 1, y - half + 1, size - 2, size - 2);
                gc.setLineWidth(2);
                gc.drawRectangle(x - half + 1, y - half + 1, size - 2, size - 2);
            }
            case TRIANGLE_DOWN -> triangle(gc, x, y, half, 1, true);
            case TRIANGLE_UP -> triangle(gc, x, y, half, -1, true);
            case HOLLOW_TRIANGLE_DOWN -> triangle(gc, x, y, half, 1, false);
            case HOLLOW_TRIANGLE_UP -> triangle(gc, x, y, half, -1, false);
            case DIAMOND -> diamond(gc, x, y, half);
            case RING -> {
                gc.setBackground(palette.get(ScopeColor.CANVAS));
                gc.fillOval(x - half, y - half, size, size);
                gc.setLineWidth(2);
                gc.drawOval(x - half + 1, y - half + 1, size - 2, size - 2);
            }
            case DISC -> {
                gc.setBackground(edge);
                gc.fillOval(x - half, y - half, size, size);
            }
            case CROSS -> {
                gc.setLineWidth(2);
                gc.drawLine(x - half + 1, y - half + 1, x + half - 1, y + half - 1);
                gc.drawLine(x - half + 1, y + half - 1, x + half - 1, y - half + 1);
            }
            case PILL -> pill(gc, x - half, y - half + 2, size, size - 4);
            case TICK -> {
                gc.setBackground(edge);
                gc.fillRectangle(x - 1, y - half, 3, size);
            }
            case WARNING -> warning(gc, x, y, half);
            case HAZARD -> hazardSquare(gc, x - half, y - half, size);
        }
        gc.setLineWidth(1);
    }

    /** A pill with the colours already set by {@link #draw} or by the caller. */
    public void pill(GC gc, int x, int y, int width, int height) {
        gc.fillRoundRectangle(x, y, width, height, height, height);
        gc.setLineWidth(1);
        gc.drawRoundRectangle(x, y, width, height, height, height);
    }

    private static boolean isSolid(Symbol symbol) {
        return symbol == Symbol.TRIANGLE_DOWN || symbol == Symbol.TRIANGLE_UP;
    }

    private void triangle(GC gc, int x, int y, int half, int direction, boolean solid) {
        int rise = half - 1;
        triangle[0] = x - half;
        triangle[1] = y - direction * rise;
        triangle[2] = x + half;
        triangle[3] = y - direction * rise;
        triangle[4] = x;
        triangle[5] = y + direction * (rise + 1);
        if (!solid) {
            gc.setBackground(palette.get(ScopeColor.CANVAS));
        }
        gc.fillPolygon(triangle);
        gc.setLineWidth(solid ? 1 : 2);
        gc.drawPolygon(triangle);
    }

    private void diamond(GC gc, int x, int y, int half) {
        diamond[0] = x;
        diamond[1] = y - half;
        diamond[2] = x + half;
        diamond[3] = y;
        diamond[4] = x;
        diamond[5] = y + half;
        diamond[6] = x - half;
        diamond[7] = y;
        gc.fillPolygon(diamond);
        gc.setLineWidth(1);
        gc.drawPolygon(diamond);
    }

    private void warning(GC gc, int x, int y, int half) {
        triangle(gc, x, y, half + 1, -1, false);
        gc.setBackground(gc.getForeground());
        gc.fillRectangle(x, y - half / 2, 2, half - 1);
        gc.fillRectangle(x, y + half - 2, 2, 1);
    }

    private void hazardSquare(GC gc, int x, int y, int size) {
        gc.setBackground(palette.get(ScopeColor.LOST));
        gc.fillRectangle(x, y, size, size);
        gc.setForeground(palette.get(ScopeColor.LOST_INK));
        gc.setLineWidth(2);
        for (int d = 3; d < 2 * size; d += 6) {
            int low = Math.min(d, size);
            int high = d - low;
            gc.drawLine(x + high, y + low, x + low, y + high);
        }
        gc.setLineWidth(1);
        gc.drawRectangle(x, y, size - 1, size - 1);
    }
}
