/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.core.KmodscopeException;

@Timeout(60)
class EventRecorderTest implements EventRecorder.Listener {

    private final BlockingQueue<EventSnapshot> snapshots = new LinkedBlockingQueue<>();
    private final BlockingQueue<SourceEnd> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<KmodscopeException> failures = new LinkedBlockingQueue<>();
    private final EventRecorder recorder =
            EventRecorder.start(EventRecorder.Settings.defaults().withWindowEvents(1 << 14), this);

    private final AtomicInteger merged = new AtomicInteger();
    private final AtomicInteger mergedAtEnd = new AtomicInteger();

    @Override
    public void published(EventSnapshot snapshot) {
        snapshots.add(snapshot);
    }

    @Override
    public void ended(SourceEnd end) {
        mergedAtEnd.set(merged.get());
        ends.add(end);
    }

    @Override
    public void failed(KmodscopeException failure) {
        failures.add(failure);
    }

    @AfterEach
    void noThreadIsLeft() {
        recorder.close();
        recorder.close();
        Set<String> left =
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("kmodscope-"))
                        .collect(Collectors.toSet());
        assertEquals(Set.of(), left);
    }

    /** Waits for a snapshot that is as it should be. */
    private EventSnapshot await(Predicate<EventSnapshot> wanted) throws InterruptedException {
        while (true) {
            EventSnapshot next = snapshots.poll(10, TimeUnit.SECONDS);
            assertNotEquals(null, next, "no such snapshot within ten seconds");
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    @Test
    void streamsWithNamesAreSourcesOfTheirOwn() throws Exception {
        Scripted two =
                new Scripted(
                        "bridge",
                        (source, sink) -> {
                            EventCodec.send(Sent.event(1, EventKind.SIGIO_IN, 1, 0, 0), sink);
                            EventCodec.send(Sent.event(2, EventKind.READ_END, 2, 1, 1), sink);
                            EventCodec.send(Sent.event(3, EventKind.READ_END, 2, 2, 1), sink);
                            EventCodec.send(Sent.lost(4, 5), sink);
                            source.stopped.await();
                        }) {
                    @Override
                    public List<String> streams() {
                        return List.of("bridge:sigio", "bridge:poll");
                    }
                };
        recorder.attach(two);
        EventSnapshot running = await(snapshot -> snapshot.lost() == 5);
        assertEquals(
                List.of("bridge", "bridge:sigio", "bridge:poll"),
                running.sources().stream().map(EventSnapshot.SourceTotals::name).toList());
        assertTrue(running.sources().stream().allMatch(EventSnapshot.SourceTotals::running));
        EventSnapshot end = recorder.finish();
        assertEquals(5, end.sources().get(0).lost());
        assertEquals(1, end.sources().get(1).events());
        assertEquals(2, end.sources().get(2).events());
        assertTrue(end.sources().stream().noneMatch(EventSnapshot.SourceTotals::running));
    }

    @Test
    void sourcesAreMergedByTime() throws Exception {
        recorder.attach(
                Scripted.waiting(
                        "agent",
                        Sent.event(1000, EventKind.WRITE_START, 0, 1, 0),
                        Sent.event(3000, EventKind.WRITE_END, 0, 1, 64)));
        recorder.attach(
                Scripted.waiting(
                        "bridge",
                        Sent.event(2000, EventKind.SIGIO_IN, 1, 0, 0),
                        Sent.event(4000, EventKind.READ_START, 1, 1, 0)));
        EventSnapshot running = await(each -> each.events() == 4);
        assertTrue(running.sources().stream().allMatch(EventSnapshot.SourceTotals::running));
        EventTable table = running.latest();
        for (int each = 0; each < 4; each++) {
            assertEquals(1000L * (each + 1), table.timeNanos(each));
            assertEquals(each % 2 == 0 ? "agent" : "bridge", table.source(each));
        }
        assertEquals(0, running.late());
        EventSnapshot last = recorder.finish();
        assertEquals(4, last.events());
        assertEquals(0, last.lost());
        assertTrue(last.lossExact());
        assertEquals(1, last.count(EventKind.SIGIO_IN));
        assertFalse(last.sources().stream().anyMatch(EventSnapshot.SourceTotals::running));
        assertEquals(2, ends.size());
    }

    @Test
    void anEndIsToldWhenAllIsInTheModel() throws Exception {
        Event[] many = new Event[5000];
        for (int each = 0; each < many.length; each++) {
            many[each] = Sent.event(each, EventKind.SIGIO_IN);
        }
        // Another one that goes on keeps the first in the reorder window for a while.
        recorder.attach(Scripted.waiting("bridge"));
        recorder.write((source, time, head, request, result, tail) -> merged.incrementAndGet());
        recorder.attach(Scripted.events("agent", many));
        assertEquals(new SourceEnd("agent", Optional.empty()), ends.poll(10, TimeUnit.SECONDS));
        assertEquals(5000, mergedAtEnd.get());
    }

    @Test
    void aFloodIsReceivedOrCounted() throws Exception {
        long sent = 5_000_000;
        recorder.attach(
                new Scripted(
                        "flood",
                        (source, sink) -> {
                            long head = EventCodec.head(EventKind.SIGIO_IN, 0, 1);
                            for (long each = 0; each < sent; each++) {
                                sink.accept(each, head, 0, 0, 0);
                            }
                        }));
        ends.poll(30, TimeUnit.SECONDS);
        EventSnapshot last = recorder.finish();
        assertEquals(sent, last.events() + last.lost());
        assertTrue(last.events() > 0);
        assertTrue(last.lossExact());
        assertTrue(last.windowEvicted());
        System.out.println("flood: " + last.events() + " received, " + last.lost() + " lost");
    }

    @Test
    void howASourceBrokeIsToldAndWhatItToldStays() throws Exception {
        KmodscopeException broke =
                new KmodscopeException(KmodscopeException.Kind.LAB, "The lab vanished.", "");
        EventPump pump =
                recorder.attach(
                        new Scripted(
                                "agent",
                                (source, sink) -> {
                                    EventCodec.send(Sent.event(5, EventKind.SIGIO_IN), sink);
                                    throw broke;
                                }));
        SourceEnd end = ends.poll(10, TimeUnit.SECONDS);
        assertSame(broke, end.failure().orElseThrow());
        assertEquals(Optional.of(end), pump.end());
        assertFalse(pump.running());
        assertEquals(1, recorder.finish().events());
    }

    @Test
    void aDefectOfASourceIsAFailureToo() throws Exception {
        Scripted source =
                new Scripted(
                        "agent",
                        (self, sink) -> {
                            throw new IllegalStateException("oops");
                        });
        recorder.attach(source);
        KmodscopeException failure = ends.poll(10, TimeUnit.SECONDS).failure().orElseThrow();
        assertTrue(failure.getMessage().contains("oops"));
        assertTrue(source.closed.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aPumpThatIsClosedEndsItsSourceOnly() throws Exception {
        EventPump one =
                recorder.attach(Scripted.waiting("agent", Sent.event(1, EventKind.SIGIO_IN)));
        EventPump other = recorder.attach(Scripted.waiting("bridge"));
        one.close();
        assertFalse(one.running());
        assertEquals(Optional.empty(), one.end().orElseThrow().failure());
        assertTrue(other.running());
        assertEquals("agent", ends.poll(10, TimeUnit.SECONDS).source());
        // The same name again goes on with the same totals.
        recorder.attach(Scripted.events("agent", Sent.event(2, EventKind.SIGIO_IN)));
        assertEquals(2, await(each -> each.events() == 2).sources().getFirst().events());
        assertTrue(recorder.snapshot().sources().size() == 2);
    }

    @Test
    void clearForgetsButGoesOn() throws Exception {
        CountDownLatch cleared = new CountDownLatch(1);
        recorder.attach(
                new Scripted(
                        "agent",
                        (source, sink) -> {
                            EventCodec.send(Sent.lost(1, 9), sink);
                            EventCodec.send(Sent.event(2, EventKind.SIGIO_IN), sink);
                            assertTrue(cleared.await(10, TimeUnit.SECONDS));
                            EventCodec.send(Sent.event(3, EventKind.SIGIO_OUT), sink);
                            source.stopped.await();
                        }));
        await(each -> each.events() == 1 && each.lost() == 9);
        recorder.clear();
        EventSnapshot empty = await(each -> each.events() == 0);
        assertEquals(0, empty.lost());
        assertEquals(Optional.empty(), empty.recorded());
        assertEquals(0, empty.latest().size());
        cleared.countDown();
        EventSnapshot next = await(each -> each.events() == 1);
        assertEquals(1, next.count(EventKind.SIGIO_OUT));
        assertEquals(3, next.recorded().orElseThrow().fromNanos());
    }

    @Test
    void aViewportIsAnsweredWithoutNewEvents() throws Exception {
        recorder.attach(Scripted.events("agent", Sent.event(1000, EventKind.SIGIO_IN)));
        await(each -> each.events() == 1);
        recorder.requestViewport(new Viewport.Fixed(0, 2000, 10));
        EventSnapshot seen = await(each -> each.picture().isPresent());
        assertEquals(1, seen.picture().orElseThrow().lane(Lane.SIGIO_IN).total());
        recorder.requestViewport(new Viewport.Fixed(0, 500, 10));
        EventSnapshot next = await(each -> each.picture().orElseThrow().toNanos() == 500);
        assertEquals(0, next.picture().orElseThrow().lane(Lane.SIGIO_IN).total());
    }

    @Test
    void aLiveViewportMovesWhileASourceRuns() throws Exception {
        long start = System.nanoTime();
        recorder.requestViewport(new Viewport.Live(1_000_000_000, 100));
        EventPump pump =
                recorder.attach(Scripted.waiting("agent", Sent.event(start, EventKind.SIGIO_IN)));
        long first = await(each -> each.events() == 1).picture().orElseThrow().toNanos();
        await(each -> each.picture().orElseThrow().toNanos() > first + 100_000_000);
        pump.close();
        EventSnapshot last = recorder.finish();
        long column = 10_000_000;
        assertEquals(
                Math.ceilDiv(start + 1, column) * column, last.picture().orElseThrow().toNanos());
    }

    @Test
    void aListenerThatThrowsIsReportedAtTheEnd() {
        EventRecorder careless =
                EventRecorder.start(
                        EventRecorder.Settings.defaults().withWindowEvents(128),
                        new EventRecorder.Listener() {
                            @Override
                            public void published(EventSnapshot snapshot) {
                                throw new IllegalStateException("disposed");
                            }
                        });
        careless.attach(Scripted.events("agent", Sent.event(1, EventKind.SIGIO_IN)));
        KmodscopeException failure = assertThrows(KmodscopeException.class, careless::finish);
        assertTrue(failure.getMessage().contains("disposed"));
    }

    @Test
    void aSourceThatDoesNotStopIsAbandonedAndTold() throws Exception {
        recorder.attach(
                new Scripted(
                        "deaf",
                        (source, sink) -> {
                            EventCodec.send(Sent.event(1, EventKind.SIGIO_IN), sink);
                            source.closed.await();
                        }));
        assertEquals(1, recorder.finish().events());
        KmodscopeException failure = ends.poll().failure().orElseThrow();
        assertTrue(failure.getMessage().contains("\"deaf\" did not stop within 5 seconds"));
    }

    @Test
    void aListenerCannotWaitForItsRecorder() throws Exception {
        CountDownLatch refused = new CountDownLatch(2);
        List<EventRecorder> self = new ArrayList<>();
        try (EventRecorder other =
                EventRecorder.start(
                        EventRecorder.Settings.defaults().withWindowEvents(128),
                        new EventRecorder.Listener() {
                            @Override
                            public void ended(SourceEnd end) {
                                assertThrows(IllegalStateException.class, self.get(0)::close);
                                refused.countDown();
                                assertThrows(
                                        IllegalStateException.class,
                                        () -> self.get(0).attach(Scripted.events("more")));
                                refused.countDown();
                            }
                        })) {
            self.add(other);
            other.attach(Scripted.events("agent"));
            assertTrue(refused.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void afterTheEndNothingIsAttached() {
        recorder.close();
        assertThrows(IllegalStateException.class, () -> recorder.attach(Scripted.events("agent")));
    }

    @Test
    void finishWaitsForWhatAStoppedSourceStillTells() throws Exception {
        recorder.attach(
                new Scripted(
                        "agent",
                        (source, sink) -> {
                            source.stopped.await();
                            for (int each = 0; each < 50_000; each++) {
                                EventCodec.send(Sent.event(each, EventKind.SIGIO_IN), sink);
                            }
                        }));
        EventSnapshot last = recorder.finish();
        assertEquals(50_000, last.events() + last.lost());
    }
}
