/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.Arrays;

/**
 * The middle and the ends of several measurements of one thing.
 *
 * @param median the middle one; of an even number the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 */
record Spread(double median, double least, double most) {

    /** Wider than this, a median is not to be trusted. */
    static final double WIDE = 0.30;

    /** Of one measurement or more, in any order; what is no number is refused. */
    static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (!Double.isFinite(sorted[0]) || !Double.isFinite(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("not a measurement: " + Arrays.toString(values));
        }
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Of one measurement against the other made right beside it, pair by pair. */
    static Spread ofRatios(double[] own, double[] other) {
        if (own.length != other.length) {
            throw new IllegalArgumentException(own.length + " against " + other.length);
        }
        double[] ratios = new double[own.length];
        Arrays.setAll(ratios, pair -> own[pair] / other[pair]);
        return of(ratios);
    }

    /** From the smallest to the largest, as a share of the median. */
    double width() {
        return most == least ? 0 : (most - least) / Math.abs(median);
    }

    boolean isWide() {
        return width() > WIDE;
    }
}
