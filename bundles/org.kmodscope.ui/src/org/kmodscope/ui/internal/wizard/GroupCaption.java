/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.resource.FontDescriptor;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.resource.LocalResourceManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.graphics.Transform;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ThemePalette;

/**
 * The upright caption of a family of features, in the hue that its events have in the Async Scope,
 * so that the two mechanisms are told apart here already.
 */
final class GroupCaption {

    private static final int WIDTH = 24;
    private static final int EDGE = 4;
    private static final int MARGIN = 4;
    private static final int POINTS = 9;

    private GroupCaption() {}

    /** Puts one into a grid. */
    static void create(Composite parent, Feature.Group group) {
        Canvas caption = new Canvas(parent, SWT.DOUBLE_BUFFERED);
        Font font =
                new LocalResourceManager(JFaceResources.getResources(), caption)
                        .create(
                                FontDescriptor.createFrom(JFaceResources.getDefaultFont())
                                        .setHeight(POINTS)
                                        .setStyle(SWT.BOLD));
        GC measure = new GC(caption);
        measure.setFont(font);
        int length = measure.textExtent(group.title()).x + 2 * MARGIN;
        measure.dispose();
        GridDataFactory.fillDefaults().grab(false, true).hint(WIDTH, length).applyTo(caption);
        ThemePalette theme = new ThemePalette(caption, caption::redraw);
        caption.addListener(
                SWT.Paint,
                e ->
                        paint(
                                e.gc,
                                caption.getClientArea(),
                                group.title(),
                                font,
                                theme.palette().get(surface(group)),
                                theme.palette().get(edge(group)),
                                theme.palette().get(ScopeColor.INK)));
    }

    private static void paint(
            GC gc, Rectangle area, String text, Font font, Color surface, Color edge, Color ink) {
        gc.setBackground(surface);
        gc.fillRectangle(area);
        gc.setBackground(edge);
        gc.fillRectangle(0, 0, EDGE, area.height);
        gc.setForeground(ink);
        gc.setFont(font);
        var extent = gc.textExtent(text);
        var turn = new Transform(gc.getDevice());
        turn.translate(EDGE + (WIDTH - EDGE - extent.y) / 2f, (area.height + extent.x) / 2f);
        turn.rotate(-90);
        gc.setTransform(turn);
        gc.drawText(text, 0, 0, true);
        gc.setTransform(null);
        turn.dispose();
    }

    private static ScopeColor surface(Feature.Group group) {
        return switch (group) {
            case NOTIFICATION -> ScopeColor.CAPTION_NOTIFICATION;
            case ASYNC_IO -> ScopeColor.CAPTION_AIO;
            case KERNEL -> ScopeColor.CAPTION_KERNEL;
        };
    }

    private static ScopeColor edge(Feature.Group group) {
        return switch (group) {
            case NOTIFICATION -> ScopeColor.SIGIO_IN;
            case ASYNC_IO -> ScopeColor.AIO;
            case KERNEL -> ScopeColor.LOG;
        };
    }
}
