/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.Arrays;

/**
 * The middle and the ends of several measurements of one thing.
 *
 * @param median the middle one; of an even number the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 * @param half from the least to the most of the middle half: one run that was disturbed is not in
 *     it
 */
record Spread(double median, double least, double most, double half) {

    /** When even the middle half is as wide as this, a median is not to be trusted. */
    static final double WIDE = 0.15;

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
        int left = sorted.length / 4;
        double half = sorted[sorted.length - 1 - left] - sorted[left];
        return new Spread(median, sorted[0], sorted[sorted.length - 1], half);
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

    /** The same in another unit. */
    Spread times(double factor) {
        return new Spread(median * factor, least * factor, most * factor, half * factor);
    }

    boolean isWide() {
        return half > WIDE * Math.abs(median);
    }
}
