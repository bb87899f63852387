/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Who had the device when, where several models take turns. Owned by one thread. */
final class TurnBook {

    /** Nobody has it. */
    static final int NOBODY = -1;

    /** More than an hour of the usual turns. */
    private static final int KEPT = 4096;

    private final Deque<Past> past = new ArrayDeque<>();
    private final List<Totals> totals = new ArrayList<>();
    private int holder = NOBODY;
    private long since;

    /** A turn that is over. */
    private record Past(int source, long from, long to) {}

    /** What a model did in all its turns. */
    private static final class Totals {
        private final int source;
        private long turns;
        private long nanos;
        private long taken;
        private long bytes;

        Totals(int source) {
            this.source = source;
        }
    }

    void clear() {
        past.clear();
        totals.clear();
        holder = NOBODY;
    }

    /** A source told of a mark. */
    void marked(int source, long time, long mark) {
        if (mark == EventCodec.TURN_BEGINS) {
            end(time);
            holder = source;
            since = time;
            of(source).turns++;
        } else if (mark == EventCodec.TURN_ENDS && source == holder) {
            end(time);
        }
    }

    private void end(long time) {
        if (holder != NOBODY) {
            of(holder).nanos += Math.max(0, time - since);
            if (past.size() == KEPT) {
                past.removeFirst();
            }
            past.addLast(new Past(holder, since, Math.max(since, time)));
            holder = NOBODY;
        }
    }

    /** The source that has the device, or {@link #NOBODY}. */
    int holder() {
        return holder;
    }

    /** Since when it has it. */
    long since() {
        return since;
    }

    /** A read or request brought data. */
    void took(int source, long bytes) {
        if (source == holder) {
            Totals mine = of(source);
            mine.taken++;
            mine.bytes = EventModel.sum(mine.bytes, bytes);
        }
    }

    private Totals of(int source) {
        for (Totals each : totals) {
            if (each.source == source) {
                return each;
            }
        }
        Totals first = new Totals(source);
        totals.add(first);
        return first;
    }

    /** One for each model, in the order of their first turns. */
    List<TurnTotals> totals(String[] names, long now) {
        return totals.stream()
                .map(
                        each ->
                                new TurnTotals(
                                        names[each.source],
                                        each.turns,
                                        each.nanos
                                                + (each.source == holder
                                                        ? Math.max(0, now - since)
                                                        : 0),
                                        each.taken,
                                        each.bytes))
                .toList();
    }

    /** The turns that touch a stretch of time, earliest first. */
    List<Turn> within(long from, long to, String[] names, long now) {
        List<Turn> found = new ArrayList<>();
        for (Past each : past) {
            if (each.to >= from && each.from <= to) {
                found.add(new Turn(names[each.source], each.from, each.to));
            }
        }
        if (holder != NOBODY && since <= to) {
            found.add(new Turn(names[holder], since, Math.max(since, now)));
        }
        return List.copyOf(found);
    }
}
