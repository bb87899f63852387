/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import org.kmodscope.core.event.EventSink;

/** Looks at every word, so that no reading of it is left out. Belongs to one thread. */
final class WordSum implements EventSink {

    private long records;
    private long sum;

    @Override
    public void accept(long time, long head, long request, long result, long tail) {
        sum += time ^ head ^ request ^ result ^ tail;
        records++;
    }

    long records() {
        return records;
    }

    long sum() {
        return sum;
    }
}
