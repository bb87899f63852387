/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.Arrays;

/**
 * The middle and the ends of several measurements of one thing.
 *
 * @param median the middle one; of an even number the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 * @param error how far the median may be from that of endless measurements: two standard errors,
 *     told from the width of the middle half, so that one run that was disturbed is not in it
 */
record Spread(double median, double least, double most, double error) {

    /** A median that may be off by such a part of it is not to be trusted. */
    static final double FAR_OFF = 0.1;

    /** Two standard errors of a median, for a middle half and a root of the count of 1. */
    private static final double ERROR_OF_HALF = 2 * 1.2533 / 1.349;

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
        double error = ERROR_OF_HALF * half / Math.sqrt(sorted.length);
        return new Spread(median, sorted[0], sorted[sorted.length - 1], error);
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
        return new Spread(median * factor, least * factor, most * factor, error * factor);
    }

    boolean isNoisy() {
        return error > FAR_OFF * Math.abs(median);
    }
}
