/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.FontData;
import org.eclipse.swt.widgets.Display;

/** The system font in the sizes of kmodscope: labels 9 points, titles 10, nothing smaller. */
public final class ScopeFonts implements AutoCloseable {

    private final Font label;
    private final Font strong;
    private final Font title;

    public ScopeFonts(Display display) {
        label = derive(display, 9, SWT.NORMAL);
        strong = derive(display, 9, SWT.BOLD);
        title = derive(display, 10, SWT.BOLD);
    }

    /** For labels and figures. */
    public Font label() {
        return label;
    }

    /** For the labels that lead. */
    public Font strong() {
        return strong;
    }

    /** For titles. */
    public Font title() {
        return title;
    }

    @Override
    public void close() {
        label.dispose();
        strong.dispose();
        title.dispose();
    }

    private static Font derive(Display display, int points, int style) {
        FontData[] data = display.getSystemFont().getFontData();
        for (FontData one : data) {
            one.setHeight(points);
            one.setStyle(style);
        }
        return new Font(display, data);
    }
}
