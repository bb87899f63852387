/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;

/**
 * The stripes of what was lost: strong ones to find it, washed ones under which other marks stay
 * readable. Nothing else in kmodscope is striped.
 */
public final class Hazard {

    private static final int STRONG_STEP = 10;
    private static final int WASH_STEP = 16;

    private final Palette palette;

    public Hazard(Palette palette) {
        this.palette = palette;
    }

    /** Yellow and black. */
    public void strong(GC gc, int x, int y, int width, int height) {
        stripes(gc, x, y, width, height, STRONG_STEP, 4, ScopeColor.LOST, ScopeColor.LOST_INK, 255);
    }

    /** Pale, with what lies below shining through. */
    public void wash(GC gc, int x, int y, int width, int height) {
        stripes(gc, x, y, width, height, WASH_STEP, 3, ScopeColor.LOST_WASH, ScopeColor.LOST, 200);
    }

    private void stripes(
            GC gc,
            int x,
            int y,
            int width,
            int height,
            int step,
            int thick,
            ScopeColor ground,
            ScopeColor stripe,
            int alpha) {
        if (width <= 0 || height <= 0) {
            return;
        }
        Rectangle before = gc.getClipping();
        gc.setClipping(before.intersection(new Rectangle(x, y, width, height)));
        gc.setAlpha(alpha);
        gc.setBackground(palette.get(ground));
        gc.fillRectangle(x, y, width, height);
        gc.setForeground(palette.get(palette.highContrast() ? ScopeColor.LOST_INK : stripe));
        gc.setLineWidth(thick);
        // Anchored to the picture, so that neighbouring lanes continue one another's stripes.
        int first = Math.floorDiv(x + y, step) * step;
        for (int d = first; d <= x + width + y + height + step; d += step) {
            gc.drawLine(d - y, y, d - y - height, y + height);
        }
        gc.setLineWidth(1);
        gc.setAlpha(255);
        gc.setClipping(before);
    }
}
