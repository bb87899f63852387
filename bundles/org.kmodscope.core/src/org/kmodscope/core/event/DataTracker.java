/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Joins writes with the reads and requests that brought their bytes, by counting these: a device
 * gives them out in the order in which they came, and in a comparison all of its writers and
 * readers are known. Where a count shows that somebody else wrote or read, it begins anew. Owned by
 * one thread.
 */
final class DataTracker {

    /** Writes nobody has read yet; more than any device of ours holds. */
    private static final int MOST = 65_536;

    private final LatencyBook book;
    private final Deque<Write> unread = new ArrayDeque<>();

    /** A write whose bytes were not all read. */
    private static final class Write {
        private final long call;
        private final long started;
        private boolean returned;
        private long ended;
        private long bytes;
        private long taken;
        private int taker;
        private long takenAt;

        Write(long call, long started) {
            this.call = call;
            this.started = started;
        }

        boolean isRead() {
            return returned && taken >= bytes;
        }
    }

    DataTracker(LatencyBook book) {
        this.book = book;
    }

    /** Something was lost, or all is to be forgotten: no write before this is measured. */
    void clear() {
        unread.clear();
    }

    void writeStarted(long time, long call) {
        if (unread.size() == MOST) {
            clear();
        }
        unread.addLast(new Write(call, time));
    }

    /**
     * A write returned; its bytes may have been read before that.
     *
     * @param since what was written earlier is not measured: nobody watched then
     */
    void writeEnded(long time, long call, long result, long since) {
        for (Write each : unread) {
            if (each.call == call) {
                each.returned = true;
                each.ended = time;
                each.bytes = Math.max(0, result);
                break;
            }
        }
        settle(since);
    }

    /** A read found nothing: what was written before it began went to somebody else. */
    void nothing(int source, long started) {
        while (!unread.isEmpty()
                && unread.getFirst().returned
                && unread.getFirst().ended < started) {
            unread.removeFirst();
            book.unmatched(Hop.WRITE_TO_DATA, source, 1);
        }
    }

    /**
     * A read or request brought data.
     *
     * @param since as in {@link #writeEnded}
     */
    void taken(int source, long time, long bytes, long since) {
        long rest = bytes;
        while (rest > 0) {
            if (unread.isEmpty()) {
                // Somebody else wrote this.
                book.unmatched(Hop.WRITE_TO_DATA, source, 1);
                return;
            }
            Write first = unread.getFirst();
            long most = first.returned ? first.bytes - first.taken : rest;
            long some = Math.min(rest, most);
            first.taken += some;
            first.taker = source;
            first.takenAt = time;
            rest -= some;
            if (!first.returned) {
                return;
            }
            settle(since);
        }
    }

    /** Takes away what was read to its last byte. */
    private void settle(long since) {
        while (!unread.isEmpty() && unread.getFirst().isRead()) {
            Write first = unread.removeFirst();
            if (first.taken > first.bytes) {
                // More than it wrote: somebody else did, and nobody knows which bytes are whose.
                book.unmatched(Hop.WRITE_TO_DATA, first.taker, 1);
                clear();
            } else if (first.bytes > 0 && first.started >= since) {
                book.measured(
                        Hop.WRITE_TO_DATA,
                        first.taker,
                        first.takenAt,
                        first.takenAt - first.started);
            }
        }
    }
}
