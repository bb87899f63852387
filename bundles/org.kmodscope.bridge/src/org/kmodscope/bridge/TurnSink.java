/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;

/**
 * Makes one series of records of those of one model after the other: each model numbers its own
 * from the beginning. Called by the thread of the model whose turn it is, and by the one that
 * changes turns: one at a time.
 */
final class TurnSink implements EventSink {

    private final EventSink sink;
    private int stream;
    private long turn;
    private boolean begun;
    private long requestsBefore;
    private long latestRequest;
    private int sequence;

    TurnSink(EventSink sink) {
        this.sink = sink;
    }

    /** What follows is told by another model. */
    synchronized void next(int model) {
        stream = model;
        turn++;
        requestsBefore = latestRequest;
    }

    /** It watches. */
    synchronized void begin(long time) {
        begun = true;
        mark(time, EventCodec.TURN_BEGINS);
    }

    /** It does not watch any more; nothing, when it never did. */
    synchronized void end(long time) {
        if (begun) {
            begun = false;
            mark(time, EventCodec.TURN_ENDS);
        }
    }

    private void mark(long time, int what) {
        long head = EventCodec.head(EventKind.MARKER, 0, stream);
        sink.accept(time, head, turn, what, EventCodec.tail(0, sequence++));
    }

    @Override
    public synchronized void accept(long time, long head, long request, long result, long tail) {
        EventKind kind = EventCodec.kind(head);
        long named = request;
        if (request != 0 && !kind.isLoss()) {
            named = requestsBefore + request;
            latestRequest = Math.max(latestRequest, named);
        }
        sink.accept(
                time,
                EventCodec.head(kind, EventCodec.flags(head), stream),
                named,
                result,
                EventCodec.tail(EventCodec.band(tail), sequence++));
    }
}
