/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.Test;

/** The colours of the theme registry: there, and apart from one another for every eye. */
class ColoursTest {

    /** Linear RGB as people without one kind of cone see it (Viénot, Brettel, Mollon 1999). */
    private static final double[][][] EYES = {
        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
        {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
    };

    private static RGB colour(ScopeColor color) {
        RGB found =
                PlatformUI.getWorkbench()
                        .getThemeManager()
                        .getCurrentTheme()
                        .getColorRegistry()
                        .getRGB(color.id());
        assertNotNull(found, color.id());
        return found;
    }

    @Test
    void everyColourIsInTheRegistry() {
        for (ScopeColor color : ScopeColor.values()) {
            assertNotNull(colour(color));
        }
        assertEquals(new RGB(0xe6, 0x9f, 0), colour(ScopeColor.SIGIO_IN));
        assertEquals(new RGB(0, 0x72, 0xb2), colour(ScopeColor.AIO));
    }

    @Test
    void kindsDifferForEveryEyeAndTheTwoMechanismsFarthest() {
        List<ScopeColor> kinds =
                List.of(
                        ScopeColor.WRITE,
                        ScopeColor.SIGIO_IN,
                        ScopeColor.SIGIO_OUT,
                        ScopeColor.READ,
                        ScopeColor.AIO,
                        ScopeColor.WORK);
        for (double[][] eye : EYES) {
            for (int i = 0; i < kinds.size(); i++) {
                for (int k = i + 1; k < kinds.size(); k++) {
                    double apart = apart(eye, kinds.get(i), kinds.get(k));
                    assertTrue(apart >= 12, kinds.get(i) + " " + kinds.get(k) + " " + apart);
                }
            }
            assertTrue(apart(eye, ScopeColor.SIGIO_IN, ScopeColor.AIO) >= 75);
            assertTrue(apart(eye, ScopeColor.SIGIO_OUT, ScopeColor.AIO) >= 75);
        }
    }

    @Test
    void textCanBeRead() {
        assertTrue(contrast(ScopeColor.INK, ScopeColor.CANVAS) >= 7);
        assertTrue(contrast(ScopeColor.MUTED, ScopeColor.CANVAS) >= 4.5);
        assertTrue(contrast(ScopeColor.MUTED, ScopeColor.GUTTER) >= 4.5);
        assertTrue(contrast(ScopeColor.LOST_INK, ScopeColor.LOST) >= 7);
        assertTrue(contrast(ScopeColor.SIGIO_IN_EDGE, ScopeColor.CANVAS) >= 3);
    }

    private static double apart(double[][] eye, ScopeColor one, ScopeColor other) {
        double[] a = lab(eye, colour(one));
        double[] b = lab(eye, colour(other));
        return Math.sqrt(
                Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
    }

    private static double linear(int value) {
        double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    /** CIE L*a*b* (D65) of what an eye sees. */
    private static double[] lab(double[][] eye, RGB rgb) {
        double[] in = {linear(rgb.red), linear(rgb.green), linear(rgb.blue)};
        List<Double> seen = new ArrayList<>();
        for (double[] row : eye) {
            seen.add(Math.max(0, row[0] * in[0] + row[1] * in[1] + row[2] * in[2]));
        }
        double r = seen.get(0);
        double g = seen.get(1);
        double b = seen.get(2);
        double x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
        double y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
        double z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double f(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    private static double contrast(ScopeColor one, ScopeColor other) {
        double a = luminance(colour(one)) + 0.05;
        double b = luminance(colour(other)) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    private static double luminance(RGB rgb) {
        return 0.2126 * linear(rgb.red) + 0.7152 * linear(rgb.green) + 0.0722 * linear(rgb.blue);
    }
}
