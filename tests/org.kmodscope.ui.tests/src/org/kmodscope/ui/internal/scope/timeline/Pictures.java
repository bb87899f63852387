/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventRecorder;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.Picture;
import org.kmodscope.core.event.Viewport;

/** Makes pictures of a few events with the real recorder. Times are in microseconds. */
final class Pictures {

    private final List<Event> events = new ArrayList<>();

    Pictures add(long micros, EventKind kind, long request, long result, int band) {
        events.add(new Event(micros * 1_000, kind, 0, 1, request, result, band, 0));
        return this;
    }

    /** A write call in which the kernel generates a signal. */
    Pictures tracedWrite(long micros, long number, long signal) {
        add(micros, EventKind.WRITE_START, number, 0, 0);
        events.add(
                new Event(
                        (micros + 3) * 1_000,
                        EventKind.SIGNAL_GENERATED,
                        EventCodec.FLAG_OWN_WRITE,
                        1,
                        signal,
                        0,
                        0x41,
                        0));
        return add(micros + 5, EventKind.WRITE_END, number, 16, 0);
    }

    Pictures write(long micros, long number) {
        add(micros, EventKind.WRITE_START, number, 0, 0);
        return add(micros + 5, EventKind.WRITE_END, number, 16, 0);
    }

    Pictures signal(long micros) {
        return add(micros, EventKind.SIGIO_IN, 0, 0, 0x41);
    }

    Pictures read(long micros, long number, long result) {
        add(micros, EventKind.READ_START, number, 0, 0);
        return add(micros + 4, EventKind.READ_END, number, result, 0);
    }

    /** What the model makes of them for a stretch of time. */
    Picture picture(long fromMicros, long toMicros, int columns) throws Exception {
        events.sort(Comparator.comparingLong(Event::timeNanos));
        var done = new CompletableFuture<Picture>();
        EventRecorder.Listener listener =
                new EventRecorder.Listener() {
                    @Override
                    public void published(EventSnapshot snapshot) {
                        boolean all =
                                snapshot.sources().stream().noneMatch(each -> each.running())
                                        && !snapshot.sources().isEmpty();
                        if (all && snapshot.picture().isPresent()) {
                            done.complete(snapshot.picture().get());
                        }
                    }
                };
        var settings = EventRecorder.Settings.defaults();
        try (EventRecorder recorder = EventRecorder.start(settings, listener)) {
            recorder.requestViewport(
                    new Viewport.Fixed(fromMicros * 1_000, toMicros * 1_000, columns));
            recorder.attach(new Fixture(List.copyOf(events)));
            return done.get(20, TimeUnit.SECONDS);
        }
    }

    private record Fixture(List<Event> events) implements EventSource {

        @Override
        public String name() {
            return "agent";
        }

        @Override
        public void run(EventSink sink) {
            int sequence = 0;
            for (Event event : events) {
                EventCodec.send(
                        new Event(
                                event.timeNanos(),
                                event.kind(),
                                event.flags(),
                                event.stream(),
                                event.request(),
                                event.result(),
                                event.band(),
                                sequence++),
                        sink);
            }
        }

        @Override
        public void stop() {}

        @Override
        public void close() {}
    }
}
