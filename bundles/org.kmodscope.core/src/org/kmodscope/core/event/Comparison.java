/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.List;

/** Several models that take turns on one device: whose turn it is, and how each of them does. */
final class Comparison {

    /** EAGAIN of asm-generic/errno-base.h. */
    private static final long NOTHING_THERE = -11;

    private final TurnBook turns = new TurnBook();
    private final DataTracker data;

    /** Without turns there is nothing to compare, and writes need not be kept. */
    private boolean active;

    private long readStarted;

    Comparison(LatencyBook book) {
        data = new DataTracker(book);
    }

    void clear() {
        turns.clear();
        data.clear();
        active = false;
    }

    /**
     * Takes what concerns it.
     *
     * @param call one number for the call of this source, request and direction
     */
    void follow(EventKind kind, int source, long time, long call, long result) {
        if (kind == EventKind.MARKER) {
            turns.marked(source, time, result);
            active |= turns.holder() != TurnBook.NOBODY;
        }
        if (!active) {
            return;
        }
        switch (kind) {
            case WRITE_START -> data.writeStarted(time, call);
            case WRITE_END -> data.writeEnded(time, call, result, since());
            case READ_START -> readStarted = time;
            case READ_END, AIO_COMPLETE -> {
                if (result > 0) {
                    turns.took(source, result);
                    data.taken(source, time, result, since());
                } else if (kind == EventKind.READ_END && result == NOTHING_THERE) {
                    data.nothing(source, readStarted);
                }
            }
            case OVERFLOW, LOST -> data.clear();
            default -> {
                // Neither turns nor bytes.
            }
        }
    }

    /** What was written while nobody watched is read late by whoever comes next. */
    private long since() {
        return turns.holder() == TurnBook.NOBODY ? Long.MAX_VALUE : turns.since();
    }

    List<TurnTotals> totals(String[] names, long now) {
        return turns.totals(names, now);
    }

    List<Turn> within(Viewport.Fixed viewport, String[] names, long now) {
        return turns.within(viewport.fromNanos(), viewport.toNanos(), names, now);
    }
}
