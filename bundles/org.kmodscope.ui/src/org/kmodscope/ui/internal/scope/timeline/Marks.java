/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.Arrays;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.event.EventTable;
import org.kmodscope.ui.internal.visual.EventLook;

/**
 * What is drawn exactly: one entry for a moment, or for the span between a start and its end. Kept
 * in arrays that are filled anew for each picture and make no garbage.
 */
final class Marks {

    /** The span began before what is shown. */
    static final int OPEN_LEFT = 1;

    /** The span has no end yet. */
    static final int OPEN_RIGHT = 2;

    /** Something was lost within the span. */
    static final int CROSSES_LOSS = 4;

    /** Stands for an event that is not in the picture. */
    static final int NONE = -1;

    private static final EventLook[] LOOKS = EventLook.values();

    private int size;
    private int[] track = new int[256];
    private int[] look = new int[256];
    private int[] x0 = new int[256];
    private int[] x1 = new int[256];
    private int[] first = new int[256];
    private int[] last = new int[256];
    private int[] row = new int[256];
    private int[] flags = new int[256];
    private @Nullable EventTable[] table = new @Nullable EventTable[256];

    void clear() {
        size = 0;
        Arrays.fill(table, null);
    }

    int size() {
        return size;
    }

    /** Adds a mark and returns its index. */
    int add(
            int trackOrdinal,
            EventLook kind,
            int from,
            int to,
            @Nullable EventTable events,
            int firstEvent,
            int lastEvent) {
        if (size == track.length) {
            grow();
        }
        track[size] = trackOrdinal;
        look[size] = kind.ordinal();
        x0[size] = from;
        x1[size] = to;
        table[size] = events;
        first[size] = firstEvent;
        last[size] = lastEvent;
        row[size] = 0;
        flags[size] = 0;
        return size++;
    }

    private void grow() {
        int capacity = size * 2;
        track = Arrays.copyOf(track, capacity);
        look = Arrays.copyOf(look, capacity);
        x0 = Arrays.copyOf(x0, capacity);
        x1 = Arrays.copyOf(x1, capacity);
        first = Arrays.copyOf(first, capacity);
        last = Arrays.copyOf(last, capacity);
        row = Arrays.copyOf(row, capacity);
        flags = Arrays.copyOf(flags, capacity);
        table = Arrays.copyOf(table, capacity);
    }

    /** The ordinal of its track; {@link Scene#ACROSS} for a mark that crosses all. */
    int track(int mark) {
        return track[mark];
    }

    EventLook look(int mark) {
        return LOOKS[look[mark]];
    }

    int x0(int mark) {
        return x0[mark];
    }

    int x1(int mark) {
        return x1[mark];
    }

    /** Where its events are; null for a mark that a column kept without its event. */
    @Nullable
    EventTable table(int mark) {
        return table[mark];
    }

    /** The event that begins the mark, {@link #NONE} when it is not in the picture. */
    int first(int mark) {
        return first[mark];
    }

    /** The event that ends the mark; equal to {@link #first} for a moment. */
    int last(int mark) {
        return last[mark];
    }

    int row(int mark) {
        return row[mark];
    }

    void row(int mark, int value) {
        row[mark] = value;
    }

    boolean is(int mark, int flag) {
        return (flags[mark] & flag) != 0;
    }

    void flag(int mark, int flag) {
        flags[mark] |= flag;
    }
}
