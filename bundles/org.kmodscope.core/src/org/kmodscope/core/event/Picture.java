/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a {@link Viewport} shows: for every lane either its events one by one, or, when there are
 * more than two per column, how dense they lie. Immutable. Losses and what else must not disappear
 * in a density are told apart in both cases.
 */
public final class Picture {

    private final long fromNanos;
    private final long toNanos;
    private final int columns;
    private final Map<Lane, LaneView> lanes;
    private final List<LossSpan> losses;
    private final List<Turn> turns;
    private final int[] outstandingMin;
    private final int[] outstandingMax;

    /** As {@link PictureMaker} found it; the arrays are given away. */
    Picture(
            Viewport.Fixed viewport,
            Map<Lane, LaneView> lanes,
            List<LossSpan> losses,
            List<Turn> turns,
            int[] outstandingMin,
            int[] outstandingMax) {
        this.fromNanos = viewport.fromNanos();
        this.toNanos = viewport.toNanos();
        this.columns = viewport.columns();
        this.lanes = lanes;
        this.losses = losses;
        this.turns = turns;
        this.outstandingMin = outstandingMin;
        this.outstandingMax = outstandingMax;
    }

    /** Where the first column begins, on the target's clock. */
    public long fromNanos() {
        return fromNanos;
    }

    /** Where the last column ends. */
    public long toNanos() {
        return toNanos;
    }

    /** How many columns of equal width there are. */
    public int columns() {
        return columns;
    }

    /** What one lane shows. */
    public LaneView lane(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }

    /** All losses that touch this stretch of time; those of one source and column are one. */
    public List<LossSpan> losses() {
        return losses;
    }

    /** Who had the device, where several models take turns; earliest first. */
    public List<Turn> turns() {
        return turns;
    }

    /** The least number of asynchronous requests that were outstanding during a column. */
    public int outstandingMin(int column) {
        return outstandingMin[column];
    }

    /** The greatest number of asynchronous requests that were outstanding during a column. */
    public int outstandingMax(int column) {
        return outstandingMax[column];
    }

    /** What a lane shows. */
    public sealed interface LaneView {

        /** How many events of the lane lie in this stretch of time; starts and ends count both. */
        long total();
    }

    /** A lane with few events: all of them. */
    public record Exact(EventTable events) implements LaneView {
        @Override
        public long total() {
            return events.size();
        }
    }

    /** A lane with many events: how many per column, calls and work items counted once. */
    public static final class Density implements LaneView {

        private final long total;
        private final int[] counts;
        private final int[] least;
        private final int[] most;
        private final List<Mark> marks;

        Density(long total, int[] counts, int[] least, int[] most, List<Mark> marks) {
            this.total = total;
            this.counts = counts;
            this.least = least;
            this.most = most;
            this.marks = marks;
        }

        @Override
        public long total() {
            return total;
        }

        /** How many there are in a column. */
        public int count(int column) {
            return counts[column];
        }

        /** How many there are in the emptiest eighth of a column. */
        public int min(int column) {
            return least[column];
        }

        /** How many there are in the fullest eighth of a column. */
        public int max(int column) {
            return most[column];
        }

        /** The greatest of all {@link #max}: the height of the lane stands for it. */
        public int peak() {
            return Arrays.stream(most).max().orElse(0);
        }

        /** What has to be seen in spite of the density, by column. */
        public List<Mark> marks() {
            return marks;
        }
    }

    /**
     * Cancelled requests, warnings and the like that lie in one column.
     *
     * @param timeNanos of the first of them
     * @param count how many there are of this kind
     */
    public record Mark(int column, EventKind kind, long timeNanos, int count) {}

    /**
     * A stretch of time in which events of a source were lost.
     *
     * @param source whose events
     * @param fromNanos since when; equal to {@code toNanos} when not known
     * @param toNanos until when
     * @param count how many, or at least how many
     * @param exact whether the count is all
     */
    public record LossSpan(
            String source, long fromNanos, long toNanos, long count, boolean exact) {}
}
