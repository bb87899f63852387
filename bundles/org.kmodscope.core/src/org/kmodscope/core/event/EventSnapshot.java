/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a recording at one moment; immutable. Times are the target's CLOCK_MONOTONIC in
 * nanoseconds.
 *
 * @param number counts the snapshots of a recorder
 * @param events how many events were recorded, losses not among them
 * @param lost how many were lost, as far as is known
 * @param lossExact whether that is all; false after an overflow of the signal queue: "at least"
 * @param late how many came too late to be put in order: they stand where they arrived
 * @param sources what each source told, in the order of their first attachment
 * @param recorded from the earliest to the latest event; empty before the first
 * @param window what of it the window still holds one by one
 * @param windowEvicted whether the window begins later than the recording
 * @param nowNanos up to where events have been brought into order; goes on while sources run
 * @param rates events over the last minute
 * @param latencies by hop and source, as far as any was seen
 * @param turns what each of several models did that took turns; empty where none do
 * @param latest the latest records, losses among them, oldest first
 * @param picture what was asked for by {@link EventRecorder#requestViewport}; empty before
 */
public record EventSnapshot(
        long number,
        long events,
        long lost,
        boolean lossExact,
        long late,
        List<SourceTotals> sources,
        Optional<TimeRange> recorded,
        Optional<TimeRange> window,
        boolean windowEvicted,
        long nowNanos,
        Rates rates,
        List<LatencyRow> latencies,
        List<TurnTotals> turns,
        EventTable latest,
        Optional<Picture> picture) {

    /** How many signals of all sources ended so, by what the kernel told. */
    public long count(SignalOutcome outcome) {
        return sources.stream().mapToLong(each -> each.outcomes().getOrDefault(outcome, 0L)).sum();
    }

    /** How many records of a kind came from all sources. */
    public long count(EventKind kind) {
        return sources.stream().mapToLong(each -> each.count(kind)).sum();
    }

    /**
     * From a write to the end of the read or request of this source that brought it, if any did.
     */
    public Optional<LatencyRow> dataLatency(String source) {
        return latencies.stream()
                .filter(row -> row.hop() == Hop.WRITE_TO_DATA && row.count() > 0)
                .filter(row -> row.source().equals(source))
                .findFirst();
    }

    /**
     * What one source told since the beginning.
     *
     * @param name its name
     * @param running whether more may come
     * @param counts records by kind, without those that never came
     * @param outcomes what became of the signals that the kernel told of, without those that never
     *     came about
     * @param lost how many events it lost, as far as is known
     * @param lossExact whether that is all
     */
    public record SourceTotals(
            String name,
            boolean running,
            Map<EventKind, Long> counts,
            Map<SignalOutcome, Long> outcomes,
            long lost,
            boolean lossExact) {

        /** How many records of a kind it told. */
        public long count(EventKind kind) {
            return counts.getOrDefault(kind, 0L);
        }

        /** How many events it told, losses not among them. */
        public long events() {
            return counts.entrySet().stream()
                    .filter(each -> !each.getKey().isLoss())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /**
     * A stretch of time.
     *
     * @param fromNanos its beginning
     * @param toNanos its end
     */
    public record TimeRange(long fromNanos, long toNanos) {}
}
