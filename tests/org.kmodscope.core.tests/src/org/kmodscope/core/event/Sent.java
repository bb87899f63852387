/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayList;
import java.util.List;

/** A sink that keeps events, and ways to make them. */
final class Sent implements EventSink {

    final List<Event> events = new ArrayList<>();

    @Override
    public void accept(long time, long head, long request, long result, long tail) {
        events.add(EventCodec.toEvent(time, head, request, result, tail));
    }

    static Event event(long time, EventKind kind, int stream, long request, long result) {
        return new Event(time, kind, 0, stream, request, result, 0, 0);
    }

    static Event event(long time, EventKind kind) {
        return event(time, kind, 0, 0, 0);
    }

    static Event lost(long time, long count) {
        return event(time, EventKind.LOST, 0, 0, count);
    }

    static void record(EventModel model, int source, Event event) {
        EventCodec.send(
                event,
                (time, head, request, result, tail) ->
                        model.record(source, time, head, request, result, tail));
    }
}
