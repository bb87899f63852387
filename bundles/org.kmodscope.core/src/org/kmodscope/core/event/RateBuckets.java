/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;

/** Counts events by kind and by quarter second over the last minute. Owned by one thread. */
final class RateBuckets {

    /** Kinds by their code, {@link EventKind#UNKNOWN} included; losses stay 0. */
    static final int KINDS = EventKind.values().length;

    private final int[] counts = new int[Rates.BUCKETS * KINDS];
    private final long[] lost = new long[Rates.BUCKETS];
    private final boolean[] exact = new boolean[Rates.BUCKETS];
    private long oldest;
    private long newest;
    private boolean empty = true;

    RateBuckets() {
        clear();
    }

    void clear() {
        empty = true;
        Arrays.fill(counts, 0);
        Arrays.fill(lost, 0);
        Arrays.fill(exact, true);
    }

    void event(EventKind kind, long time) {
        int at = place(time);
        if (at >= 0) {
            counts[at * KINDS + kind.code()]++;
        }
    }

    void loss(long time, long count, boolean known) {
        int at = place(time);
        if (at >= 0) {
            lost[at] = EventModel.sum(lost[at], count);
            exact[at] &= known;
        }
    }

    /** The number of the oldest bucket that is shown, counted from time 0. */
    long first() {
        return Math.max(oldest, newest - Rates.BUCKETS + 1);
    }

    Rates snapshot(long nowNanos) {
        int size = empty ? 0 : (int) (newest - first() + 1);
        int[] countsNow = new int[size * KINDS];
        long[] lostNow = new long[size];
        boolean[] exactNow = new boolean[size];
        for (int bucket = 0; bucket < size; bucket++) {
            int at = slot(first() + bucket);
            System.arraycopy(counts, at * KINDS, countsNow, bucket * KINDS, KINDS);
            lostNow[bucket] = lost[at];
            exactNow[bucket] = exact[at];
        }
        return new Rates(first(), countsNow, lostNow, exactNow, nowNanos);
    }

    static int slot(long bucket) {
        return (int) Math.floorMod(bucket, (long) Rates.BUCKETS);
    }

    /** Where this time is counted; -1 when it lies before the last minute. */
    private int place(long time) {
        long bucket = Math.floorDiv(time, Rates.BUCKET_NANOS);
        if (empty) {
            empty = false;
            oldest = bucket;
            newest = bucket;
        }
        if (bucket > newest) {
            long fresh = Math.max(newest + 1, bucket - Rates.BUCKETS + 1);
            for (long each = fresh; each <= bucket; each++) {
                int at = slot(each);
                Arrays.fill(counts, at * KINDS, (at + 1) * KINDS, 0);
                lost[at] = 0;
                exact[at] = true;
            }
            newest = bucket;
        } else if (bucket <= newest - Rates.BUCKETS) {
            return -1;
        }
        oldest = Math.min(oldest, bucket);
        return slot(bucket);
    }
}
