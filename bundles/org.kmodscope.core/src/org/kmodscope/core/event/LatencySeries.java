/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * Latency per stretch of time, in nanoseconds, on the buckets of {@link Rates} of the same
 * snapshot; immutable. A bucket without a measurement has count 0 and no figures.
 */
public final class LatencySeries {

    /** Numbers per bucket: count, p50, p90, p99, max. */
    static final int FIGURES = 5;

    private final long[] figures;

    LatencySeries(long[] figures) {
        this.figures = figures;
    }

    /** How many buckets. */
    public int buckets() {
        return figures.length / FIGURES;
    }

    /** How many latencies were measured in a bucket. */
    public long count(int bucket) {
        return figures[bucket * FIGURES];
    }

    /** Their median. */
    public long p50(int bucket) {
        return figures[bucket * FIGURES + 1];
    }

    /** Nine of ten were not longer. */
    public long p90(int bucket) {
        return figures[bucket * FIGURES + 2];
    }

    /** Ninety-nine of a hundred were not longer. */
    public long p99(int bucket) {
        return figures[bucket * FIGURES + 3];
    }

    /** The longest. */
    public long max(int bucket) {
        return figures[bucket * FIGURES + 4];
    }
}
