/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;

/**
 * All that is known of a recording, in bounded memory: totals, the window of the latest records,
 * rates, latencies. Owned by one thread; others see {@link EventSnapshot}s.
 */
final class EventModel implements EventMerge.Output {

    /** How many names of sources there may be. */
    static final int MOST_SOURCES = 64;

    private static final String OTHERS = "others";

    /** How many armed descriptors are followed at once; the one silent longest is given up. */
    private static final int MOST_TRACKERS = 16;

    private static final long MOST_NANOS = Long.MAX_VALUE >>> 2;

    private final EventWindow window;
    private final RateBuckets rates = new RateBuckets();
    private final LatencyBook latencies = new LatencyBook();
    private final AioTracker requests = new AioTracker(latencies);
    private final Comparison comparison = new Comparison(latencies);
    private final WriteLog writes = new WriteLog();
    private final List<Tracked> tracked = new ArrayList<>();
    private final List<Totals> sources = new ArrayList<>();
    private final int latest;
    private String[] names = new String[0];
    private Optional<Columns> columns = Optional.empty();
    private long number;
    private long late;
    private long firstTime;

    /** A descriptor whose signals are followed. */
    private record Tracked(int source, int stream, NotificationTracker tracker) {}

    /** What one source told, from the beginning. */
    private static final class Totals {
        private final long[] outcomes = new long[SignalOutcome.COUNT];
        private final GeneratedSignals signals = new GeneratedSignals();
        private final long[] counts = new long[RateBuckets.KINDS];
        private long lost;
        private boolean lossExact = true;
    }

    /**
     * @param capacity records of the window, a power of two
     * @param latest how many records a snapshot's table has
     */
    EventModel(int capacity, int latest) {
        window = new EventWindow(capacity);
        this.latest = latest;
    }

    /** Adds two counts that are not negative; what is too large stays at the largest. */
    static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** The number of the source with this name; one for all when there are too many names. */
    int source(String name) {
        for (int source = 0; source < names.length; source++) {
            if (names[source].equals(name)) {
                return source;
            }
        }
        if (names.length == MOST_SOURCES - 1 && !name.equals(OTHERS)) {
            return source(OTHERS);
        }
        // Tables of earlier snapshots keep the array they were made with.
        String[] more = new String[names.length + 1];
        System.arraycopy(names, 0, more, 0, names.length);
        more[names.length] = name;
        names = more;
        sources.add(new Totals());
        return names.length - 1;
    }

    String name(int source) {
        return names[source];
    }

    void clear() {
        window.clear();
        columns = Optional.empty();
        rates.clear();
        latencies.clear();
        requests.clear();
        comparison.clear();
        tracked.clear();
        sources.replaceAll(old -> new Totals());
        late = 0;
    }

    @Override
    public void record(int source, long time, long head, long request, long result, long tail) {
        EventKind kind = EventCodec.kind(head);
        Totals totals = sources.get(source);
        if (window.isEmpty()) {
            firstTime = time;
        } else if (time < window.latestTime()) {
            late++;
        }
        firstTime = Math.min(firstTime, time);
        totals.counts[kind.code()]++;
        if (kind.isLoss()) {
            boolean exact =
                    kind == EventKind.LOST
                            && (EventCodec.flags(head) & EventCodec.FLAG_COUNT_UNKNOWN) == 0;
            long count = kind == EventKind.LOST ? Math.max(0, result) : 0;
            totals.lost = sum(totals.lost, count);
            totals.lossExact &= exact;
            rates.loss(time, count, exact);
        } else {
            rates.event(kind, time);
        }
        if (kind == EventKind.SIGNAL_GENERATED && SignalOutcome.isKnown(result)) {
            totals.outcomes[(int) result]++;
        }
        follow(source, time, head, request, result);
        window.append(source, time, head, request, result, tail, requests.outstanding());
    }

    private void follow(int source, long time, long head, long request, long result) {
        int stream = EventCodec.stream(head);
        EventKind kind = EventCodec.kind(head);
        comparison.follow(kind, source, time, call(source, request), result);
        switch (kind) {
            case WRITE_START -> {
                long call = call(source, request);
                for (Tracked each : tracked) {
                    each.tracker.writeStarted(time, call);
                }
                writes.started(time, call);
                sources.get(source).signals.writeStarted(time);
            }
            case WRITE_END -> {
                sources.get(source).signals.writeEnded();
                if (result <= 0) {
                    long call = call(source, request);
                    for (Tracked each : tracked) {
                        each.tracker.writeFailed(call);
                    }
                    writes.failed(call);
                }
            }
            case SIGIO_IN -> {
                // What a poll found after an overflow is no signal.
                if ((EventCodec.flags(head) & EventCodec.FLAG_RESYNC) == 0) {
                    NotificationTracker tracker = tracker(source, stream, time);
                    if (request == 0) {
                        tracker.signal(time);
                    } else {
                        tracker.caused(time, arrived(source, request, time));
                    }
                }
            }
            case SIGIO_OUT, SIGIO_OTHER -> {
                if (request != 0) {
                    arrived(source, request, time);
                }
            }
            case SIGNAL_GENERATED -> {
                if (request != 0) {
                    boolean own = (EventCodec.flags(head) & EventCodec.FLAG_OWN_WRITE) != 0;
                    sources.get(source).signals.generated(request, time, own);
                }
            }
            case READ_START -> {
                NotificationTracker tracker = find(source, stream);
                if (tracker != null) {
                    tracker.readStarted(time, request);
                }
            }
            case READ_END -> {
                NotificationTracker tracker = find(source, stream);
                if (tracker != null) {
                    tracker.readEnded(time, request, result);
                }
            }
            case AIO_SUBMIT -> requests.submitted(source, stream, request, time);
            case AIO_COMPLETE -> requests.ended(source, stream, request, time, true);
            case AIO_CANCEL -> requests.ended(source, stream, request, time, false);
            case OVERFLOW, LOST -> {
                // It may have been a write of another source's signals: all are in doubt.
                for (Tracked each : tracked) {
                    each.tracker.forget(time);
                }
                writes.forget(time);
                sources.forEach(each -> each.signals.forgetWrites());
                requests.doubt(source);
            }
            case UNKNOWN, WORK_START, WORK_END, KERNEL_LOG, MARKER, DEVICE_GONE -> {
                // No hop begins or ends here.
            }
        }
    }

    /** The start of the write that caused a numbered signal, or NO_WRITE. */
    private long arrived(int source, long number, long time) {
        GeneratedSignals signals = sources.get(source).signals;
        if (!signals.arrived(number)) {
            latencies.unmatched(Hop.GENERATED_TO_SIGIO, source, 1);
            return GeneratedSignals.NO_WRITE;
        }
        latencies.measured(Hop.GENERATED_TO_SIGIO, source, time, time - signals.time());
        return signals.write();
    }

    /** One number for a call of any source. */
    private static long call(int source, long request) {
        return request * MOST_SOURCES + source;
    }

    private @Nullable NotificationTracker find(int source, int stream) {
        for (Tracked each : tracked) {
            if (each.stream == stream && each.source == source) {
                return each.tracker;
            }
        }
        return null;
    }

    private NotificationTracker tracker(int source, int stream, long time) {
        NotificationTracker known = find(source, stream);
        if (known != null) {
            return known;
        }
        if (tracked.size() == MOST_TRACKERS) {
            int silent = 0;
            for (int each = 1; each < tracked.size(); each++) {
                if (tracked.get(each).tracker.lastSignal()
                        < tracked.get(silent).tracker.lastSignal()) {
                    silent = each;
                }
            }
            tracked.remove(silent).tracker.forget(time);
        }
        NotificationTracker tracker = new NotificationTracker(source, latencies, writes, time);
        tracked.add(new Tracked(source, stream, tracker));
        return tracker;
    }

    /** Tells that nothing has come for a while; whether something new is known by that. */
    boolean settle() {
        boolean news = false;
        for (Tracked each : tracked) {
            news |= each.tracker.settle();
        }
        return news;
    }

    /**
     * What is known now.
     *
     * @param now what the target's clock shows, at least
     * @param running whether the source of each number runs
     * @param viewport what to make a picture of
     */
    EventSnapshot snapshot(long now, boolean[] running, Optional<Viewport> viewport) {
        long nowNanos = window.isEmpty() ? now : Math.max(now, window.latestTime());
        Rates ratesNow = rates.snapshot(nowNanos);
        List<EventSnapshot.SourceTotals> totals = new ArrayList<>();
        long events = 0;
        long lost = 0;
        boolean exact = true;
        for (int source = 0; source < names.length; source++) {
            EventSnapshot.SourceTotals each =
                    totals(names[source], running[source], sources.get(source));
            totals.add(each);
            events += each.events();
            lost = sum(lost, each.lost());
            exact &= each.lossExact();
        }
        return new EventSnapshot(
                ++number,
                events,
                lost,
                exact,
                late,
                List.copyOf(totals),
                range(firstTime),
                range(window.isEmpty() ? 0 : window.time(window.first())),
                window.first() > 0,
                nowNanos,
                ratesNow,
                latencies.rows(names, rates.first(), ratesNow.buckets()),
                comparison.totals(names, nowNanos),
                latestTable(),
                viewport.map(each -> picture(fixed(each, nowNanos), nowNanos)));
    }

    private Picture picture(Viewport.Fixed viewport, long now) {
        List<Turn> turns = comparison.within(viewport, names, now);
        Columns next = Columns.of(window, viewport, columns);
        columns = Optional.of(next);
        return PictureMaker.make(window, names, viewport, next, turns);
    }

    private Optional<EventSnapshot.TimeRange> range(long from) {
        return window.isEmpty()
                ? Optional.empty()
                : Optional.of(new EventSnapshot.TimeRange(from, window.latestTime()));
    }

    private static EventSnapshot.SourceTotals totals(String name, boolean running, Totals from) {
        Map<EventKind, Long> counts = new EnumMap<>(EventKind.class);
        for (EventKind kind : EventKind.values()) {
            if (from.counts[kind.code()] > 0) {
                counts.put(kind, from.counts[kind.code()]);
            }
        }
        Map<SignalOutcome, Long> outcomes = new EnumMap<>(SignalOutcome.class);
        for (int each = 0; each < SignalOutcome.COUNT; each++) {
            if (from.outcomes[each] > 0) {
                outcomes.put(SignalOutcome.of(each), from.outcomes[each]);
            }
        }
        return new EventSnapshot.SourceTotals(
                name,
                running,
                Collections.unmodifiableMap(counts),
                Collections.unmodifiableMap(outcomes),
                from.lost,
                from.lossExact);
    }

    private EventTable latestTable() {
        long from = Math.max(window.first(), window.end() - latest);
        EventTable.Builder table = new EventTable.Builder(names, (int) (window.end() - from));
        for (long position = from; position < window.end(); position++) {
            window.copy(position, table);
        }
        return table.build();
    }

    /** A live one ends with a column of a grid, so that its columns keep their places. */
    private static Viewport.Fixed fixed(Viewport viewport, long now) {
        return switch (viewport) {
            case Viewport.Fixed fixed -> fixed;
            case Viewport.Live(long span, int columns) -> {
                // What a broken clock says must not make a stretch of time that is none.
                long to = Math.clamp(now, -MOST_NANOS, MOST_NANOS) + 1;
                long width = Columns.width(Math.min(span, MOST_NANOS), columns);
                long end = Math.ceilDiv(to, width) * width;
                yield new Viewport.Fixed(end - width * columns, end, columns);
            }
        };
    }
}
