/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventTable;
import org.kmodscope.core.event.Lane;
import org.kmodscope.core.event.Picture;
import org.kmodscope.ui.internal.visual.EventLook;
import org.kmodscope.ui.internal.visual.Quantity;

/**
 * One row: an event, or a loss.
 *
 * @param timeNanos when
 * @param look how it is shown
 * @param name what happened
 * @param id what pairs it with others
 * @param result what came of it
 * @param event the event; empty for a loss that a picture tells of
 */
public record EventRow(
        long timeNanos,
        EventLook look,
        String name,
        String id,
        String result,
        Optional<Event> event) {

    /** The row of an event. */
    public static EventRow of(Event event) {
        return new EventRow(
                event.timeNanos(),
                EventLook.of(event.kind(), event.band()),
                EventWords.name(event),
                EventWords.id(event),
                EventWords.result(event),
                Optional.of(event));
    }

    private static EventRow of(Picture.LossSpan loss) {
        long span = loss.toNanos() - loss.fromNanos();
        return new EventRow(
                loss.fromNanos(),
                EventLook.LOST,
                EventWords.lost(loss.count(), loss.exact()),
                "",
                span > 0 ? Quantity.interval(span) : "",
                Optional.empty());
    }

    /** Whether it tells that something is missing. */
    public boolean isLoss() {
        return look == EventLook.LOST;
    }

    /** Whether it has all the words of a filter, in any order; losses are never filtered away. */
    public boolean matches(List<String> words) {
        String text = (name + " " + id + " " + result).toLowerCase(Locale.ROOT);
        return isLoss() || words.stream().allMatch(text::contains);
    }

    /** The words of a filter as typed. */
    public static List<String> words(String filter) {
        return filter.isBlank()
                ? List.of()
                : List.of(filter.strip().toLowerCase(Locale.ROOT).split("\\s+"));
    }

    /** The rows of a table of events, by time. A call that returned is one row, at its start. */
    public static List<EventRow> all(EventTable events) {
        List<EventRow> rows = new ArrayList<>(events.size());
        add(events, rows);
        rows.sort(Comparator.comparingLong(EventRow::timeNanos));
        return rows;
    }

    private static void add(EventTable events, List<EventRow> rows) {
        Map<Call, Integer> open = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            EventKind kind = events.kind(i);
            Call call = new Call(EventLook.of(kind, 0), events.source(i), events.request(i));
            switch (kind) {
                case WRITE_START, READ_START, WORK_START -> {
                    open.put(call, rows.size());
                    rows.add(of(events.event(i)));
                }
                case WRITE_END, READ_END, WORK_END -> {
                    Integer start = open.containsKey(call) ? open.remove(call) : null;
                    EventRow end = of(events.event(i));
                    if (start == null) {
                        rows.add(end);
                    } else {
                        rows.set(start, rows.get(start).ended(end));
                    }
                }
                default -> rows.add(of(events.event(i)));
            }
        }
    }

    private record Call(EventLook look, String source, long request) {}

    private EventRow ended(EventRow end) {
        return new EventRow(timeNanos, look, look.words(), id, end.result, event);
    }

    /** The rows of a picture, by time; empty when a lane of it shows no single events. */
    public static Optional<List<EventRow>> all(Picture picture) {
        List<EventRow> rows = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            if (!(picture.lane(lane) instanceof Picture.Exact exact)) {
                return Optional.empty();
            }
            add(exact.events(), rows);
        }
        for (Picture.LossSpan loss : picture.losses()) {
            rows.add(of(loss));
        }
        rows.sort(Comparator.comparingLong(EventRow::timeNanos));
        return Optional.of(rows);
    }
}
