/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.Arrays;
import org.kmodscope.core.event.EventTable;

/** Starts that wait for their ends, of one track. Few are open at once: a search is short. */
final class OpenSpans {

    private int size;
    private int[] event = new int[64];

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    int event(int i) {
        return event[i];
    }

    void open(int start) {
        if (size == event.length) {
            event = Arrays.copyOf(event, size * 2);
        }
        event[size++] = start;
    }

    /** Takes the start that this end belongs to, {@link Marks#NONE} when it is not there. */
    int close(EventTable events, int end) {
        for (int i = size - 1; i >= 0; i--) {
            int start = event[i];
            if (events.request(start) == events.request(end)
                    && events.stream(start) == events.stream(end)
                    && events.source(start).equals(events.source(end))) {
                System.arraycopy(event, i + 1, event, i, --size - i);
                return start;
            }
        }
        return Marks.NONE;
    }
}
