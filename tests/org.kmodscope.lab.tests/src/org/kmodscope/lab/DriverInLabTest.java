/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSession.Armed;
import org.kmodscope.core.target.TargetSession.Subscription;

/** A driver of the template in a lab that all tests of this class share. */
@Timeout(300)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class DriverInLabTest {

    private static final String NAME = "labfifo";
    private static final String DEVICE = "/dev/labfifo";

    @TempDir static Path work;
    private static Workshop workshop;
    private static Path driver;
    private static TargetSession session;
    private static Recorder recorder;

    @BeforeAll
    static void start() throws Exception {
        workshop = new Workshop();
        driver = workshop.driver(work.resolve(NAME), NAME);
        session = workshop.open();
        recorder = new Recorder(session.events());
    }

    @AfterAll
    static void end() throws Exception {
        session.close();
        recorder.awaitEnd().close();
    }

    /** Loads the driver and unloads it, whatever happens between. */
    private interface Body {
        void run() throws Exception;
    }

    private static void loaded(Body body) throws Exception {
        session.load(driver, List.of());
        try {
            body.run();
        } finally {
            session.unload(NAME);
        }
    }

    private static KmodscopeException refused(org.junit.jupiter.api.function.Executable call) {
        KmodscopeException failure = assertThrows(KmodscopeException.class, call);
        assertEquals(KmodscopeException.Kind.FAILED, failure.kind(), failure::toString);
        assertTrue(!failure.remedy().isBlank(), failure::toString);
        return failure;
    }

    /** How many events of a kind came since; a write that nobody watches marks the end. */
    private static List<Event> since(int before, EventKind kind) throws Exception {
        return recorder.all().subList(before, recorder.all().size()).stream()
                .filter(event -> event.kind() == kind)
                .toList();
    }

    @Test
    void theSessionSaysWhatItIs() throws Exception {
        assertEquals(workshop.kernel().release(), session.info().kernelRelease());
        assertEquals("x86_64", session.info().machine());
        assertEquals(TargetInfo.Acceleration.TCG, session.info().acceleration());
    }

    @Test
    void itLoadsAndUnloadsTwice() throws Exception {
        for (int i = 0; i < 2; i++) {
            session.load(driver, List.of("size=8192"));
            assertEquals(0, Printed.by(session, "test", "-c", DEVICE).status());
            Printed size = Printed.by(session, "cat", "/sys/module/labfifo/parameters/size");
            assertEquals("8192\n", size.text());
            session.unload(NAME);
            assertEquals(1, Printed.by(session, "test", "-e", DEVICE).status());
        }
        assertTrue(refused(() -> session.unload(NAME)).getMessage().contains("no module"));
    }

    @Test
    void tenThousandWritesAreTenThousandSignalsAndNoneIsLost() throws Exception {
        loaded(
                () -> {
                    int before = recorder.all().size();
                    long lost = recorder.lost();
                    try (Armed armed = session.arm(new ArmRequest(DEVICE, true, 4096))) {
                        StimulusResult result =
                                session.stimulate(
                                        new Stimulus(DEVICE, 10_000, 16, 0), Workshop.MONITOR);
                        assertEquals(10_000, result.writes());
                        assertEquals(160_000, result.bytes());
                        recorder.await(
                                all ->
                                        all.subList(before, all.size()).stream()
                                                        .filter(e -> e.kind() == EventKind.READ_END)
                                                        .mapToLong(e -> Math.max(0, e.result()))
                                                        .sum()
                                                == 160_000);
                        armed.close();
                        session.stimulate(new Stimulus(DEVICE, 1, 1, 0), Workshop.MONITOR);
                        recorder.await(
                                all ->
                                        all.subList(before, all.size()).stream()
                                                        .filter(
                                                                e ->
                                                                        e.kind()
                                                                                == EventKind
                                                                                        .WRITE_END)
                                                        .count()
                                                == 10_001);
                        List<Event> signals = since(before, EventKind.SIGIO_IN);
                        assertEquals(10_000, signals.size());
                        signals.forEach(e -> assertEquals(armed.stream(), e.stream()));
                        assertTrue(since(before, EventKind.SIGIO_OUT).size() > 0);
                        assertEquals(List.of(), since(before, EventKind.OVERFLOW));
                        assertEquals(lost, recorder.lost());
                    }
                });
    }

    @Test
    void anEchoIsExactlyOneSignal() throws Exception {
        loaded(
                () -> {
                    int before = recorder.all().size();
                    Armed armed = session.arm(new ArmRequest(DEVICE, false, 0));
                    Printed echo = Printed.by(session, "sh", "-c", "echo hello > " + DEVICE);
                    assertEquals(0, echo.status(), echo::toString);
                    armed.close();
                    // Nobody watches this one: its record comes behind all of the echo's.
                    session.stimulate(new Stimulus(DEVICE, 1, 1, 0), Workshop.MONITOR);
                    recorder.await(
                            all ->
                                    all.subList(before, all.size()).stream()
                                            .anyMatch(e -> e.kind() == EventKind.WRITE_END));
                    List<Event> signals = since(before, EventKind.SIGIO_IN);
                    assertEquals(1, signals.size(), signals::toString);
                    assertEquals(0x41, signals.get(0).band());
                });
    }

    @Test
    void whatIsInUseIsNotUnloaded() throws Exception {
        loaded(
                () -> {
                    CountDownLatch reading = new CountDownLatch(1);
                    Printed printed =
                            new Printed() {
                                @Override
                                public synchronized void out(byte[] bytes) {
                                    super.out(bytes);
                                    reading.countDown();
                                }
                            };
                    RemoteCommand reader = session.start(List.of("cat", DEVICE), printed);
                    Printed.by(session, "sh", "-c", "echo open > " + DEVICE);
                    assertTrue(reading.await(30, TimeUnit.SECONDS));
                    String words = refused(() -> session.unload(NAME)).getMessage();
                    assertTrue(words.contains("in use"), words);
                    reader.close();
                    assertEquals(128 + 9, reader.waitFor(Workshop.MONITOR));
                    assertEquals("open\n", printed.text());
                });
    }

    @Test
    void anArmedDeviceIsInUse() throws Exception {
        loaded(
                () -> {
                    try (Armed armed = session.arm(new ArmRequest(DEVICE, true, 16))) {
                        assertTrue(armed.stream() > 0);
                        refused(() -> session.unload(NAME));
                    }
                });
    }

    @Test
    void aSecondOneOfTheSameNameIsRefused() throws Exception {
        loaded(
                () -> {
                    KmodscopeException failure = refused(() -> session.load(driver, List.of()));
                    assertTrue(failure.getMessage().contains("loaded already"), failure::toString);
                });
    }

    @Test
    void aModuleOfAnotherKernelIsRefusedInTheKernelsWords() throws Exception {
        String release = workshop.kernel().release();
        // With symbol versions the kernel compares what follows the release.
        Path foreign =
                Workshop.patched(
                        driver,
                        work.resolve("vermagic"),
                        release + " SMP preempt ",
                        release + " SMP preemqt ");
        KmodscopeException failure = refused(() -> session.load(foreign, List.of()));
        assertTrue(
                failure.getMessage().contains("version magic '" + release + " SMP preemqt"),
                failure::toString);
        assertTrue(failure.remedy().contains(release), failure::remedy);
    }

    @Test
    void aMissingSymbolIsNamed() throws Exception {
        Path wrong =
                Workshop.patched(driver, work.resolve("symbol"), "misc_register", "misc_registes");
        KmodscopeException failure = refused(() -> session.load(wrong, List.of()));
        assertTrue(
                failure.getMessage().contains("Unknown symbol misc_registes"), failure::toString);
    }

    @Test
    void whatIsNoModuleIsRefused() throws Exception {
        Path text = java.nio.file.Files.writeString(work.resolve("text.ko"), "no module");
        KmodscopeException failure = refused(() -> session.load(text, List.of()));
        assertTrue(failure.getMessage().contains("not a module"), failure::toString);
    }

    @Test
    void aParameterThatIsNotThereIsToldByTheKernel() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (Subscription log =
                session.onKernelLog(
                        line -> {
                            if (line.text().contains("unknown parameter 'nonsense' ignored")) {
                                told.countDown();
                            }
                        })) {
            // It loads all the same: that is the kernel's rule.
            session.load(driver, List.of("nonsense=1"));
            session.unload(NAME);
            assertTrue(told.await(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aParameterOutOfRangeIsRefused() {
        KmodscopeException failure = refused(() -> session.load(driver, List.of("size=0")));
        assertTrue(failure.getMessage().contains("does not load"), failure::toString);
    }

    @Test
    void aDeviceThatIsNotThereIsSaidSo() {
        String words =
                refused(() -> session.arm(new ArmRequest("/dev/nothing", true, 16))).getMessage();
        assertTrue(words.contains("/dev/nothing: No such file"), words);
    }

    @Test
    void aDeviceWithoutFasyncIsSaidToHaveNone() {
        String words =
                refused(() -> session.arm(new ArmRequest("/dev/null", true, 16))).getMessage();
        assertTrue(words.contains("O_ASYNC was silently not set"), words);
    }

    @Test
    void theKernelLogComesWithWhatIsThereAlready() throws Exception {
        CountDownLatch boot = new CountDownLatch(1);
        CountDownLatch later = new CountDownLatch(1);
        try (Subscription log =
                session.onKernelLog(
                        line -> {
                            if (line.text().startsWith("Linux version ")) {
                                boot.countDown();
                            }
                            if (line.text().equals("written by a test") && line.level() == 3) {
                                later.countDown();
                            }
                        })) {
            assertTrue(boot.await(30, TimeUnit.SECONDS));
            Printed.by(session, "sh", "-c", "echo '<3>written by a test' > /dev/kmsg");
            assertTrue(later.await(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void linesOfTheKernelAreEventsOnTheSameClock() throws Exception {
        int before = recorder.all().size();
        Path talker =
                workshop.module(
                        work.resolve("talker"),
                        "talker",
                        """
                        // SPDX-License-Identifier: GPL-2.0
                        #include <linux/module.h>
                        static int __init talker_init(void)
                        {
                        	pr_warn("talker was here\\n");
                        	return -ENODEV;
                        }
                        module_init(talker_init);
                        MODULE_DESCRIPTION("Says a line and goes");
                        MODULE_LICENSE("GPL");
                        """);
        KmodscopeException failure = refused(() -> session.load(talker, List.of()));
        assertTrue(failure.getMessage().contains("talker was here"), failure::toString);
        recorder.await(
                all ->
                        all.subList(before, all.size()).stream()
                                .anyMatch(
                                        e -> e.kind() == EventKind.KERNEL_LOG && e.result() == 4));
    }
}
