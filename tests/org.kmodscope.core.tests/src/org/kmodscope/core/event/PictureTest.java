/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The picture against one that is made by looking at every event. */
class PictureTest {

    private static final int CAPACITY = 1024;

    /** An event with where it stands on the time axis, and the requests outstanding after it. */
    private record Placed(Event event, long at, int outstanding) {}

    private final EventModel model = new EventModel(CAPACITY, 10);
    private final int source = model.source("agent");
    private final List<Placed> placed = new ArrayList<>();
    private final Set<Long> outstanding = new HashSet<>();

    private void add(Event event) {
        Sent.record(model, source, event);
        switch (event.kind()) {
            case AIO_SUBMIT -> outstanding.add(event.request());
            case AIO_COMPLETE, AIO_CANCEL -> outstanding.remove(event.request());
            default -> {
                // Nothing is outstanding by it.
            }
        }
        long at =
                placed.isEmpty()
                        ? event.timeNanos()
                        : Math.max(placed.getLast().at, event.timeNanos());
        placed.add(new Placed(event, at, outstanding.size()));
    }

    private Picture picture(Viewport viewport) {
        return snapshot(viewport).picture().orElseThrow();
    }

    private EventSnapshot snapshot(Viewport viewport) {
        return model.snapshot(
                0, new boolean[EventModel.MOST_SOURCES], Optional.ofNullable(viewport));
    }

    private static boolean counts(Lane lane, EventKind kind) {
        return lane.kinds().contains(kind)
                && kind != EventKind.WRITE_END
                && kind != EventKind.READ_END
                && kind != EventKind.WORK_END;
    }

    private static boolean in(Lane lane, Event event) {
        if (event.kind() == EventKind.SIGNAL_GENERATED) {
            return lane == (event.band() == 0x304 ? Lane.SIGIO_OUT : Lane.SIGIO_IN);
        }
        return lane.kinds().contains(event.kind());
    }

    private static Event random(Random random, long time, EventKind[] kinds) {
        EventKind kind = kinds[random.nextInt(kinds.length)];
        return new Event(
                time,
                kind,
                0,
                1,
                kind == EventKind.LOST ? random.nextInt(500) : random.nextInt(20),
                random.nextInt(8),
                random.nextBoolean() ? 0x41 : 0x304,
                0);
    }

    @Test
    void columnsHoldWhatLookingAtEveryEventFinds() {
        Random random = Seeded.random(PictureTest.class);
        EventKind[] all = EventKind.values();
        for (int round = 0; round < 400; round++) {
            model.clear();
            placed.clear();
            outstanding.clear();
            EventKind[] kinds = new EventKind[1 + random.nextInt(8)];
            for (int each = 0; each < kinds.length; each++) {
                kinds[each] = all[1 + random.nextInt(all.length - 1)];
            }
            long time = random.nextInt(1000);
            for (int each = random.nextInt(3000); each > 0; each--) {
                time += random.nextInt(random.nextInt(50) == 0 ? 2000 : 20);
                add(random(random, time - random.nextInt(30), kinds));
            }
            long from = random.nextInt((int) time + 100);
            long span = 1 + random.nextInt(random.nextBoolean() ? 500 : 30_000);
            check(new Viewport.Fixed(from, from + span, 1 + random.nextInt(60)));
        }
    }

    /** Also those that were counted for the picture before and are taken from it. */
    @Test
    void columnsThatAreOverStayAsTheyWere() {
        Random random = Seeded.random(PictureTest.class);
        EventKind[] all = EventKind.values();
        for (int round = 0; round < 100; round++) {
            model.clear();
            placed.clear();
            outstanding.clear();
            EventKind[] kinds = new EventKind[1 + random.nextInt(4)];
            for (int each = 0; each < kinds.length; each++) {
                kinds[each] = all[1 + random.nextInt(all.length - 1)];
            }
            long time = random.nextInt(1000);
            long span = 1 + random.nextInt(random.nextBoolean() ? 500 : 20_000);
            int columns = 1 + random.nextInt(60);
            Viewport viewport =
                    random.nextInt(3) == 0
                            ? new Viewport.Fixed(time + 3000, time + 3000 + span, columns)
                            : new Viewport.Live(span, columns);
            for (int picture = 0; picture < 15; picture++) {
                for (int each = random.nextInt(300); each > 0; each--) {
                    time += random.nextInt(random.nextInt(50) == 0 ? 2000 : 20);
                    add(random(random, time - random.nextInt(30), kinds));
                }
                check(viewport);
            }
        }
    }

    private void check(Viewport wanted) {
        EventSnapshot snapshot = snapshot(wanted);
        Picture picture = snapshot.picture().orElseThrow();
        Viewport.Fixed viewport =
                new Viewport.Fixed(picture.fromNanos(), picture.toNanos(), picture.columns());
        long windowFrom = snapshot.window().map(EventSnapshot.TimeRange::fromNanos).orElse(0L);
        int kept = 0;
        // The window gives up whole blocks: find out how many are left by their number.
        if (placed.size() > CAPACITY) {
            kept = placed.size() - (CAPACITY - 64 + (placed.size() - 1) % 64 + 1);
        }
        List<Placed> window = placed.subList(kept, placed.size());
        if (!window.isEmpty()) {
            assertEquals(window.getFirst().event.timeNanos(), windowFrom);
        }
        assertEquals(kept > 0, snapshot.windowEvicted());
        List<Placed> shown =
                window.stream()
                        .filter(
                                each ->
                                        each.at >= viewport.fromNanos()
                                                && each.at < viewport.toNanos())
                        .toList();
        for (Lane lane : Lane.values()) {
            check(lane, viewport, picture, shown);
        }
        checkOutstanding(viewport, picture, window, shown, kept);
        // A loss is in it from where it stands on, or from where it reaches back to.
        long lost =
                window.stream()
                        .filter(each -> each.at >= viewport.fromNanos())
                        .map(Placed::event)
                        .filter(each -> each.kind() == EventKind.LOST)
                        .filter(each -> each.timeNanos() - each.request() <= viewport.toNanos())
                        .mapToLong(Event::result)
                        .sum();
        assertEquals(lost, picture.losses().stream().mapToLong(Picture.LossSpan::count).sum());
        boolean exact = shown.stream().noneMatch(each -> each.event.kind() == EventKind.OVERFLOW);
        assertTrue(exact || picture.losses().stream().anyMatch(each -> !each.exact()));
    }

    private static void check(
            Lane lane, Viewport.Fixed viewport, Picture picture, List<Placed> shown) {
        List<Event> events =
                shown.stream().map(Placed::event).filter(each -> in(lane, each)).toList();
        assertEquals(events.size(), picture.lane(lane).total(), lane.name());
        switch (picture.lane(lane)) {
            case Picture.Exact(EventTable table) -> {
                assertTrue(events.size() <= 2 * viewport.columns());
                List<Event> exact = new ArrayList<>();
                for (int each = 0; each < table.size(); each++) {
                    exact.add(table.event(each));
                }
                assertEquals(events, exact);
            }
            case Picture.Density density -> {
                assertTrue(events.size() > 2 * viewport.columns());
                checkDensity(lane, viewport, density, shown);
            }
        }
    }

    private static void checkDensity(
            Lane lane, Viewport.Fixed viewport, Picture.Density density, List<Placed> shown) {
        int parts = 8 * viewport.columns();
        long span = viewport.toNanos() - viewport.fromNanos();
        int[] counts = new int[parts];
        int[] marks = new int[viewport.columns()];
        for (Placed each : shown) {
            int part = 0;
            while (each.at >= viewport.fromNanos() + (part + 1) * span / parts) {
                part++;
            }
            Event event = each.event;
            if (in(lane, event) && counts(lane, event.kind())) {
                counts[part]++;
            }
            boolean warning = event.kind() == EventKind.KERNEL_LOG && event.result() <= 4;
            boolean mark =
                    Set.of(EventKind.AIO_CANCEL, EventKind.MARKER, EventKind.DEVICE_GONE)
                            .contains(event.kind());
            if (in(lane, event) && (warning || mark)) {
                marks[part / 8]++;
            }
        }
        int sum = 0;
        int peak = 0;
        for (int column = 0; column < viewport.columns(); column++) {
            int least = Integer.MAX_VALUE;
            int most = 0;
            int count = 0;
            for (int part = 8 * column; part < 8 * column + 8; part++) {
                least = Math.min(least, counts[part]);
                most = Math.max(most, counts[part]);
                count += counts[part];
            }
            assertEquals(count, density.count(column));
            assertEquals(least, density.min(column));
            assertEquals(most, density.max(column));
            int of = column;
            assertEquals(
                    marks[column],
                    density.marks().stream()
                            .filter(each -> each.column() == of)
                            .mapToInt(Picture.Mark::count)
                            .sum());
            sum += count;
            peak = Math.max(peak, most);
        }
        assertEquals(peak, density.peak());
        long counted =
                shown.stream()
                        .filter(each -> in(lane, each.event) && counts(lane, each.event.kind()))
                        .count();
        assertEquals(counted, sum, "the columns hold all of the lane");
    }

    private static void checkOutstanding(
            Viewport.Fixed viewport,
            Picture picture,
            List<Placed> window,
            List<Placed> shown,
            int kept) {
        long span = viewport.toNanos() - viewport.fromNanos();
        int columns = viewport.columns();
        int before =
                window.stream()
                        .filter(each -> each.at < viewport.fromNanos())
                        .reduce((one, other) -> other)
                        .map(Placed::outstanding)
                        .orElse(-1);
        if (before < 0) {
            // What was before the window is not known any more.
            if (kept > 0 || window.isEmpty()) {
                return;
            }
            before = 0;
        }
        int at = 0;
        for (int column = 0; column < columns; column++) {
            // Boundaries are those of eighths: exact, unlike those of whole columns.
            long to = viewport.fromNanos() + (8L * column + 8) * span / (8L * columns);
            int least = before;
            int most = before;
            for (; at < shown.size() && shown.get(at).at < to; at++) {
                before = shown.get(at).outstanding;
                least = Math.min(least, before);
                most = Math.max(most, before);
            }
            assertEquals(least, picture.outstandingMin(column));
            assertEquals(most, picture.outstandingMax(column));
        }
    }

    @Test
    void fewEventsAreExactAndManyAreNot() {
        for (int each = 0; each < 200; each++) {
            add(Sent.event(each, EventKind.SIGIO_IN, 1, 0, 0));
        }
        assertInstanceOf(
                Picture.Exact.class, picture(new Viewport.Fixed(0, 200, 100)).lane(Lane.SIGIO_IN));
        Picture.Density density =
                assertInstanceOf(
                        Picture.Density.class,
                        picture(new Viewport.Fixed(0, 200, 99)).lane(Lane.SIGIO_IN));
        assertEquals(200, density.total());
    }

    @Test
    void aLossIsSeenFromWhereItBegan() {
        add(Sent.event(1000, EventKind.SIGIO_IN));
        add(new Event(5000, EventKind.LOST, 0, 0, 3000, 9, 0, 0));
        add(Sent.event(6000, EventKind.SIGIO_IN));
        // The record of the loss lies behind this viewport, the loss does not.
        assertEquals(
                List.of(new Picture.LossSpan("agent", 2000, 5000, 9, true)),
                picture(new Viewport.Fixed(1500, 3000, 10)).losses());
        assertEquals(List.of(), picture(new Viewport.Fixed(500, 1500, 10)).losses());
    }

    @Test
    void lossesOfOneColumnAreOne() {
        for (int each = 0; each < 100; each++) {
            add(Sent.lost(1000 + each, 2));
        }
        add(Sent.event(1100, EventKind.OVERFLOW));
        add(Sent.lost(9000, 1));
        List<Picture.LossSpan> losses = picture(new Viewport.Fixed(0, 10_000, 10)).losses();
        assertEquals(
                List.of(
                        new Picture.LossSpan("agent", 1000, 1100, 200, false),
                        new Picture.LossSpan("agent", 9000, 9000, 1, true)),
                losses);
    }

    @Test
    void aLiveViewportEndsWithTheColumnThatIsNow() {
        add(Sent.event(1000, EventKind.SIGIO_IN));
        add(Sent.event(2000, EventKind.SIGIO_IN));
        // Eighths of ten columns: 1520 is the next that they divide.
        Picture ended = picture(new Viewport.Live(1500, 10));
        assertEquals(2, ended.lane(Lane.SIGIO_IN).total(), "the last event is in it");
        assertEquals(2128, ended.toNanos());
        assertEquals(1520, ended.toNanos() - ended.fromNanos());
        assertEquals(5016, live(5000).picture().orElseThrow().toNanos());
        assertEquals(5016, live(5015).picture().orElseThrow().toNanos());
        assertEquals(5168, live(5016).picture().orElseThrow().toNanos());
        assertEquals(5016, live(5016).nowNanos());
    }

    private EventSnapshot live(long now) {
        return model.snapshot(
                now,
                new boolean[EventModel.MOST_SOURCES],
                Optional.of(new Viewport.Live(1500, 10)));
    }

    @Test
    void anEmptyModelHasAnEmptyPicture() {
        Picture picture = picture(new Viewport.Fixed(0, 100, 10));
        for (Lane lane : Lane.values()) {
            assertEquals(0, picture.lane(lane).total());
        }
        assertEquals(List.of(), picture.losses());
        assertEquals(0, picture.outstandingMax(9));
    }

    @Test
    void viewportsThatShowNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Viewport.Fixed(5, 5, 10));
        assertThrows(IllegalArgumentException.class, () -> new Viewport.Fixed(0, 5, 0));
        assertThrows(IllegalArgumentException.class, () -> new Viewport.Fixed(0, 5, 8193));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Viewport.Fixed(Long.MIN_VALUE, Long.MAX_VALUE, 10));
        assertThrows(IllegalArgumentException.class, () -> new Viewport.Live(0, 10));
    }
}
