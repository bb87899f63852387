/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * How many events of each kind came per stretch of time, over the last minute; immutable. Buckets
 * are numbered from the oldest, 0, and lie on the time axis of the events, not of their arrival.
 */
public final class Rates {

    /** How many buckets there are at most. */
    static final int BUCKETS = 240;

    /** How long one is. */
    static final long BUCKET_NANOS = 250_000_000L;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long firstBucket;
    private final int buckets;
    private final int[] counts;
    private final long[] lost;
    private final boolean[] exact;
    private final double perSecond;

    /**
     * @param firstBucket the number of the oldest bucket, counted from time 0
     * @param counts by bucket, then by the code of the kind
     */
    Rates(long firstBucket, int[] counts, long[] lost, boolean[] exact, long nowNanos) {
        this.firstBucket = firstBucket;
        this.buckets = lost.length;
        this.counts = counts;
        this.lost = lost;
        this.exact = exact;
        this.perSecond = perSecond(nowNanos);
    }

    /** How many buckets there are; 0 before the first event. */
    public int buckets() {
        return buckets;
    }

    /** How long a bucket is, in nanoseconds. */
    public long bucketNanos() {
        return BUCKET_NANOS;
    }

    /** When a bucket begins, on the target's clock. */
    public long startNanos(int bucket) {
        return (firstBucket + bucket) * BUCKET_NANOS;
    }

    /** How many events of a kind came in a bucket. */
    public long count(EventKind kind, int bucket) {
        return counts[bucket * RateBuckets.KINDS + kind.code()];
    }

    /** How many events were lost in a bucket, as far as is known. */
    public long lost(int bucket) {
        return lost[bucket];
    }

    /** Whether {@link #lost} is all that was lost in this bucket. */
    public boolean lossExact(int bucket) {
        return exact[bucket];
    }

    /** Events of all kinds per second, over the last second whose buckets are complete. */
    public double perSecond() {
        return perSecond;
    }

    private double perSecond(long nowNanos) {
        long stop = Math.floorDiv(nowNanos, BUCKET_NANOS) - firstBucket;
        long begin = stop - SECOND_NANOS / BUCKET_NANOS;
        long sum = 0;
        for (long bucket = Math.max(0, begin); bucket < Math.min(buckets, stop); bucket++) {
            for (int code = 0; code < RateBuckets.KINDS; code++) {
                sum += counts[(int) bucket * RateBuckets.KINDS + code];
            }
        }
        return sum;
    }
}
