/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.swt.widgets.Display;

/**
 * The colours in force: those of the theme, or the system's own two where it asks for high
 * contrast, so that shapes alone carry the meaning. Immutable; a new theme makes a new palette.
 */
public final class Palette {

    private final Map<ScopeColor, Color> colors = new EnumMap<>(ScopeColor.class);
    private final Map<ScopeColor, Color> pale = new EnumMap<>(ScopeColor.class);
    private final boolean highContrast;

    /**
     * @param registry the colour with an identifier of the theme registry, empty when it has none
     */
    public Palette(Display display, Function<String, Optional<RGB>> registry) {
        highContrast = display.getHighContrast();
        Color ink = display.getSystemColor(SWT.COLOR_LIST_FOREGROUND);
        Color canvas = display.getSystemColor(SWT.COLOR_LIST_BACKGROUND);
        for (ScopeColor color : ScopeColor.values()) {
            Color system = isSurface(color) ? canvas : ink;
            colors.put(
                    color,
                    highContrast
                            ? system
                            : registry.apply(color.id()).map(Color::new).orElse(system));
        }
        RGB ground = get(ScopeColor.CANVAS).getRGB();
        for (ScopeColor color : ScopeColor.values()) {
            pale.put(color, new Color(blend(get(color).getRGB(), ground)));
        }
    }

    /** The colour to draw with; owned by nobody, never disposed. */
    public Color get(ScopeColor color) {
        return Objects.requireNonNull(colors.get(color));
    }

    /** A colour thinned with the ground below it, for what is less certain or less often. */
    public Color pale(ScopeColor color) {
        return Objects.requireNonNull(pale.get(color));
    }

    /** Whether colours are out of use and shapes have to do. */
    public boolean highContrast() {
        return highContrast;
    }

    private static RGB blend(RGB one, RGB ground) {
        return new RGB(
                blend(one.red, ground.red),
                blend(one.green, ground.green),
                blend(one.blue, ground.blue));
    }

    private static int blend(int one, int ground) {
        return (one * 2 + ground * 3) / 5;
    }

    private static boolean isSurface(ScopeColor color) {
        return switch (color) {
            case CANVAS,
                    GUTTER,
                    READ_FILL,
                    AIO_PENDING,
                    WORK_FILL,
                    LOST,
                    LOST_WASH,
                    CAPTION_CAUSE,
                    CAPTION_NOTIFICATION,
                    CAPTION_AIO,
                    CAPTION_KERNEL,
                    CHAIN_ROW,
                    NOTE ->
                    true;
            default -> false;
        };
    }
}
