/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;

/** Keeps all events and lets a test wait until they are as it expects. */
final class Recorder implements EventSink {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<Event> events = new ArrayList<>();
    private final Map<EventKind, Integer> counts = new EnumMap<>(EventKind.class);

    @Override
    public synchronized void accept(long time, long head, long request, long result, long tail) {
        events.add(EventCodec.toEvent(time, head, request, result, tail));
        counts.merge(EventCodec.kind(head), 1, Integer::sum);
        notifyAll();
    }

    /** All events so far. */
    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** All events of this kind so far. */
    List<Event> events(EventKind kind) {
        return events().stream().filter(event -> event.kind() == kind).toList();
    }

    /** Waits for so many events of a kind. */
    void await(EventKind kind, int count) throws InterruptedException, TimeoutException {
        // Not counted each time: each event wakes whoever waits.
        await(all -> counts.getOrDefault(kind, 0) >= count);
    }

    synchronized void await(Predicate<List<Event>> condition)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.test(events)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException(events.size() + " events, the first of them " + head());
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private List<Event> head() {
        return events.subList(0, Math.min(20, events.size()));
    }
}
