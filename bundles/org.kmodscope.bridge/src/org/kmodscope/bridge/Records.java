/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;

/** Numbers the records of a source and hands them to its sink. */
final class Records {

    private final EventSink sink;
    private int sequence;

    Records(EventSink sink) {
        this.sink = sink;
    }

    void put(long time, EventKind kind, int stream, long request, long result) {
        put(time, kind, 0, stream, request, result, 0);
    }

    void put(
            long time, EventKind kind, int flags, int stream, long request, long result, int band) {
        sink.accept(
                time,
                EventCodec.head(kind, flags, stream),
                request,
                result,
                EventCodec.tail(band, sequence++));
    }
}
