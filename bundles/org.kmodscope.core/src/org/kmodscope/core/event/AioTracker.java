/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Arrays;

/**
 * The asynchronous requests that are outstanding, by source, stream and number: an open-addressing
 * table of primitives with linear probing. Owned by one thread.
 *
 * <pre>
 * one place = four longs:   request | source and stream | submitted at | generation, 0 when free
 * </pre>
 *
 * A loss begins a new generation of its source: the completion of an older request may have been
 * lost, or another one be taken for it.
 */
final class AioTracker {

    private static final int PLACES = 65_536;
    private static final int MOST = PLACES / 2;
    private static final int WORDS = 4;
    private static final long FREE = 0;

    private final LatencyBook book;
    private final long[] generations = new long[EventModel.MOST_SOURCES];
    private long[] table = new long[0];
    private int size;

    AioTracker(LatencyBook book) {
        this.book = book;
        Arrays.fill(generations, FREE + 1);
    }

    /** How many requests are outstanding, as far as is known. */
    int outstanding() {
        return size;
    }

    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }

    void submitted(int source, int stream, long request, long time) {
        if (table.length == 0) {
            table = new long[PLACES * WORDS];
        }
        long owner = owner(source, stream);
        int at = find(request, owner);
        if (table[at + 3] == FREE) {
            if (size == MOST) {
                // Its completion will be counted as unmatched.
                return;
            }
            size++;
        }
        table[at] = request;
        table[at + 1] = owner;
        table[at + 2] = time;
        table[at + 3] = generations[source];
    }

    /**
     * A request ended.
     *
     * @param measured whether its duration goes into the book; that of a cancelled one does not
     */
    void ended(int source, int stream, long request, long time, boolean measured) {
        int at = size == 0 ? -1 : find(request, owner(source, stream));
        boolean sure = at >= 0 && table[at + 3] == generations[source];
        if (measured && sure) {
            book.measured(Hop.AIO, source, time, time - table[at + 2]);
        } else if (measured) {
            book.unmatched(Hop.AIO, source, 1);
        }
        if (at >= 0 && table[at + 3] != FREE) {
            remove(at);
        }
    }

    /** Something of this source was lost: its requests stay outstanding, but are not measured. */
    void doubt(int source) {
        generations[source]++;
    }

    private static long owner(int source, int stream) {
        return (long) source << 32 | stream & 0xffff_ffffL;
    }

    private static int home(long request, long owner) {
        long mixed = (request ^ owner * 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        return (int) (mixed >>> 48) * WORDS;
    }

    /** Where the request is, or the free place where it belongs. */
    private int find(long request, long owner) {
        int at = home(request, owner);
        while (table[at + 3] != FREE && (table[at] != request || table[at + 1] != owner)) {
            at = next(at);
        }
        return at;
    }

    private int next(int at) {
        return at + WORDS == table.length ? 0 : at + WORDS;
    }

    /** Frees a place and moves up those behind it that would not be found any more. */
    private void remove(int at) {
        int gap = at;
        int each = next(at);
        while (table[each + 3] != FREE) {
            int home = home(table[each], table[each + 1]);
            boolean reachable =
                    gap <= each ? gap < home && home <= each : gap < home || home <= each;
            if (!reachable) {
                System.arraycopy(table, each, table, gap, WORDS);
                gap = each;
            }
            each = next(each);
        }
        table[gap + 3] = FREE;
        size--;
    }
}
