/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Link;
import org.eclipse.swt.widgets.Widget;

/**
 * Native labels and links in the colours of the style. The CSS engine of the workbench is kept away
 * from them: it leaves links black on dark ground, and labels white when the light theme returns.
 */
public final class Captions {

    /** What the engine looks for. */
    private static final String NO_CSS = "org.eclipse.e4.ui.css.disabled";

    private Captions() {}

    /** Has the engine leave a widget the colours that it is given. */
    public static void keepColours(Widget widget) {
        widget.setData(NO_CSS, Boolean.TRUE);
    }

    /** A label without text yet. */
    public static Label label(Composite parent, ScopeStyle style, Font font) {
        Label label = new Label(parent, SWT.NONE);
        keepColours(label);
        label.setFont(font);
        label.setForeground(style.color(ScopeColor.INK));
        return label;
    }

    /** A link without text yet. */
    public static Link link(Composite parent, int wrap, ScopeStyle style, Font font) {
        Link link = new Link(parent, wrap & SWT.WRAP);
        keepColours(link);
        link.setFont(font);
        link.setForeground(style.color(ScopeColor.INK));
        link.setLinkForeground(style.color(ScopeColor.LINK));
        return link;
    }
}
