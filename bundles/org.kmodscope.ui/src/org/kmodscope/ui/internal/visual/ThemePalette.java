/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import java.util.Optional;
import org.eclipse.jface.util.IPropertyChangeListener;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.themes.IThemeManager;

/** The workbench theme's palette, kept up to date for one control for as long as it lives. */
public final class ThemePalette {

    private final IThemeManager themes = PlatformUI.getWorkbench().getThemeManager();
    private final Control control;
    private Palette palette;

    /**
     * @param changed called on the UI thread after the palette has changed, such as {@code redraw}
     */
    public ThemePalette(Control control, Runnable changed) {
        this.control = control;
        palette = read();
        IPropertyChangeListener listener =
                event -> {
                    palette = read();
                    changed.run();
                };
        themes.addPropertyChangeListener(listener);
        control.addDisposeListener(e -> themes.removePropertyChangeListener(listener));
    }

    /** The palette in force. UI thread. */
    public Palette palette() {
        return palette;
    }

    private Palette read() {
        var registry = themes.getCurrentTheme().getColorRegistry();
        return new Palette(control.getDisplay(), id -> Optional.ofNullable(registry.getRGB(id)));
    }
}
