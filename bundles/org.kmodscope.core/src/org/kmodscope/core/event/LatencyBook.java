/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.eclipse.jdt.annotation.Nullable;

/** Collects latencies by hop and source. Owned by one thread. */
final class LatencyBook {

    private static final double[] PERCENTILES = {50, 90, 99};

    /** What the histograms can hold; a longer time comes from a clock that is wrong. */
    private static final long LONGEST = Long.MAX_VALUE >>> 2;

    private final @Nullable Page[] pages = new Page[Hop.values().length * EventModel.MOST_SOURCES];

    /** The latencies of one hop and source. */
    private static final class Page {
        private final Histogram all = new Histogram(3);
        private final Histogram lately = new Histogram(2);
        private final long[] series = new long[Rates.BUCKETS * LatencySeries.FIGURES];
        private final long[] numbers = new long[Rates.BUCKETS];
        private long bucket = Long.MIN_VALUE;
        private long shortest = Long.MAX_VALUE;
        private long longest;
        private long latelyLongest;
        private long unmatched;

        Page() {
            Arrays.fill(numbers, Long.MIN_VALUE);
        }

        void measured(long time, long nanos) {
            long now = Math.floorDiv(time, Rates.BUCKET_NANOS);
            // What is a little late goes with the bucket that is being filled.
            if (now > bucket) {
                close();
                bucket = now;
            }
            all.recordValue(nanos);
            lately.recordValue(nanos);
            shortest = Math.min(shortest, nanos);
            longest = Math.max(longest, nanos);
            latelyLongest = Math.max(latelyLongest, nanos);
        }

        /** Writes the figures of the bucket that is being filled to their place. */
        void publish() {
            if (lately.getTotalCount() == 0) {
                return;
            }
            int slot = RateBuckets.slot(bucket);
            numbers[slot] = bucket;
            int at = slot * LatencySeries.FIGURES;
            series[at] = lately.getTotalCount();
            for (int each = 0; each < PERCENTILES.length; each++) {
                // A histogram rounds up, and would pass the true maximum.
                long value = lately.getValueAtPercentile(PERCENTILES[each]);
                series[at + 1 + each] = Math.min(value, latelyLongest);
            }
            series[at + 4] = latelyLongest;
        }

        private void close() {
            publish();
            lately.reset();
            latelyLongest = 0;
        }

        LatencyRow row(Hop hop, String source, LatencySeries latest) {
            boolean none = all.getTotalCount() == 0;
            return new LatencyRow(
                    hop,
                    source,
                    all.getTotalCount(),
                    none ? 0 : shortest,
                    Math.min(all.getValueAtPercentile(PERCENTILES[0]), longest),
                    Math.min(all.getValueAtPercentile(PERCENTILES[1]), longest),
                    Math.min(all.getValueAtPercentile(PERCENTILES[2]), longest),
                    longest,
                    unmatched,
                    latest);
        }

        LatencySeries series(long first, int buckets) {
            publish();
            long[] figures = new long[buckets * LatencySeries.FIGURES];
            for (int each = 0; each < buckets; each++) {
                int slot = RateBuckets.slot(first + each);
                if (numbers[slot] == first + each) {
                    System.arraycopy(
                            series,
                            slot * LatencySeries.FIGURES,
                            figures,
                            each * LatencySeries.FIGURES,
                            LatencySeries.FIGURES);
                }
            }
            return new LatencySeries(figures);
        }
    }

    void clear() {
        Arrays.fill(pages, null);
    }

    /**
     * @param time of the end of the hop
     * @param nanos how long it took; less than nothing comes from a clock that is wrong, and counts
     *     as unmatched
     */
    void measured(Hop hop, int source, long time, long nanos) {
        if (nanos < 0 || nanos > LONGEST) {
            unmatched(hop, source, 1);
        } else {
            page(hop, source).measured(time, nanos);
        }
    }

    /** Ends of the hop whose beginning is not known. */
    void unmatched(Hop hop, int source, long count) {
        if (count > 0) {
            page(hop, source).unmatched += count;
        }
    }

    /** All rows, by hop, then in the order of the sources, with series on these buckets. */
    List<LatencyRow> rows(String[] names, long firstBucket, int buckets) {
        List<LatencyRow> rows = new ArrayList<>();
        for (int at = 0; at < pages.length; at++) {
            Page page = pages[at];
            if (page != null) {
                rows.add(
                        page.row(
                                Hop.values()[at / EventModel.MOST_SOURCES],
                                names[at % EventModel.MOST_SOURCES],
                                page.series(firstBucket, buckets)));
            }
        }
        return List.copyOf(rows);
    }

    private Page page(Hop hop, int source) {
        int at = hop.ordinal() * EventModel.MOST_SOURCES + source;
        Page page = pages[at];
        if (page == null) {
            page = new Page();
            pages[at] = page;
        }
        return page;
    }
}
