/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.targets.internal.agent.AgentOnHost.MONITOR;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetSession.Armed;

/** Signals and stimuli, by the real agent on named pipes of this machine. */
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
@Timeout(60)
class AgentEventsTest {

    @TempDir Path work;
    private AgentOnHost host;
    private Agent agent;
    private String pipe;

    @BeforeEach
    void start() throws Exception {
        host = AgentOnHost.ready(work);
        agent = host.agent();
        pipe = AgentOnHost.pipe(work.resolve("device")).toString();
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    private Recorder record() {
        return new Recorder(agent.events(host.events));
    }

    private StimulusResult write(long count, double perSecond) throws Exception {
        return agent.stimulate(new Stimulus(pipe, count, 4, perSecond), MONITOR);
    }

    @Test
    void eachOfTenThousandWritesIsOneSignal() throws Exception {
        try (Recorder recorder = record();
                Armed armed = agent.arm(new ArmRequest(pipe, true, 4096))) {
            StimulusResult result = write(10_000, 0);
            assertEquals(10_000, result.writes());
            assertEquals(40_000, result.bytes());
            recorder.finish();
            assertEquals(0, recorder.lost());
            assertEquals(List.of(), recorder.of(EventKind.OVERFLOW));
            List<Event> signals = recorder.of(EventKind.SIGIO_IN);
            assertEquals(10_000, signals.size());
            for (Event signal : signals) {
                assertEquals(armed.stream(), signal.stream());
                assertEquals(0x41, signal.band(), "POLLIN | POLLRDNORM");
            }
            List<Event> ends = recorder.of(EventKind.WRITE_END);
            assertEquals(10_000, ends.size());
            for (int i = 0; i < ends.size(); i++) {
                assertEquals(i + 1, ends.get(i).request());
                assertEquals(4, ends.get(i).result());
                assertEquals(0, ends.get(i).stream());
            }
            long read =
                    recorder.of(EventKind.READ_END).stream()
                            .mapToLong(event -> Math.max(0, event.result()))
                            .sum();
            assertEquals(40_000, read);
        }
    }

    @Test
    void numbersHaveNoGapAndTimesAreThoseOfTheHappening() throws Exception {
        try (Recorder recorder = record();
                Armed armed = agent.arm(new ArmRequest(pipe, false, 0))) {
            long before = System.nanoTime(); // CLOCK_MONOTONIC, on Linux
            write(100, 1000);
            recorder.finish();
            long after = System.nanoTime();
            List<Event> all = recorder.all();
            for (int i = 0; i < all.size(); i++) {
                assertEquals(i, all.get(i).sequence());
            }
            for (Event event : recorder.of(EventKind.SIGIO_IN)) {
                assertTrue(event.timeNanos() >= before && event.timeNanos() <= after);
            }
            assertEquals(100, recorder.of(EventKind.SIGIO_IN).size());
            assertTrue(armed.stream() > 0);
        }
    }

    @Test
    void writesAreEvenlySpacedOnAGrid() throws Exception {
        try (Recorder recorder = record();
                Armed armed = agent.arm(new ArmRequest(pipe, true, 4096))) {
            StimulusResult result = write(100, 500);
            recorder.finish();
            List<Event> starts = recorder.of(EventKind.WRITE_START);
            long span = starts.getLast().timeNanos() - starts.getFirst().timeNanos();
            long expected = 99 * 2_000_000L;
            // Lateness of single writes does not add up: only that of the last one counts.
            assertTrue(Math.abs(span - expected) < 50_000_000, "span " + span);
            assertTrue(result.elapsedNanos() >= span);
            assertTrue(armed.stream() > 0);
        }
    }

    @Test
    void theNextStimulusGoesOnCounting() throws Exception {
        try (Recorder recorder = record();
                Armed armed = agent.arm(new ArmRequest(pipe, true, 64))) {
            write(3, 0);
            write(2, 0);
            recorder.finish();
            assertEquals(
                    List.of(1L, 2L, 3L, 4L, 5L),
                    recorder.of(EventKind.WRITE_START).stream().map(Event::request).toList());
            assertTrue(armed.stream() > 0);
        }
    }

    @Test
    void afterDisarmingNoEventOfTheDeviceFollows() throws Exception {
        try (Recorder recorder = record();
                Armed other = agent.arm(new ArmRequest(pipe, true, 4096))) {
            Armed armed = agent.arm(new ArmRequest(pipe, false, 0));
            write(5000, 0);
            armed.close();
            armed.close();
            recorder.await(EventKind.SIGIO_IN, 10_000);
            write(10, 0);
            recorder.finish();
            List<Event> signals = recorder.of(EventKind.SIGIO_IN);
            assertEquals(5000, signals.stream().filter(e -> e.stream() == armed.stream()).count());
            assertEquals(5010, signals.stream().filter(e -> e.stream() == other.stream()).count());
            try (Armed again = agent.arm(new ArmRequest(pipe, false, 0))) {
                assertFalse(again.stream() == armed.stream(), "a stream's number comes once");
            }
        }
    }

    @Test
    void aFullQueueOfSignalsIsAnOverflowAndWhatIsReadyIsFoundAgain() throws Exception {
        HostCommand.of("prlimit", "--pid", String.valueOf(host.process.pid()), "--sigpending=4:4")
                .capture(MONITOR);
        try (Recorder recorder = record();
                Armed armed = agent.arm(new ArmRequest(pipe, true, 1))) {
            write(10_000, 0);
            recorder.await(
                    all ->
                            all.stream()
                                            .filter(e -> e.kind() == EventKind.READ_END)
                                            .filter(e -> e.result() > 0)
                                            .count()
                                    == 40_000);
            recorder.finish();
            assertFalse(recorder.of(EventKind.OVERFLOW).isEmpty());
            assertTrue(
                    recorder.all().stream()
                            .anyMatch(e -> (e.flags() & EventCodec.FLAG_RESYNC) != 0));
            assertTrue(armed.stream() > 0);
        }
    }

    @Test
    void eventsThatNobodyReadsAreCounted() throws Exception {
        // The agent's ring holds 65,536 records, the pipe to here some hundreds.
        try (Armed armed = agent.arm(new ArmRequest(pipe, true, 65_536))) {
            write(60_000, 0);
            try (Recorder recorder = record()) {
                recorder.await(EventKind.LOST, 1);
                recorder.finish();
                assertTrue(recorder.lost() > 0);
                long known = recorder.all().stream().filter(e -> !e.kind().isLoss()).count();
                long reads = recorder.of(EventKind.READ_END).size();
                // Writes and signals are 180,000; how many reads there were is not fixed, nor how
                // many signals are still to be taken when the reading here begins.
                assertTrue(known + recorder.lost() >= 180_000 + 2 * reads, known + " known");
                write(1, 0);
                assertTrue(armed.stream() > 0);
            }
        }
    }

    @Test
    void aDeviceThatIsFullIsWaitedFor() throws Exception {
        try (Recorder recorder = record();
                Armed reader = agent.arm(new ArmRequest(pipe, false, 0))) {
            NullProgressMonitor monitor = new NullProgressMonitor();
            FutureTask<StimulusResult> stimulus =
                    new FutureTask<>(
                            () -> agent.stimulate(new Stimulus(pipe, 40, 4096, 0), monitor));
            Thread.ofPlatform().daemon().start(stimulus);
            recorder.await(EventKind.WRITE_END, 16);
            byte[] drained = new byte[65_536];
            try (var in = Files.newInputStream(Path.of(pipe))) {
                assertEquals(65_536, in.readNBytes(drained, 0, drained.length));
                recorder.await(EventKind.WRITE_END, 32);
            }
            monitor.setCanceled(true);
            StimulusResult result = stimulus.get(20, TimeUnit.SECONDS);
            assertEquals(32, result.writes());
            assertEquals(32 * 4096, result.bytes());
            assertTrue(result.waits() >= 2, result::toString);
            assertTrue(reader.stream() > 0);
        }
    }

    @Test
    void aCancelledStimulusReturnsWhatItDid() throws Exception {
        try (Recorder recorder = record();
                Armed armed = agent.arm(new ArmRequest(pipe, true, 64))) {
            NullProgressMonitor monitor = new NullProgressMonitor();
            FutureTask<StimulusResult> stimulus =
                    new FutureTask<>(
                            () -> agent.stimulate(new Stimulus(pipe, 1000, 4, 5), monitor));
            Thread.ofPlatform().daemon().start(stimulus);
            recorder.await(EventKind.WRITE_END, 2);
            monitor.setCanceled(true);
            long writes = stimulus.get(20, TimeUnit.SECONDS).writes();
            assertTrue(writes >= 2 && writes < 1000, "writes " + writes);
            assertTrue(armed.stream() > 0);
        }
    }

    @Test
    void aStimulusThatIsCancelledBeforeItBeginsReturnsToo() throws Exception {
        NullProgressMonitor cancelled = new NullProgressMonitor();
        cancelled.setCanceled(true);
        try (Armed armed = agent.arm(new ArmRequest(pipe, false, 0))) {
            for (int i = 0; i < 100; i++) {
                Stimulus never = new Stimulus(pipe, 1_000_000, 4, 1);
                assertTrue(agent.stimulate(never, cancelled).writes() <= 1);
            }
            assertTrue(armed.stream() > 0);
        }
    }

    @Test
    void aDeviceWithoutFasyncIsSaidToHaveNone() {
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> agent.arm(new ArmRequest("/dev/null", true, 16)));
        assertTrue(failure.getMessage().contains("no fasync()"), failure::toString);
        assertTrue(failure.remedy().contains("fasync_helper"), failure::remedy);
    }

    @Test
    void aDeviceThatIsNotThereIsSaidSo() {
        String nothing = work.resolve("nothing").toString();
        for (KmodscopeException failure :
                List.of(
                        assertThrows(
                                KmodscopeException.class,
                                () -> agent.arm(new ArmRequest(nothing, true, 16))),
                        assertThrows(
                                KmodscopeException.class,
                                () -> agent.stimulate(new Stimulus(nothing, 1, 1, 0), MONITOR)))) {
            assertEquals(KmodscopeException.Kind.FAILED, failure.kind());
            assertTrue(failure.getMessage().contains("No such file"), failure::toString);
        }
    }

    @Test
    void sizesAndRatesThatMakeNoSenseAreRefused() {
        List<Stimulus> wrong =
                List.of(
                        new Stimulus(pipe, 1, 0, 0),
                        new Stimulus(pipe, 1, 2_000_000, 0),
                        new Stimulus(pipe, -1, 1, 0),
                        new Stimulus(pipe, 1, 1, -1),
                        new Stimulus(pipe, 1, 1, Double.NaN),
                        new Stimulus(pipe, 1, 1, Double.POSITIVE_INFINITY));
        for (Stimulus stimulus : wrong) {
            assertEquals(
                    KmodscopeException.Kind.USAGE,
                    assertThrows(KmodscopeException.class, () -> agent.stimulate(stimulus, MONITOR))
                            .kind(),
                    stimulus::toString);
        }
        assertThrows(KmodscopeException.class, () -> agent.arm(new ArmRequest(pipe, true, 0)));
    }

    @Test
    void aSourceEndsQuietlyWithTheAgent() throws Exception {
        try (Recorder recorder = record();
                Armed armed = agent.arm(new ArmRequest(pipe, true, 64))) {
            write(2, 0);
            recorder.await(EventKind.SIGIO_IN, 2);
            host.process.destroyForcibly();
            recorder.awaitEnd();
            host.client.fail(
                    new KmodscopeException(KmodscopeException.Kind.LAB, "It was killed.", ""));
            assertThrows(KmodscopeException.class, armed::close);
            armed.close();
        }
    }
}
