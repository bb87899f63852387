/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.event.EventSink;

/**
 * Keeps what a sink throws until it is asked for, so that it does not break off the book-keeping of
 * what the kernel has in its hands. A sink that broke gets nothing more.
 */
final class CarefulSink implements EventSink {

    private final EventSink sink;
    private @Nullable Throwable broken;

    CarefulSink(EventSink sink) {
        this.sink = sink;
    }

    @Override
    public void accept(long time, long head, long request, long result, long tail) {
        if (broken != null) {
            return;
        }
        try {
            sink.accept(time, head, request, result, tail);
        } catch (RuntimeException | Error e) {
            broken = e;
        }
    }

    /** Throws what the sink threw, if it did. */
    void check() {
        Throwable why = broken;
        if (why instanceof RuntimeException e) {
            throw e;
        }
        if (why instanceof Error e) {
            throw e;
        }
    }
}
