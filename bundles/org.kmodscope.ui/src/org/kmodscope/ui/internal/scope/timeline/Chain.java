/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.kmodscope.core.event.Event;
import org.kmodscope.ui.internal.visual.EventLook;

/**
 * A cause and what followed from it: write call, signal, read call. What was not seen stays empty;
 * it is never replaced by a guess.
 *
 * @param id the number of the write call that began it
 * @param links in order of cause
 * @param crossesLoss whether something was lost between its first and its last event
 */
public record Chain(long id, List<Link> links, boolean crossesLoss) {

    /**
     * One step.
     *
     * @param look how the step is shown
     * @param title what happened, such as {@code write(64 B)}
     * @param begin the event that begins the step; empty when it was not seen
     * @param end the event that ends it where it lasts; empty otherwise
     */
    public record Link(EventLook look, String title, Optional<Event> begin, Optional<Event> end) {

        /** What counts for latencies: a read has answered when it returned, as in the model. */
        public Optional<Event> moment() {
            return look == EventLook.READ ? end : begin;
        }

        /** Whether one of its events is this one. */
        public boolean holds(Event event) {
            return begin.filter(event::equals).isPresent() || end.filter(event::equals).isPresent();
        }
    }

    /** Whether one of its events is this one. */
    public boolean holds(Event event) {
        return links.stream().anyMatch(link -> link.holds(event));
    }

    /** Nanoseconds from the step before this one, empty where one of the two was not seen. */
    public OptionalLong hop(int link) {
        if (link == 0) {
            return OptionalLong.empty();
        }
        return between(links.get(link - 1).moment(), links.get(link).moment());
    }

    /** Which of the two mechanisms it belongs to. */
    public String mechanism() {
        return links.getFirst().look() == EventLook.AIO_SUBMIT
                ? "asynchronous I/O"
                : "notification";
    }

    /** Nanoseconds from the cause to the last step, empty when one of them was not seen. */
    public OptionalLong total() {
        return between(links.getFirst().moment(), links.getLast().moment());
    }

    /** When the first event that was seen happened. */
    public OptionalLong start() {
        return links.stream()
                .flatMap(link -> link.begin().stream())
                .mapToLong(Event::timeNanos)
                .min();
    }

    /** When the last event that was seen happened. */
    public OptionalLong finish() {
        return links.stream()
                .flatMap(link -> link.end().or(link::begin).stream())
                .mapToLong(Event::timeNanos)
                .max();
    }

    private static OptionalLong between(Optional<Event> from, Optional<Event> to) {
        return from.isPresent() && to.isPresent()
                ? OptionalLong.of(to.get().timeNanos() - from.get().timeNanos())
                : OptionalLong.empty();
    }
}
