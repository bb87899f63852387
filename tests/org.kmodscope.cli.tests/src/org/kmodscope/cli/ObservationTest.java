/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.cli.ReplaySession.event;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Interruptions;
import org.kmodscope.cli.internal.terminal.Screen;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCsv;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.TargetEnd;

@Timeout(60)
class ObservationTest {

    private static final Event[] TWO_WRITES = {
        event(0, 1_000, EventKind.WRITE_START, 1, 0),
        event(1, 1_010, EventKind.WRITE_END, 1, 16),
        event(2, 1_100, EventKind.SIGIO_IN, 0, 0),
        event(3, 1_110, EventKind.READ_START, 1, 0),
        event(4, 1_150, EventKind.READ_END, 1, 16),
        event(5, 2_000, EventKind.WRITE_START, 2, 0),
        event(6, 2_010, EventKind.WRITE_END, 2, 16),
        event(7, 2_300, EventKind.SIGIO_IN, 0, 0),
        event(8, 2_310, EventKind.READ_START, 2, 0),
        event(9, 2_350, EventKind.READ_END, 2, 16),
    };

    @TempDir Path place;

    private final Screen screen = Screen.pipes();
    private final Interruption interruption = new Interruption(Thread.currentThread(), () -> {});

    private Observation observation(ReplaySession session, Optional<Duration> time) {
        Observation.Plan plan =
                new Observation.Plan(
                        "/dev/globalfifo",
                        false,
                        time,
                        (target, monitor) ->
                                Optional.of(
                                        target.stimulate(
                                                new Stimulus("/dev/globalfifo", 1, 16, 1),
                                                monitor)),
                        true);
        Steps steps = new Steps(screen.terminal(), interruption);
        return new Observation(session, plan, steps);
    }

    private String watch(Event... events) throws Exception {
        ReplaySession session = new ReplaySession(events);
        WatchDisplay display = new WatchDisplay(screen.terminal(), session.info());
        Observation.Seen seen = observation(session, Optional.empty()).run(List.of(), display);
        assertEquals(Optional.empty(), seen.broken());
        display.end(seen);
        return screen.out();
    }

    @Test
    void aRecordedStreamIsCountedAndEndsWithTheLineForScripts() throws Exception {
        String out = watch(TWO_WRITES);
        assertTrue(out.matches("(?s).*agent +SIGIO_IN +2 .*"), out);
        assertTrue(out.matches("(?s).*write → SIGIO +2 +\\S+ us .*"), out);
        assertTrue(out.contains("emulated"), out);
        assertTrue(out.endsWith("\nevents 10 lost 0\n"), out);
    }

    @Test
    void countedLossIsInTheLastLine() throws Exception {
        String out =
                watch(
                        event(0, 1_000, EventKind.SIGIO_IN, 0, 0),
                        event(1, 2_000, EventKind.LOST, 0, 5));
        assertTrue(out.endsWith("\nevents 1 lost 5\n"), out);
        assertFalse(out.contains("At least"), out);
    }

    @Test
    void uncountedLossIsSaidBeforeTheLastLine() throws Exception {
        String out =
                watch(
                        event(0, 1_000, EventKind.SIGIO_IN, 0, 0),
                        event(1, 2_000, EventKind.OVERFLOW, 0, 0));
        assertTrue(out.contains("\nAt least 0 events were lost"), out);
        assertTrue(out.endsWith("\nevents 1 lost 0\n"), out);
    }

    @Test
    void aGapInTheStreamIsLoss() throws Exception {
        String out =
                watch(
                        event(0, 1_000, EventKind.SIGIO_IN, 0, 0),
                        event(8, 2_000, EventKind.SIGIO_IN, 0, 0));
        assertTrue(out.endsWith("\nevents 2 lost 7\n"), out);
    }

    @Test
    void nothingSeenIsSaidAndIsNoLatency() throws Exception {
        String out = watch();
        assertTrue(out.contains("No latency"), out);
        assertTrue(out.endsWith("\nevents 0 lost 0\n"), out);
    }

    @Test
    void writersGetEveryEvent() throws Exception {
        Path csv = place.resolve("events.csv");
        ReplaySession session = new ReplaySession(TWO_WRITES);
        observation(session, Optional.empty())
                .run(List.of(EventCsv.create(csv)), (snapshot, elapsed) -> {});
        List<String> lines = Files.readAllLines(csv);
        assertEquals("time_ns,source,kind,stream,request,result,band,flags", lines.get(0));
        assertEquals(11, lines.size());
        assertEquals("1000000,agent,WRITE_START,0,1,0,0,0", lines.get(1));
    }

    @Test
    void itEndsWhenItIsEnough() throws Exception {
        ReplaySession session = new ReplaySession();
        Observation endless = endless(session);
        AtomicInteger shown = new AtomicInteger();
        Observation.Seen seen =
                endless.run(
                        List.of(),
                        (snapshot, elapsed) -> {
                            if (shown.incrementAndGet() == 3) {
                                endless.enough();
                            }
                        });
        assertEquals(0, seen.snapshot().events());
        assertEquals(Optional.empty(), seen.broken());
        assertEquals(3, shown.get());
    }

    @Test
    void timeIsUp() throws Exception {
        ReplaySession session = new ReplaySession();
        Observation.Plan plan =
                new Observation.Plan(
                        "/dev/x",
                        false,
                        Optional.of(Duration.ofMillis(250)),
                        (target, monitor) -> Optional.empty(),
                        false);
        long start = System.nanoTime();
        new Observation(session, plan, new Steps(screen.terminal(), interruption))
                .run(List.of(), (snapshot, elapsed) -> {});
        assertTrue(System.nanoTime() - start >= 250_000_000L);
    }

    @Test
    void aPanicEndsItAndKeepsWhatWasSeen() throws Exception {
        ReplaySession session = new ReplaySession(TWO_WRITES);
        Observation.Plan plan =
                new Observation.Plan(
                        "/dev/x",
                        false,
                        Optional.empty(),
                        (target, monitor) -> {
                            target.stimulate(new Stimulus("/dev/x", 1, 1, 1), monitor);
                            session.ends(new TargetEnd.Panicked("Oops", "[1.0] Oops"));
                            return Optional.empty();
                        },
                        false);
        Observation.Seen seen =
                new Observation(session, plan, new Steps(screen.terminal(), interruption))
                        .run(List.of(), (snapshot, elapsed) -> {});
        assertEquals(10, seen.snapshot().events());
        KmodscopeException broken = seen.broken().orElseThrow();
        assertEquals(Kind.LAB, broken.kind());
        assertTrue(broken.getMessage().contains("Oops"), broken.getMessage());
    }

    @Test
    void aFailedStimulusEndsIt() throws Exception {
        ReplaySession session = new ReplaySession();
        Observation.Plan plan =
                new Observation.Plan(
                        "/dev/x",
                        false,
                        Optional.empty(),
                        (target, monitor) -> {
                            throw new KmodscopeException(Kind.FAILED, "/dev/x is gone.", "");
                        },
                        false);
        Observation.Seen seen =
                new Observation(session, plan, new Steps(screen.terminal(), interruption))
                        .run(List.of(), (snapshot, elapsed) -> {});
        assertEquals("/dev/x is gone.", seen.broken().orElseThrow().getMessage());
    }

    @Test
    void aCancelledCommandIsInterruptedAndLeavesNoThread() {
        ReplaySession session = new ReplaySession();
        assertThrows(
                InterruptedException.class,
                () ->
                        endless(session)
                                .run(
                                        List.of(),
                                        (snapshot, elapsed) -> {
                                            Interruptions.ctrlC(interruption);
                                        }));
        assertTrue(interruption.isCancelled());
        assertFalse(
                Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("kmodscope-drive")));
    }

    @Test
    void theLiveTableFitsATerminal() throws Exception {
        Screen tty = new Screen(new Face(true, true, true, 80), new Face(true, true, true, 80));
        ReplaySession session = new ReplaySession(TWO_WRITES);
        WatchDisplay display = new WatchDisplay(tty.terminal(), session.info());
        Observation.Seen seen = observation(session, Optional.empty()).run(List.of(), (s, e) -> {});
        display.show(seen.snapshot(), Duration.ofSeconds(2));
        display.show(seen.snapshot(), Duration.ofSeconds(3));
        assertTrue(tty.out().contains("\u001b[J"), tty.out());
        tty.out()
                .replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "")
                .lines()
                .forEach(line -> assertTrue(line.length() < 80, line));
    }

    private Observation endless(ReplaySession session) {
        CountDownLatch never = new CountDownLatch(1);
        Observation.Plan plan =
                new Observation.Plan(
                        "/dev/x",
                        false,
                        Optional.empty(),
                        (target, monitor) -> {
                            while (!never.await(5, TimeUnit.MILLISECONDS)) {
                                if (monitor.isCanceled()) {
                                    throw new OperationCanceledException();
                                }
                            }
                            return Optional.empty();
                        },
                        false);
        return new Observation(session, plan, new Steps(screen.terminal(), interruption));
    }
}
