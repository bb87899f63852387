/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;

/** All that painters draw with: colours, fonts, shapes, stripes. */
public record ScopeStyle(Palette palette, ScopeFonts fonts, SymbolPainter symbols, Hazard hazard) {

    private static final int TEXT = SWT.DRAW_TRANSPARENT;

    /** The style in these colours. */
    public static ScopeStyle of(Palette palette, ScopeFonts fonts) {
        return new ScopeStyle(palette, fonts, new SymbolPainter(palette), new Hazard(palette));
    }

    /** A colour of the palette. */
    public Color color(ScopeColor color) {
        return palette.get(color);
    }

    /** Draws text with its left edge at x and its middle at y. */
    public void text(GC gc, String text, int x, int y, ScopeColor color) {
        gc.setForeground(color(color));
        gc.drawText(text, x, y - height(gc) / 2, TEXT);
    }

    /** Draws text with its right edge at x and its middle at y. */
    public void textRight(GC gc, String text, int x, int y, ScopeColor color) {
        text(gc, text, x - width(gc, text), y, color);
    }

    /** Draws text with its middle at x and y. */
    public void textCentred(GC gc, String text, int x, int y, ScopeColor color) {
        text(gc, text, x - width(gc, text) / 2, y, color);
    }

    /** The width of a text in the font in force. */
    public int width(GC gc, String text) {
        Point extent = gc.textExtent(text, TEXT);
        return extent.x;
    }

    /** The height of a line in the font in force. */
    public int height(GC gc) {
        return gc.getFontMetrics().getHeight();
    }

    /** A rounded label around a point; returns its width. */
    public int pill(
            GC gc, String text, int x, int y, ScopeColor ground, ScopeColor edge, ScopeColor ink) {
        int width = width(gc, text) + 12;
        int height = height(gc) + 4;
        int left = x - width / 2;
        int top = y - height / 2;
        gc.setBackground(color(ground));
        gc.setForeground(color(edge));
        gc.setLineStyle(SWT.LINE_SOLID);
        gc.fillRoundRectangle(left, top, width, height, height, height);
        gc.drawRoundRectangle(left, top, width, height, height, height);
        text(gc, text, left + 6, y, ink);
        return width;
    }

    /** A label with nearly square corners; returns its width. */
    public int tag(
            GC gc, String text, int x, int y, ScopeColor ground, ScopeColor edge, ScopeColor ink) {
        int width = width(gc, text) + 10;
        int height = height(gc) + 4;
        int left = x - width / 2;
        int top = y - height / 2;
        gc.setBackground(color(ground));
        gc.setForeground(color(edge));
        gc.setLineStyle(SWT.LINE_SOLID);
        gc.fillRoundRectangle(left, top, width, height, 6, 6);
        gc.drawRoundRectangle(left, top, width, height, 6, 6);
        text(gc, text, left + 5, y, ink);
        return width;
    }
}
