/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.core.target.WarmStart;

/** The bad days of a lab. Each test has one of its own, because it does not survive the test. */
@Timeout(300)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class LabEndsTest {

    @TempDir Path work;

    private static TargetEnd end(TargetSession session) throws Exception {
        return session.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** The QEMU processes that this process started, through supervisors. */
    private static List<ProcessHandle> machines(ProcessHandle owner) {
        return owner.descendants()
                .filter(process -> process.info().command().orElse("").contains("qemu-system"))
                .toList();
    }

    private static void assertRunsAreTidy() throws Exception {
        // Those of other processes have their locks; ours have none left.
        try (Stream<Path> runs = Files.list(CacheDirectory.of(System.getenv()).directory("runs"))) {
            long pid = ProcessHandle.current().pid();
            assertEquals(List.of(), runs.filter(run -> holds(run, pid)).toList());
        }
    }

    private static boolean holds(Path run, long pid) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.anyMatch(
                    fd -> {
                        try {
                            return Files.readSymbolicLink(fd).startsWith(run);
                        } catch (java.io.IOException e) {
                            return false; // closed meanwhile
                        }
                    });
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Where a machine's socket for the agent is, by its own command line. */
    private static Path socket(ProcessHandle owner) {
        String option = "socket,id=CONTROL,path=";
        return machines(owner).getFirst().info().arguments().stream()
                .flatMap(Stream::of)
                .filter(argument -> argument.startsWith(option))
                .map(argument -> Path.of(argument.substring(option.length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aClosedLabIsGoneWithinTwoSeconds() throws Exception {
        TargetSession session = new Workshop().open();
        assertEquals(1, machines(ProcessHandle.current()).size());
        Instant before = Instant.now();
        session.close();
        Duration took = Duration.between(before, Instant.now());
        assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, took::toString);
        assertEquals(new TargetEnd.Closed(), end(session));
        assertEquals(List.of(), machines(ProcessHandle.current()));
        session.close();
        assertThrows(KmodscopeException.class, () -> Printed.by(session, "true"));
        assertRunsAreTidy();
        assertEquals(
                List.of(),
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("kmodscope-lab"))
                        .toList());
    }

    @Test
    void aPanicIsRecognisedWithItsReasonAndLog() throws Exception {
        try (TargetSession session = new Workshop().open();
                Recorder recorder = new Recorder(session.events())) {
            RemoteCommand waiting = session.start(List.of("sleep", "1000"), new Printed());
            session.start(List.of("sh", "-c", "echo c > /proc/sysrq-trigger"), new Printed());
            TargetEnd.Panicked end = assertInstanceOf(TargetEnd.Panicked.class, end(session));
            assertEquals("sysrq triggered crash", end.reason());
            assertTrue(end.log().contains("Call Trace"), end.log());
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> waiting.waitFor(Workshop.MONITOR));
            assertEquals(KmodscopeException.Kind.LAB, failure.kind());
            assertTrue(failure.getMessage().contains("sysrq triggered crash"), failure::toString);
            assertThrows(
                    KmodscopeException.class,
                    () -> session.arm(new ArmRequest("/dev/null", false, 0)));
            recorder.awaitEnd();
        }
    }

    @Test
    void anOopsOfTheDriverEndsTheLabWithItsTrace() throws Exception {
        Workshop workshop = new Workshop();
        Path module =
                workshop.module(
                        work.resolve("oopser"),
                        "oopser",
                        """
                        // SPDX-License-Identifier: GPL-2.0
                        #include <linux/module.h>
                        static int __init oopser_init(void)
                        {
                        	return *(volatile int *)8;
                        }
                        module_init(oopser_init);
                        MODULE_DESCRIPTION("Follows a pointer to nowhere");
                        MODULE_LICENSE("GPL");
                        """);
        try (TargetSession session = workshop.open()) {
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> session.load(module, List.of()));
            assertEquals(KmodscopeException.Kind.LAB, failure.kind());
            TargetEnd.Panicked end = assertInstanceOf(TargetEnd.Panicked.class, end(session));
            assertTrue(end.log().contains("NULL pointer dereference"), end.log());
            assertTrue(end.log().contains("oopser_init"), end.log());
        }
    }

    @Test
    void aKilledMachineIsRecognised() throws Exception {
        try (TargetSession session = new Workshop().open()) {
            machines(ProcessHandle.current()).getFirst().destroyForcibly();
            TargetEnd.Vanished end = assertInstanceOf(TargetEnd.Vanished.class, end(session));
            assertTrue(end.reason().contains("signal 9"), end::toString);
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> Printed.by(session, "true"));
            assertEquals(KmodscopeException.Kind.LAB, failure.kind());
        }
    }

    /** What the kernel gives to programs: somewhat less than the machine has. */
    private static long mebibytes(TargetSession session) throws Exception {
        String text = Printed.by(session, "cat", "/proc/meminfo").text();
        return text.lines()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void twoLabsAtOnceKnowNothingOfEachOther() throws Exception {
        Workshop workshop = new Workshop();
        MachineSize size = new MachineSize(3, 384);
        TargetSpec spec = new TargetSpec.Qemu(KernelStore.DEFAULT_ID, false, size);
        try (WarmStart start = WarmStart.of(workshop.qemu(), spec);
                TargetSession first = workshop.open();
                TargetSession second = start.session(Workshop.MONITOR)) {
            assertEquals(2, machines(ProcessHandle.current()).size());
            assertEquals(0, Printed.by(first, "touch", "/tmp/first").status());
            assertEquals(0, Printed.by(first, "test", "-e", "/tmp/first").status());
            assertEquals(1, Printed.by(second, "test", "-e", "/tmp/first").status());
            assertEquals("2\n", Printed.by(first, "nproc").text());
            assertEquals("3\n", Printed.by(second, "nproc").text());
            assertTrue(mebibytes(first) > 384 && mebibytes(second) <= 384);
            first.close();
            assertEquals(1, machines(ProcessHandle.current()).size());
            assertEquals("second\n", Printed.by(second, "echo", "second").text());
        }
        assertRunsAreTidy();
    }

    @Test
    void aMachineThatPowersOffIsRecognised() throws Exception {
        try (TargetSession session = new Workshop().open()) {
            session.start(List.of("poweroff", "-f"), new Printed());
            TargetEnd.Vanished end = assertInstanceOf(TargetEnd.Vanished.class, end(session));
            assertTrue(end.reason().contains("powered itself off"), end::toString);
        }
    }

    @Test
    void anInitFunctionThatHangsDoesNotHoldUpTheEnd() throws Exception {
        Workshop workshop = new Workshop();
        Path module =
                workshop.module(
                        work.resolve("hanger"),
                        "hanger",
                        """
                        // SPDX-License-Identifier: GPL-2.0
                        #include <linux/module.h>
                        #include <linux/delay.h>
                        static int __init hanger_init(void)
                        {
                        	pr_info("hanger hangs\\n");
                        	msleep(1000 * 1000);
                        	return 0;
                        }
                        module_init(hanger_init);
                        MODULE_DESCRIPTION("Takes its time");
                        MODULE_LICENSE("GPL");
                        """);
        FutureTask<KmodscopeException> load;
        try (TargetSession session = workshop.open();
                Recorder recorder = new Recorder(session.events())) {
            load =
                    new FutureTask<>(
                            () ->
                                    assertThrows(
                                            KmodscopeException.class,
                                            () -> session.load(module, List.of())));
            Thread.ofPlatform().daemon().start(load);
            recorder.await(EventKind.KERNEL_LOG, 1);
            // The agent goes on working meanwhile.
            assertEquals(0, Printed.by(session, "true").status());
            assertFalse(load.isDone());
            Instant before = Instant.now();
            session.close();
            Duration took = Duration.between(before, Instant.now());
            assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, took::toString);
        }
        assertEquals(KmodscopeException.Kind.LAB, load.get(10, TimeUnit.SECONDS).kind());
    }

    @Test
    void eventsThatNobodyReadsAreCountedAndNothingElseSuffers() throws Exception {
        Workshop workshop = new Workshop();
        Path driver = workshop.driver(work.resolve("flood"), "floodfifo");
        int writes = 60_000;
        try (TargetSession session = workshop.open()) {
            session.load(driver, List.of("size=1048576"));
            try (TargetSession.Armed armed =
                    session.arm(new ArmRequest("/dev/floodfifo", false, 0))) {
                session.stimulate(new Stimulus("/dev/floodfifo", writes, 16, 0), Workshop.MONITOR);
                assertEquals(0, Printed.by(session, "true").status());
                assertTrue(armed.stream() > 0);
            }
            try (Recorder recorder = new Recorder(session.events())) {
                recorder.await(EventKind.LOST, 1);
                recorder.finish();
                long known =
                        recorder.all().stream()
                                .filter(event -> !event.kind().isLoss())
                                .filter(event -> event.kind() != EventKind.KERNEL_LOG)
                                .count();
                assertTrue(recorder.lost() > 0);
                // A write begins, signals as the kernel and as the agent see it, and ends.
                long told = 4L * writes;
                assertTrue(known < told, known + " records");
                long logged = recorder.of(EventKind.KERNEL_LOG).size();
                long all = known + recorder.lost() + logged;
                assertTrue(all >= told && all <= told + 1000, all + " records");
            }
        }
    }

    @Test
    void cancellingABootLeavesNothing() throws Exception {
        NullProgressMonitor monitor =
                new NullProgressMonitor() {
                    @Override
                    public boolean isCanceled() {
                        // As soon as there is a machine to be left behind.
                        return !machines(ProcessHandle.current()).isEmpty();
                    }
                };
        assertThrows(OperationCanceledException.class, () -> new Workshop().open(monitor).close());
        assertEquals(List.of(), machines(ProcessHandle.current()));
        assertRunsAreTidy();
    }

    /** A process that opens a lab; with a PATH of its own when one is given. */
    @Test
    void whatTheMachineLacksIsNamedWithItsPackage() throws Exception {
        // The kernel and the agent need other programs, but only once.
        new Workshop().open().close();
        Path path = Files.createDirectory(work.resolve("bin"));
        assertTrue(
                wordsOf(LabOwner.start(Optional.of(path))).contains("apt install qemu-system-x86"));
        Files.createSymbolicLink(
                path.resolve("qemu-system-x86_64"), Path.of("/usr/bin/qemu-system-x86_64"));
        String busybox = "apt install busybox-static";
        assertTrue(wordsOf(LabOwner.start(Optional.of(path))).contains(busybox));
        Files.createSymbolicLink(path.resolve("busybox"), Path.of("/bin/sh"));
        String words = wordsOf(LabOwner.start(Optional.of(path)));
        assertTrue(words.contains("not statically linked"), words);
        assertTrue(words.contains(busybox), words);
    }

    private static String wordsOf(Process owner) throws Exception {
        String words = new String(owner.getInputStream().readAllBytes());
        assertEquals(0, owner.waitFor());
        assertTrue(words.startsWith("MISSING "), words);
        return words;
    }

    @Test
    void twoOwnersShareOneCacheAndTheEndOfOneIsNotTheOthers() throws Exception {
        Process first = LabOwner.start(Optional.empty());
        Process second = LabOwner.start(Optional.empty());
        try (BufferedReader out = first.inputReader(StandardCharsets.UTF_8);
                BufferedReader other = second.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("up", out.readLine());
            assertEquals("up", other.readLine());
            Path gone = socket(first.toHandle()).getParent();
            Path stays = socket(second.toHandle()).getParent();
            ProcessHandle machine = machines(first.toHandle()).getFirst();
            first.destroyForcibly();
            machine.onExit().get(30, TimeUnit.SECONDS);
            // The next one removes what the dead one left, and nothing of the living.
            new Workshop().open().close();
            assertFalse(Files.exists(gone), gone::toString);
            assertTrue(Files.exists(stays), stays::toString);
            assertEquals(1, machines(second.toHandle()).size());
        } finally {
            first.destroyForcibly();
            second.destroyForcibly();
        }
    }

    @Test
    void anOwnerKilledBySigkillLeavesNoLab() throws Exception {
        Process owner = LabOwner.start(Optional.empty());
        Path run;
        try (BufferedReader out = new BufferedReader(owner.inputReader(StandardCharsets.UTF_8))) {
            assertEquals("up", out.readLine());
            run = socket(owner.toHandle()).getParent();
            assertEquals(1, machines(owner.toHandle()).size());
            LabOwner.kill(owner);
        } finally {
            owner.destroyForcibly();
        }
        // What it left on the disk goes with the next lab, which may be another process's.
        new Workshop().open().close();
        assertFalse(Files.exists(run), run::toString);
    }
}
