/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/** What is recorded comes back, and a file that somebody sent does no harm. */
@Timeout(120)
class RecordedSessionTest {

    private static final IProgressMonitor MONITOR = new NullProgressMonitor();
    private static final String ARMED = "/dev/x";

    /** A session in which everything happens, as it would be in a file. */
    private static final List<String> SESSION =
            List.of(
                    "kmodscope-recording 1",
                    "10 open QEMU 6.1.0 x86_64 TCG /tmp %",
                    "11 log 6 0 1000 Linux version 6.1.0",
                    "20 call 1 put /tmp/probe",
                    "30 ok 1",
                    "40 call 2 load x.ko size=1",
                    "41 log 5 1 2000 x: loaded",
                    "50 ok 2",
                    "60 call 3 start /tmp/probe --device /dev/x",
                    "61 ok 3",
                    "70 out 3 ok 1 - reads%0A",
                    "71 err 3 careful%0A",
                    "80 exit 3 7",
                    "90 call 4 events",
                    "91 ok 4 agent",
                    "100 call 5 arm /dev/x sigio drain",
                    "101 ok 5 3",
                    "110 call 6 stimulate /dev/x",
                    // One record: time 1, head 9.
                    "115 events 4 " + "AQAAAAAAAAAJAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                    "120 ok 6 1 16 0 5000",
                    "130 call 7 disarm 3",
                    "131 ok 7",
                    "140 call 8 unload y",
                    "150 failed 8 FAILED There%20is%20no%20y. Load%20it.",
                    "160 call 9 unload x",
                    "165 log 0 2 3000 Kernel panic - not syncing: x",
                    "166 over panicked x Kernel%20panic%0A",
                    "170 failed 9 LAB The%20kernel%20panicked. Look.");

    @TempDir Path place;

    private Path file(List<String> lines) throws Exception {
        return Files.write(place.resolve("session"), lines);
    }

    private static TargetSession open(Path file) throws Exception {
        return new RecordedTarget().open(new TargetSpec.Recorded(file, false), MONITOR);
    }

    /** Does all that is recorded; what came of it, line by line. */
    private static List<String> everything(TargetSession session) throws Exception {
        return everything(session, () -> true);
    }

    /**
     * The same.
     *
     * @param settled what is waited for before the session is closed
     */
    private static List<String> everything(TargetSession session, Callable<Boolean> settled)
            throws Exception {
        List<String> seen = new ArrayList<>();
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        TargetSession.Subscription subscription = session.onKernelLog(line -> log.add(line.text()));
        session.put(Path.of("nowhere"), "/tmp/probe", 0700);
        session.load(Path.of("/some/where/x.ko"), List.of("size=1"));
        OutputLines output = new OutputLines(seen::add, seen::add);
        try (RemoteCommand probe =
                session.start(List.of("/tmp/probe", "--device", ARMED), output)) {
            probe.write(new byte[] {1});
            seen.add("exit " + probe.waitFor(MONITOR));
        }
        EventSource events = session.events();
        TargetSession.Armed armed = session.arm(new ArmRequest(ARMED, true, 4096));
        Thread pump = Thread.ofPlatform().start(() -> run(events, seen));
        StimulusResult result = session.stimulate(new Stimulus(ARMED, 99, 16, 0), MONITOR);
        seen.add("stream " + armed.stream() + ", writes " + result.writes());
        armed.close();
        events.stop();
        pump.join();
        seen.add(failure(() -> session.unload("y")));
        seen.add(failure(() -> session.unload("x")));
        for (int i = 0; i < 3; i++) {
            seen.add(taken(log));
        }
        TargetEnd end = session.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
        seen.add(assertInstanceOf(TargetEnd.Panicked.class, end).reason());
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!settled.call()) {
            assertTrue(System.nanoTime() < limit, "settled");
            Thread.onSpinWait();
        }
        subscription.close();
        session.close();
        return seen;
    }

    private static String taken(BlockingQueue<String> log) throws Exception {
        return String.valueOf(log.poll(30, TimeUnit.SECONDS));
    }

    private static void run(EventSource events, List<String> seen) {
        List<String> records = new ArrayList<>();
        try {
            events.run((time, head, request, result, tail) -> records.add(time + " " + head));
        } catch (KmodscopeException | InterruptedException e) {
            records.add(e.toString());
        }
        synchronized (seen) {
            seen.addAll(records);
        }
    }

    /** What a test does. */
    private interface Deed {
        void run() throws Exception;
    }

    private static String failure(Deed deed) {
        KmodscopeException failure = assertThrows(KmodscopeException.class, deed::run);
        return failure.kind() + " " + failure.getMessage() + " " + failure.remedy();
    }

    @Test
    void allThatIsRecordedComesBack() throws Exception {
        TargetSession session = open(file(SESSION));
        assertEquals(
                new TargetInfo("QEMU, recorded", "6.1.0", "x86_64", TargetInfo.Acceleration.TCG),
                session.info());
        assertEquals("/tmp", session.scratch());
        assertEquals(
                List.of(
                        "ok 1 - reads",
                        "careful",
                        "exit 7",
                        "stream 3, writes 1",
                        "1 9",
                        "FAILED There is no y. Load it.",
                        "LAB The kernel panicked. Look.",
                        "Linux version 6.1.0",
                        "x: loaded",
                        "Kernel panic - not syncing: x",
                        "x"),
                everything(session));
    }

    @Test
    void theLogGoesNoFurtherThanTheCalls() throws Exception {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        try (TargetSession session = open(file(SESSION))) {
            session.onKernelLog(line -> log.add(line.text()));
            assertEquals("Linux version 6.1.0", taken(log));
            session.put(Path.of("nowhere"), "/tmp/probe", 0700);
            assertEquals(List.of(), List.copyOf(log));
            assertFalse(session.ended().toCompletableFuture().isDone());
            session.load(Path.of("x.ko"), List.of("size=1"));
            assertEquals("x: loaded", taken(log));
            assertEquals(List.of(), List.copyOf(log));
        }
    }

    @Test
    void aReplayThatIsRecordedIsTheSame() throws Exception {
        Path again = place.resolve("again");
        try (RecordingTarget recording = RecordingTarget.create(new RecordedTarget(), again)) {
            TargetSpec spec = new TargetSpec.Recorded(file(SESSION), false);
            // Each who hears a replayed log has a thread for it: the recorder may be the slower.
            Callable<Boolean> written = () -> Files.readString(again).contains("Kernel panic -");
            List<String> first = everything(recording.open(spec, MONITOR), written);
            assertEquals(first, everything(open(again)));
        }
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(again)));
    }

    @Test
    void whatWasNotRecordedIsSaidWithWhatWas() throws Exception {
        try (TargetSession session = open(file(SESSION))) {
            String words = failure(() -> session.load(Path.of("z.ko"), List.of()));
            assertTrue(words.startsWith("USAGE This was not recorded: load z.ko."), words);
            assertTrue(words.contains("next came: put /tmp/probe; load x.ko size=1;"), words);
            session.load(Path.of("x.ko"), List.of("size=1"));
            String twice = failure(() -> session.load(Path.of("x.ko"), List.of("size=1")));
            assertTrue(twice.contains("not recorded"), twice);
        }
    }

    @Test
    void aRecordedTimeIsWaitedForAndCanBeCancelled() throws Exception {
        List<String> slow = new ArrayList<>(SESSION.subList(0, 2));
        slow.add("20 call 1 stimulate /dev/x");
        slow.add("86400000000 ok 1 1 1 0 1");
        Path file = file(slow);
        TargetSession session =
                new RecordedTarget().open(new TargetSpec.Recorded(file, true), MONITOR);
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        NullProgressMonitor user =
                new NullProgressMonitor() {
                    @Override
                    public boolean isCanceled() {
                        asked.add("is it cancelled?");
                        return asked.size() > 3;
                    }
                };
        assertThrows(
                OperationCanceledException.class,
                () -> session.stimulate(new Stimulus(ARMED, 1, 1, 0), user));
        session.close();
    }

    @Test
    void filesOfOthersAreRefusedWithTheReason() throws Exception {
        assertTrue(failure(() -> open(place.resolve("gone"))).startsWith("USAGE"));
        assertTrue(failure(() -> open(file(List.of("hello")))).contains("is no recording"));
        String newer = failure(() -> open(file(List.of("kmodscope-recording 2"))));
        assertTrue(newer.contains("another version"), newer);
        String empty = failure(() -> open(file(List.of("kmodscope-recording 1"))));
        assertTrue(empty.contains("no session"), empty);
        String refused =
                failure(
                        () ->
                                open(
                                        file(
                                                List.of(
                                                        "kmodscope-recording 1",
                                                        "1 refused MISSING No%20QEMU. Get%20it."))));
        assertEquals("MISSING No QEMU. Get it.", refused);
        Path special = Path.of("/dev/full");
        assertTrue(
                failure(() -> RecordingTarget.create(new RecordedTarget(), special))
                        .contains("no ordinary file"));
        assertTrue(Files.exists(special));
    }

    @Test
    void aFileThatIsCutOffAnywhereGivesWhatIsThere() throws Exception {
        byte[] whole = Files.readAllBytes(file(SESSION));
        int opened = 0;
        for (int length = 0; length < whole.length; length++) {
            Path cut = place.resolve("cut");
            Files.write(cut, Arrays.copyOf(whole, length));
            try (TargetSession session = open(cut)) {
                opened++;
                boolean inLine = whole[length - 1] != '\n';
                assertEquals(inLine, session.info().note().isPresent(), "cut at " + length);
                prod(session);
            } catch (KmodscopeException refused) {
                assertTrue(length < 70, "cut at " + length + ": " + refused);
            }
        }
        assertTrue(opened > whole.length / 2);
    }

    @Test
    void aFileThatSomebodyForgedDoesNoHarm() throws Exception {
        byte[] whole = Files.readAllBytes(file(SESSION));
        Random random = new Random(20261122);
        for (int round = 0; round < 500; round++) {
            byte[] forged = whole.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                forged[30 + random.nextInt(forged.length - 30)] = (byte) random.nextInt(128);
            }
            Path file = Files.write(place.resolve("forged"), forged);
            try (TargetSession session = open(file)) {
                prod(session);
            } catch (KmodscopeException | OperationCanceledException refused) {
                assertTrue(refused.getMessage() != null);
            }
        }
    }

    /** Calls that may be recorded, each of which may fail in the way it is expected to. */
    private static void prod(TargetSession session) throws Exception {
        List<Deed> deeds =
                List.of(
                        () -> session.put(Path.of("x"), "/tmp/probe", 0700),
                        () -> session.load(Path.of("x.ko"), List.of("size=1")),
                        () -> command(session),
                        () -> events(session.events()),
                        () -> session.arm(new ArmRequest(ARMED, true, 1)).close(),
                        () -> session.stimulate(new Stimulus(ARMED, 1, 1, 0), MONITOR),
                        () -> session.unload("x"));
        for (Deed deed : deeds) {
            try {
                deed.run();
            } catch (KmodscopeException | OperationCanceledException expected) {
                assertTrue(expected.getMessage() == null || !expected.getMessage().isEmpty());
            }
        }
    }

    private static void command(TargetSession session) throws Exception {
        OutputLines output = new OutputLines(line -> {}, line -> {});
        try (RemoteCommand command =
                session.start(List.of("/tmp/probe", "--device", ARMED), output)) {
            command.waitFor(MONITOR);
        }
    }

    private static void events(EventSource source) throws Exception {
        source.stop();
        source.run((time, head, request, result, tail) -> {});
    }

    @Test
    void aLineWithoutEndOrCallsWithoutEndAreRefused() throws Exception {
        Path file = place.resolve("long");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("kmodscope-recording 1\n1 open a b c d e f\n2 log 1 1 1 ");
            String piece = "x".repeat(1 << 16);
            for (int i = 0; i < 100; i++) {
                out.write(piece);
            }
        }
        assertTrue(failure(() -> open(file)).contains("too long"));
        try (var out = Files.newBufferedWriter(file)) {
            out.write("kmodscope-recording 1\n1 open a b c d e f\n");
            for (int i = 0; i < 200_000; i++) {
                out.write("2 call " + i + " unload x\n");
            }
        }
        assertTrue(failure(() -> open(file)).contains("more calls"));
    }

    @Test
    void logAndEndOfAClosedSessionAreNotWaitedFor() throws Exception {
        TargetSession session = open(file(SESSION));
        session.close();
        assertEquals(
                new TargetEnd.Closed(),
                session.ended().toCompletableFuture().get(30, TimeUnit.SECONDS));
        assertTrue(failure(() -> session.unload("x")).contains("closed"));
        assertEquals(Optional.empty(), session.info().note());
    }
}
