/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swtchart.ILineSeries;
import org.eclipse.swtchart.LineStyle;
import org.kmodscope.ui.internal.visual.ScopeColor;

/**
 * A line with gaps where nothing is known. SWTChart draws none, so that each stretch is a series of
 * its own; they are kept for the next picture.
 */
final class BrokenLine {

    private final StripChart chart;
    private final String name;
    private final LineStyle pattern;
    private final int width;
    private final List<ILineSeries<?>> stretches = new ArrayList<>();
    private double[] x = new double[240];
    private double[] y = new double[240];
    private int points;
    private int used;
    private Color color;

    BrokenLine(StripChart chart, String name, LineStyle pattern, int width) {
        this.chart = chart;
        this.name = name;
        this.pattern = pattern;
        this.width = width;
        this.color = chart.control().getForeground();
    }

    /** Begins anew. */
    void begin(Color hue) {
        color = hue;
        used = 0;
        points = 0;
    }

    void add(double atX, double atY) {
        if (points == x.length) {
            x = Arrays.copyOf(x, points * 2);
            y = Arrays.copyOf(y, points * 2);
        }
        x[points] = atX;
        y[points++] = atY;
    }

    /** What comes next is not connected with what was before. */
    void gap() {
        if (points == 0) {
            return;
        }
        if (points == 1) {
            // One point has no length; a quarter of a second is what it stands for.
            add(x[0] + 0.25, y[0]);
        }
        if (used == stretches.size()) {
            stretches.add(chart.line(name + used, ScopeColor.INK, pattern, width));
        }
        ILineSeries<?> stretch = stretches.get(used++);
        stretch.setLineColor(color);
        stretch.setXSeries(Arrays.copyOf(x, points));
        stretch.setYSeries(Arrays.copyOf(y, points));
        stretch.setVisible(true);
        points = 0;
    }

    /** Ends the picture. */
    void end() {
        gap();
        for (int i = used; i < stretches.size(); i++) {
            stretches.get(i).setVisible(false);
        }
    }
}
