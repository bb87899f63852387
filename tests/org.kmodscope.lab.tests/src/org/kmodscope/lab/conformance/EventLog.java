/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventSink;

/** All events of one source. */
final class EventLog implements EventSink {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final List<Event> events = new ArrayList<>();

    @Override
    public synchronized void accept(long time, long head, long request, long result, long tail) {
        events.add(EventCodec.toEvent(time, head, request, result, tail));
        notifyAll();
    }

    synchronized int size() {
        return events.size();
    }

    /** Those from this number on. */
    synchronized List<Event> from(int first) {
        return List.copyOf(events.subList(first, events.size()));
    }

    /** Waits until one event from this number on is as described. */
    synchronized void await(int first, String what, Predicate<Event> condition)
            throws InterruptedException, TimeoutException {
        awaitCount(first, what, condition, 1);
    }

    /** Waits until so many events from this number on are as described. */
    synchronized void awaitCount(int first, String what, Predicate<Event> condition, long count)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        int looked = first;
        long found = 0;
        while (true) {
            for (; looked < events.size(); looked++) {
                found += condition.test(events.get(looked)) ? 1 : 0;
            }
            if (found >= count) {
                return;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException(
                        "%d of %d %s after %d other events"
                                .formatted(found, count, what, events.size() - first - found));
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
