/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * Joins write calls with the signals that one armed descriptor got for them, and these with the
 * reads that answered. Nothing in a signal says which write caused it; it can only be told by
 * order, and order only holds while nobody else writes to the device and each write is signalled
 * once. So figures are put into the book only for an <em>episode</em> in which the numbers came out
 * even:
 *
 * <pre>
 *              write/push                      write: commit, next episode
 *            +-----------+                    +-----------+
 *            v           |  signal/pop        v           |
 *   quiet  +---------------+  until none    +---------------+
 *  ------> | sure, pending | -------------> | sure, none    |
 *          +---------------+                | pending       |
 *            |                              +---------------+
 *            | full, too long, loss                 | a signal without a write
 *            v                                      v
 *          +------------------------------------------------+  5 ms without write or signal
 *          | unsure: join nothing, discard the episode      | ----> sure again
 *          +------------------------------------------------+
 * </pre>
 *
 * Reads need no such care: a read answers the oldest signal before it, and a read that finds
 * nothing says that no signal so far has anything left to be read for.
 *
 * <p>Where the kernel itself tells what a signal was sent for ({@link #caused}), none of this
 * guessing is needed.
 */
final class NotificationTracker {

    /** Without writes and signals for so long, no signal of an earlier write is on its way. */
    static final long QUIET_NANOS = 5_000_000;

    /** How many writes may wait for their signal, and how many figures for their confirmation. */
    static final int PENDING = 4096;

    /** An episode that does not come out even in this time never will. */
    private static final long LONGEST_NANOS = 5_000_000_000L;

    /** A write this long before the first signal has nothing to do with it. */
    private static final long ADOPTED_NANOS = 1_000_000_000L;

    private static final long NO_WRITE = GeneratedSignals.NO_WRITE;
    private static final long NO_READ = Long.MIN_VALUE;

    private final int source;
    private final LatencyBook book;

    /** Start and call of each write without a signal yet. */
    private final LongQueue writes = new LongQueue(PENDING);

    /** Time of each signal without a read yet, and the start of its write. */
    private final LongQueue signals = new LongQueue(PENDING);

    /** End and duration of what this episode measured. */
    private final LongQueue toSignal = new LongQueue(PENDING);

    private final LongQueue toRead = new LongQueue(PENDING);

    private boolean told;
    private boolean sure;
    private long episodeStart;
    private long lastActivity;
    private long lastSignal;
    private long readStart = NO_READ;
    private long readCall;

    /**
     * @param source the source of the signals, for the book
     * @param firstSignal when the first signal arrived
     */
    NotificationTracker(int source, LatencyBook book, WriteLog log, long firstSignal) {
        this.source = source;
        this.book = book;
        sure = log.isComplete();
        lastActivity = firstSignal;
        lastSignal = firstSignal;
        episodeStart = firstSignal;
        if (sure && firstSignal - log.latest() < ADOPTED_NANOS) {
            writes.copyOf(log.writes());
            episodeStart = writes.isEmpty() ? firstSignal : writes.first(0);
        }
    }

    /** When the last signal arrived. */
    long lastSignal() {
        return lastSignal;
    }

    void writeStarted(long time, long call) {
        if (told) {
            return;
        }
        activity(time);
        if (!sure) {
            return;
        }
        if (writes.isEmpty()) {
            commit();
            episodeStart = time;
        }
        if (writes.isFull() || time - episodeStart > LONGEST_NANOS) {
            discard();
            return;
        }
        writes.add(time, call);
    }

    void writeFailed(long call) {
        if (sure && !writes.removeSecond(call) && !toSignal.isEmpty()) {
            // A signal was joined with a write that cannot have caused it.
            discard();
        }
    }

    void signal(long time) {
        activity(time);
        lastSignal = Math.max(lastSignal, time);
        if (signals.isFull()) {
            forgetSignals();
        }
        long start = writes.isEmpty() ? Long.MAX_VALUE : writes.first(0);
        if (sure && start <= time && time - start <= LONGEST_NANOS && !toSignal.isFull()) {
            writes.remove();
            toSignal.add(time, time - start);
            signals.add(time, start);
        } else {
            book.unmatched(Hop.WRITE_TO_SIGIO, source, 1);
            signals.add(time, NO_WRITE);
            discard();
        }
    }

    /**
     * A signal of which the kernel told what it was sent for: from the first of them on nothing is
     * concluded from the order of writes.
     *
     * @param write the start of the write that caused it, or {@link GeneratedSignals#NO_WRITE}
     */
    void caused(long time, long write) {
        if (!told) {
            // Whether the episode would have come out even is not known.
            discard();
            told = true;
        }
        lastSignal = Math.max(lastSignal, time);
        if (signals.isFull()) {
            forgetSignals();
        }
        if (write == NO_WRITE) {
            book.unmatched(Hop.WRITE_TO_SIGIO, source, 1);
        } else {
            book.measured(Hop.WRITE_TO_SIGIO, source, time, time - write);
        }
        signals.add(time, write);
    }

    void readStarted(long time, long call) {
        readStart = time;
        readCall = call;
    }

    void readEnded(long time, long call, long result) {
        boolean known = readCall == call && readStart != NO_READ;
        long began = Math.min(readStart, time);
        readStart = NO_READ;
        if (!known) {
            // It may have begun before the signal, and wait for it rather than answer it.
            return;
        }
        if (result > 0 && !signals.isEmpty() && signals.first(0) <= began) {
            long arrived = signals.first(0);
            long start = signals.second(0);
            signals.remove();
            book.measured(Hop.SIGIO_TO_READ, source, time, time - arrived);
            if (start == NO_WRITE) {
                book.unmatched(Hop.WRITE_TO_READ, source, 1);
            } else if (told || start < episodeStart) {
                book.measured(Hop.WRITE_TO_READ, source, time, time - start);
            } else if (!toRead.isFull()) {
                toRead.add(time, time - start);
            } else {
                book.unmatched(Hop.WRITE_TO_READ, source, 1);
            }
        }
        while (result <= 0 && !signals.isEmpty() && signals.first(0) <= began) {
            signals.remove();
            book.unmatched(Hop.SIGIO_TO_READ, source, 1);
        }
    }

    /** Something was lost until this time: nothing that is pending can be joined any more. */
    void forget(long time) {
        // It may have been a write or a signal: no quiet moment lies before it.
        lastActivity = Math.max(lastActivity, time);
        discard();
        forgetSignals();
        readStart = NO_READ;
    }

    /** Nothing has come for a while: an even episode is over. Whether it had any figures. */
    boolean settle() {
        if (!sure || !writes.isEmpty() || toSignal.isEmpty() && toRead.isEmpty()) {
            return false;
        }
        commit();
        // What comes after belongs to another episode, whose first write is not known yet.
        episodeStart = Math.max(episodeStart, lastActivity + 1);
        return true;
    }

    private void activity(long time) {
        if (!sure && time - lastActivity >= QUIET_NANOS) {
            sure = true;
            episodeStart = time;
        }
        lastActivity = Math.max(lastActivity, time);
    }

    private void commit() {
        enter(Hop.WRITE_TO_SIGIO, toSignal);
        enter(Hop.WRITE_TO_READ, toRead);
    }

    private void enter(Hop hop, LongQueue figures) {
        for (; !figures.isEmpty(); figures.remove()) {
            book.measured(hop, source, figures.first(0), figures.second(0));
        }
    }

    private void discard() {
        if (!sure) {
            return;
        }
        book.unmatched(Hop.WRITE_TO_SIGIO, source, toSignal.size());
        book.unmatched(Hop.WRITE_TO_READ, source, toRead.size());
        toSignal.clear();
        toRead.clear();
        writes.clear();
        for (int each = 0; each < signals.size(); each++) {
            if (signals.second(each) >= episodeStart) {
                signals.setSecond(each, NO_WRITE);
            }
        }
        sure = false;
    }

    private void forgetSignals() {
        book.unmatched(Hop.SIGIO_TO_READ, source, signals.size());
        signals.clear();
    }
}
