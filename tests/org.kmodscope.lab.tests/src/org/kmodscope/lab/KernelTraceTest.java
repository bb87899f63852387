/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.driver.SpecFile;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.SignalOutcome;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.TargetSession;

/** The kernel's side of signals and work items, as the agent tells it. */
@Timeout(300)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class KernelTraceTest {

    private static final String NAME = "tracefifo";
    private static final String DEVICE = "/dev/tracefifo";
    private static final int WRITES = 300;

    @TempDir static Path work;
    private static Workshop workshop;
    private static TargetSession session;
    private static Recorder recorder;

    @BeforeAll
    static void start() throws Exception {
        workshop = new Workshop();
        Path driver = workshop.driver(work.resolve(NAME), NAME);
        session = workshop.open();
        recorder = new Recorder(session.events());
        session.load(driver, List.of());
    }

    @AfterAll
    static void end() throws Exception {
        session.unload(NAME);
        session.close();
        recorder.awaitEnd().close();
    }

    private static List<Event> since(int before) {
        return recorder.all().subList(before, recorder.all().size());
    }

    private static Map<Long, Event> byNumber(List<Event> events, EventKind... kinds) {
        return events.stream()
                .filter(event -> List.of(kinds).contains(event.kind()) && event.request() != 0)
                .collect(Collectors.toMap(Event::request, Function.identity()));
    }

    private static void write(int count, int perSecond) throws Exception {
        session.stimulate(new Stimulus(DEVICE, count, 16, perSecond), new NullProgressMonitor());
    }

    private static void runProbe(String name) throws Exception {
        Path project = work.resolve(NAME);
        ProbeSpec spec =
                ProbeSpec.ofProject(project).stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        String features = SpecFile.read(project).features().toString();
        var report =
                new ProbeRun(session, spec, DEVICE, features)
                        .run(workshop.probe(spec), new Deaf(), Workshop.MONITOR)
                        .report();
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void eachSignalIsToldWithTheWriteThatCausedIt() throws Exception {
        int before = recorder.all().size();
        try (var armed = session.arm(new ArmRequest(DEVICE, true, 4096))) {
            write(WRITES, 1000);
            recorder.await(
                    all ->
                            all.subList(before, all.size()).stream()
                                            .filter(e -> e.kind() == EventKind.SIGIO_IN)
                                            .count()
                                    == WRITES);
            recorder.await(all -> joined(all.subList(before, all.size())));
        }
        List<Event> events = since(before);
        Map<Long, Event> generated = byNumber(events, EventKind.SIGNAL_GENERATED);
        Map<Long, Event> arrived = byNumber(events, EventKind.SIGIO_IN, EventKind.SIGIO_OUT);
        assertEquals(generated.keySet(), arrived.keySet());
        arrived.forEach(
                (number, event) -> {
                    Event cause = generated.get(number);
                    assertTrue(cause.timeNanos() <= event.timeNanos(), cause + " " + event);
                    assertEquals(event.band() & 0x41, cause.band() & 0x41, cause + " " + event);
                    assertEquals(SignalOutcome.QUEUED.ordinal(), cause.result());
                });
        Map<Long, Event> starts = byNumber(events, EventKind.WRITE_START);
        Map<Long, Event> ends = byNumber(events, EventKind.WRITE_END);
        List<Event> own =
                generated.values().stream()
                        .filter(event -> (event.flags() & EventCodec.FLAG_OWN_WRITE) != 0)
                        .toList();
        assertEquals(WRITES, own.size());
        for (Event event : own) {
            long inside =
                    starts.values().stream()
                            .filter(
                                    start ->
                                            start.timeNanos() <= event.timeNanos()
                                                    && event.timeNanos()
                                                            <= ends.get(start.request())
                                                                    .timeNanos())
                            .count();
            assertEquals(1, inside, event::toString);
        }
    }

    private static boolean joined(List<Event> events) {
        return byNumber(events, EventKind.SIGNAL_GENERATED)
                .keySet()
                .equals(byNumber(events, EventKind.SIGIO_IN, EventKind.SIGIO_OUT).keySet());
    }

    /** The first number after an overrun: each write is an occasion to find the count again. */
    private long countFoundAgain(int before) throws Exception {
        for (int occasion = 0; occasion < 1000; occasion++) {
            write(1, 0);
            List<Event> latestFirst = since(before).reversed();
            Optional<Event> latest =
                    latestFirst.stream()
                            .takeWhile(event -> event.kind() != EventKind.LOST)
                            .filter(event -> event.kind() == EventKind.SIGNAL_GENERATED)
                            .findFirst();
            if (latest.isPresent() && latest.get().request() > 0) {
                return latest.get().request();
            }
        }
        return fail("the count was not found again");
    }

    @Test
    void afterAnOverrunOfTheKernelsBufferTheNumbersAreRightAgain() throws Exception {
        String size = "/sys/kernel/tracing/instances/kmodscope-1/buffer_size_kb";
        Printed.by(session, "sh", "-c", "echo 4 > " + size);
        int before = recorder.all().size();
        try (var armed = session.arm(new ArmRequest(DEVICE, true, 4096))) {
            long lost = recorder.lost();
            for (int flood = 0; flood < 20 && recorder.lost() == lost; flood++) {
                write(5000, 0);
            }
            assertTrue(recorder.lost() > lost, "the buffer did not overrun");
            Printed.by(session, "sh", "-c", "echo 2048 > " + size);
            long found = countFoundAgain(before);
            write(WRITES, 1000);
            recorder.await(
                    all -> {
                        List<Event> seen = all.subList(before, all.size());
                        Set<Long> later =
                                new HashSet<>(byNumber(seen, EventKind.SIGIO_IN).keySet());
                        later.removeIf(number -> number <= found);
                        return later.size() >= WRITES
                                && byNumber(seen, EventKind.SIGNAL_GENERATED)
                                        .keySet()
                                        .containsAll(later);
                    });
        }
        Map<Long, Event> generated = byNumber(since(before), EventKind.SIGNAL_GENERATED);
        byNumber(since(before), EventKind.SIGIO_IN, EventKind.SIGIO_OUT)
                .forEach(
                        (number, event) -> {
                            Event cause = generated.get(number);
                            if (cause != null) {
                                assertTrue(
                                        cause.timeNanos() <= event.timeNanos(),
                                        cause + " " + event);
                                assertEquals(
                                        event.band() & 0x41,
                                        cause.band() & 0x41,
                                        cause + " " + event);
                            }
                        });
    }

    @Test
    void whatCoalescesAndOverflowsInAProgramIsCounted() throws Exception {
        int before = recorder.all().size();
        runProbe("sigio");
        recorder.await(
                all -> {
                    List<Event> late = all.subList(before, all.size());
                    return count(late, SignalOutcome.COALESCED) > 0
                            && count(late, SignalOutcome.OVERFLOWED) > 0;
                });
    }

    private static long count(List<Event> events, SignalOutcome outcome) {
        return events.stream()
                .filter(event -> event.kind() == EventKind.SIGNAL_GENERATED)
                .filter(event -> event.result() == outcome.ordinal())
                .count();
    }

    @Test
    void workOfTheDriverIsToldAndNoOther() throws Exception {
        int before = recorder.all().size();
        runProbe("libaio");
        recorder.await(
                all -> {
                    List<Event> late = all.subList(before, all.size());
                    var started = byNumber(late, EventKind.WORK_START).keySet();
                    return !started.isEmpty()
                            && started.equals(byNumber(late, EventKind.WORK_END).keySet());
                });
        Map<Long, Event> ends = byNumber(since(before), EventKind.WORK_END);
        byNumber(since(before), EventKind.WORK_START)
                .forEach(
                        (number, start) ->
                                assertTrue(start.timeNanos() <= ends.get(number).timeNanos()));
    }
}
