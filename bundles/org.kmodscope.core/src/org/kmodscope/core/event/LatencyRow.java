/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * The latencies of one hop as one source saw it, in nanoseconds of the target's clock. Percentiles
 * are exact to one part in a thousand (HdrHistogram with three digits).
 *
 * @param hop which hop
 * @param source the source of the signal, or of the asynchronous request
 * @param count how many were measured; all figures are 0 when none was
 * @param minNanos the shortest
 * @param p50 the median
 * @param p90 nine of ten were not longer
 * @param p99 ninety-nine of a hundred were not longer
 * @param maxNanos the longest
 * @param unmatched how many signals, reads or requests could not be joined with their other end for
 *     sure: somebody else's write, a loss in between, a signal that an earlier read had answered
 * @param series the same over the last minute
 */
public record LatencyRow(
        Hop hop,
        String source,
        long count,
        long minNanos,
        long p50,
        long p90,
        long p99,
        long maxNanos,
        long unmatched,
        LatencySeries series) {}
