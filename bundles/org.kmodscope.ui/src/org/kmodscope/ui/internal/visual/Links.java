/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Link;

/** Native links in the colours of the style. */
public final class Links {

    /** Keeps the CSS engine away, whose dark theme leaves links black on some platforms. */
    private static final String NO_CSS = "org.eclipse.e4.ui.css.disabled";

    private Links() {}

    /** A link without text yet. */
    public static Link create(Composite parent, int wrap, ScopeStyle style, Font font) {
        Link link = new Link(parent, wrap & SWT.WRAP);
        link.setData(NO_CSS, Boolean.TRUE);
        link.setFont(font);
        link.setForeground(style.color(ScopeColor.INK));
        link.setLinkForeground(style.color(ScopeColor.LINK));
        return link;
    }
}
