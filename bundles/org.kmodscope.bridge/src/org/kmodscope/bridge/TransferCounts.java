/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of one thread that any thread may read: a store of a plain sum needs no locked
 * instruction.
 */
final class TransferCounts {

    private static final int STARTED = 0;
    private static final int ENDED = 1;
    private static final int FAILED = 2;
    private static final int CANCELLED = 3;
    private static final int BYTES = 4;

    private final AtomicLongArray counts = new AtomicLongArray(BYTES + 1);

    void started() {
        add(STARTED, 1);
    }

    /** Counts the end of one, by its byte count or -errno. */
    void ended(long result) {
        if (result < 0) {
            add(FAILED, 1);
        } else {
            add(BYTES, result);
        }
        add(ENDED, 1);
    }

    void cancelled() {
        add(CANCELLED, 1);
        add(ENDED, 1);
    }

    TransferStatistics read() {
        // What ended is read before what started, so that no reader sees more ends than starts.
        long ended = counts.getAcquire(ENDED);
        return new TransferStatistics(
                counts.getOpaque(STARTED),
                ended,
                counts.getOpaque(FAILED),
                counts.getOpaque(CANCELLED),
                counts.getOpaque(BYTES));
    }

    private void add(int index, long amount) {
        counts.setRelease(index, counts.getPlain(index) + amount);
    }
}
