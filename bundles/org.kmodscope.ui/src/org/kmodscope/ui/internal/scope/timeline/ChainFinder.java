/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventTable;
import org.kmodscope.core.event.Lane;
import org.kmodscope.core.event.Picture;
import org.kmodscope.ui.internal.visual.EventLook;

/**
 * Finds which events of a picture belong together. Where the kernel tells in which write it
 * generated a signal, the signal's number joins them, whatever was lost. Elsewhere nothing in a
 * signal names the write that caused it: order tells, as long as nothing was lost and the numbers
 * come out even. Where they do not, a chain ends with what is certain.
 */
public final class ChainFinder {

    /** Without writes and signals for so long, none is on its way. */
    private static final long QUIET_NANOS = 1_000_000;

    private static final class Draft {
        private final Event write;
        private @Nullable Event writeEnd;
        private @Nullable Event generated;
        private @Nullable Event signal;
        private @Nullable Event read;
        private @Nullable Event readEnd;

        Draft(Event write) {
            this.write = write;
        }
    }

    private final List<Draft> drafts = new ArrayList<>();
    private final List<Chain> requests = new ArrayList<>();
    private final Deque<Draft> unsignalled = new ArrayDeque<>();
    private final Deque<Draft> unread = new ArrayDeque<>();
    private final List<Draft> episode = new ArrayList<>();

    /** By the number of the signal that the kernel generated in the write. */
    private final Map<Long, Draft> told = new HashMap<>();

    /** The write calls that go on. */
    private final List<Draft> open = new ArrayList<>();

    private @Nullable Event readStart;
    private boolean sure = true;
    private long signals;
    private long lastActivity;

    private ChainFinder() {}

    /**
     * All chains of a picture, by the time of their causes; none where it shows no single events.
     */
    public static List<Chain> find(Picture picture) {
        ChainFinder finder = new ChainFinder();
        finder.walk(picture);
        List<Chain> chains = new ArrayList<>();
        for (Draft draft : finder.drafts) {
            chains.add(chain(draft));
        }
        chains.addAll(finder.requests);
        chains.sort(
                (a, b) ->
                        Long.compare(
                                a.start().orElse(Long.MAX_VALUE),
                                b.start().orElse(Long.MAX_VALUE)));
        return chains;
    }

    /** The chain that an event belongs to. */
    public static Optional<Chain> of(List<Chain> chains, Event event) {
        return chains.stream().filter(chain -> chain.holds(event)).findFirst();
    }

    private void walk(Picture picture) {
        if (!(picture.lane(Lane.WRITE) instanceof Picture.Exact writes)
                || !(picture.lane(Lane.SIGIO_IN) instanceof Picture.Exact signals)
                || !(picture.lane(Lane.READ) instanceof Picture.Exact reads)) {
            requests(picture);
            return;
        }
        EventTable[] tables = {writes.events(), signals.events(), reads.events()};
        int[] next = new int[tables.length];
        int losses = 0;
        while (true) {
            int earliest = -1;
            for (int t = 0; t < tables.length; t++) {
                if (next[t] < tables[t].size()
                        && (earliest < 0
                                || tables[t].timeNanos(next[t])
                                        < tables[earliest].timeNanos(next[earliest]))) {
                    earliest = t;
                }
            }
            if (earliest < 0) {
                break;
            }
            Event event = tables[earliest].event(next[earliest]++);
            while (losses < picture.losses().size()
                    && picture.losses().get(losses).fromNanos() <= event.timeNanos()) {
                forget(picture.losses().get(losses++));
            }
            step(event);
        }
        requests(picture);
    }

    /** After a loss only a pause tells that no signal of a lost write is on its way. */
    private void active(Event event) {
        sure |= event.timeNanos() - lastActivity >= QUIET_NANOS;
        lastActivity = event.timeNanos();
    }

    private void step(Event event) {
        switch (event.kind()) {
            case WRITE_START -> {
                Draft draft = new Draft(event);
                drafts.add(draft);
                open.add(draft);
                active(event);
                if (sure) {
                    if (unsignalled.isEmpty()) {
                        episode.clear();
                    }
                    episode.add(draft);
                    unsignalled.add(draft);
                }
            }
            case WRITE_END -> writeEnded(event);
            case SIGNAL_GENERATED -> {
                boolean own = (event.flags() & EventCodec.FLAG_OWN_WRITE) != 0;
                // With two calls at once it is not known which.
                if (own && open.size() == 1) {
                    Draft cause = open.getFirst();
                    cause.generated = event;
                    told.put(event.request(), cause);
                }
            }
            case SIGIO_IN -> {
                active(event);
                if (event.request() != 0) {
                    Draft cause = told.getOrDefault(event.request(), new Draft(event));
                    cause.signal = event;
                    unread.add(cause);
                } else if (unsignalled.isEmpty()) {
                    // Somebody else's write: nothing since the last quiet moment is certain.
                    discard();
                } else {
                    Draft cause = unsignalled.remove();
                    signals++;
                    cause.signal = event;
                    unread.add(cause);
                }
            }
            case READ_START -> readStart = event;
            case READ_END -> readEnded(event);
            default -> {}
        }
    }

    private void writeEnded(Event end) {
        for (int i = drafts.size() - 1; i >= 0 && i > drafts.size() - 64; i--) {
            Draft draft = drafts.get(i);
            if (draft.write.request() == end.request() && draft.writeEnd == null) {
                draft.writeEnd = end;
                open.remove(draft);
                if (end.result() <= 0) {
                    unsignalled.remove(draft);
                }
                return;
            }
        }
    }

    private void readEnded(Event end) {
        Event start = readStart;
        readStart = null;
        if (start == null || start.request() != end.request()) {
            return;
        }
        if (end.result() <= 0) {
            // Nothing was left to read: what was signalled so far has been read already.
            unread.removeIf(draft -> isBefore(draft.signal, start));
            return;
        }
        Draft first = unread.isEmpty() ? null : unread.getFirst();
        if (first != null && isBefore(first.signal, start)) {
            unread.remove();
            first.read = start;
            first.readEnd = end;
        }
    }

    private static boolean isBefore(@Nullable Event signal, Event read) {
        return signal != null && signal.timeNanos() <= read.timeNanos();
    }

    private void discard() {
        for (Draft draft : episode) {
            draft.signal = null;
            draft.read = null;
            draft.readEnd = null;
        }
        episode.clear();
        unsignalled.clear();
        unread.clear();
        // At the left edge of a picture some signals answer writes that are not in it.
        sure &= signals == 0;
    }

    /** What waits for its partner at a loss waits in vain. */
    private void forget(Picture.LossSpan loss) {
        episode.clear();
        unsignalled.clear();
        unread.clear();
        open.clear();
        readStart = null;
        sure = false;
        lastActivity = Math.max(lastActivity, loss.toNanos());
    }

    private static Chain chain(Draft draft) {
        Optional<Event> writeEnd = optional(draft.writeEnd);
        Optional<Event> readEnd = optional(draft.readEnd);
        String write = writeEnd.map(end -> "write = " + end.result()).orElse("write, no end seen");
        String read = readEnd.map(end -> "read = " + end.result()).orElse("read");
        List<Chain.Link> links = new ArrayList<>();
        links.add(new Chain.Link(EventLook.WRITE, write, Optional.of(draft.write), writeEnd));
        if (draft.generated != null) {
            links.add(moment(EventLook.GENERATED_IN, "SIGIO generated", draft.generated));
        }
        links.add(moment(EventLook.SIGIO_IN, "SIGIO delivered", draft.signal));
        links.add(new Chain.Link(EventLook.READ, read, optional(draft.read), readEnd));
        return new Chain(draft.write.request(), List.copyOf(links), false);
    }

    private static Chain.Link moment(EventLook look, String title, @Nullable Event event) {
        return new Chain.Link(look, title, optional(event), Optional.empty());
    }

    private static Optional<Event> optional(@Nullable Event event) {
        return event == null ? Optional.empty() : Optional.of(event);
    }

    private void requests(Picture picture) {
        if (!(picture.lane(Lane.AIO) instanceof Picture.Exact exact)) {
            return;
        }
        EventTable events = exact.events();
        OpenSpans open = new OpenSpans();
        for (int i = 0; i < events.size(); i++) {
            EventKind kind = events.kind(i);
            if (kind == EventKind.AIO_SUBMIT) {
                open.open(i);
                continue;
            }
            int start = open.close(events, i);
            if (start != Marks.NONE) {
                Event end = events.event(i);
                String how = kind == EventKind.AIO_CANCEL ? "cancelled" : "done = " + end.result();
                requests.add(
                        new Chain(
                                end.request(),
                                List.of(
                                        new Chain.Link(
                                                EventLook.AIO_SUBMIT,
                                                "submitted",
                                                Optional.of(events.event(start)),
                                                Optional.empty()),
                                        new Chain.Link(
                                                EventLook.of(kind, 0),
                                                how,
                                                Optional.of(end),
                                                Optional.empty())),
                                crosses(picture, events.timeNanos(start), end.timeNanos())));
            }
        }
    }

    private static boolean crosses(Picture picture, long from, long to) {
        return picture.losses().stream()
                .anyMatch(loss -> loss.fromNanos() < to && loss.toNanos() > from);
    }
}
