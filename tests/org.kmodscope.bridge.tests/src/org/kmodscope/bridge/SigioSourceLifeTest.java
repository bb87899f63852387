/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.IoModel.Signals;

/** Arming, disarming and ending, in every order; and what is refused. */
@Timeout(120)
class SigioSourceLifeTest {

    @Test
    void armedBeforeRunSignalsOnceItRuns() throws Exception {
        try (Ends pipe = Posix.pipe();
                SigioSource bridge = Bridge.open().signals()) {
            SigioSource.Device device = bridge.armDescriptor(pipe.reader(), new Signals(false, 0));
            try (RunningBridge running = RunningBridge.start(bridge)) {
                device.awaitLive();
                pipe.write(1);
                running.recorder.await(EventKind.SIGIO_IN, 1);
            }
        }
    }

    @Test
    void disarmedBeforeRunNeverSignals() throws Exception {
        try (Ends pipe = Posix.pipe();
                SigioSource bridge = Bridge.open().signals()) {
            SigioSource.Device device = bridge.armDescriptor(pipe.reader(), new Signals(false, 0));
            device.close();
            assertThrows(KmodscopeException.class, device::awaitLive);
            try (Ends other = Posix.pipe();
                    RunningBridge running = RunningBridge.start(bridge)) {
                running.arm(other.reader());
                pipe.write(1);
                other.write(1);
                running.stop();
                assertEquals(1, running.recorder.events().size());
            }
        }
    }

    @Test
    void nothingFollowsADisarmEvenWhenTheNumberIsUsedAgain() throws Exception {
        try (RunningBridge running = RunningBridge.start();
                Ends pipe = Posix.pipe()) {
            for (int round = 0; round < 20; round++) {
                SigioSource.Device device = running.arm(pipe.reader());
                for (int i = 0; i < 500; i++) {
                    pipe.write(1);
                }
                device.close();
                int after = running.recorder.events().size();
                assertEquals(500, device.statistics().readable());
                // The bridge's duplicate had the lowest free number; so has this one.
                SigioSource.Device next = running.arm(pipe.reader());
                pipe.write(1);
                running.recorder.await(all -> all.size() > after);
                assertEquals(next.stream(), running.recorder.events().get(after).stream(), "stale");
                next.close();
                Posix.empty(pipe.reader());
            }
            assertEquals(0, running.bridge.statistics().strays());
        }
    }

    @Test
    void theCallersDescriptorMayBeClosedAndReplaced() throws Exception {
        Ends pipe = Posix.pipe();
        try (RunningBridge running = RunningBridge.start();
                Ends other = Posix.pipe()) {
            SigioSource.Device device = running.arm(pipe.reader());
            Posix.dup2(other.reader(), pipe.reader());
            pipe.write(1);
            running.recorder.await(EventKind.SIGIO_IN, 1);
            other.write(1);
            device.close();
            other.write(1);
            running.stop();
            assertEquals(1, running.recorder.events().size());
        }
        pipe.close();
    }

    @Test
    void aDuplicateThatStaysOpenIsSilentAfterTheDisarm() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader()).close();
            pipe.write(1);
            running.arm(pipe.reader()).close();
            running.stop();
            assertEquals(List.of(), running.recorder.events());
            assertEquals(0, running.bridge.statistics().strays());
        }
    }

    @Test
    void stopDeliversWhatWasSignalledBefore() throws Exception {
        Recorder recorder = new Recorder();
        CountDownLatch go = new CountDownLatch(1);
        SigioSource bridge = Bridge.open().signals();
        try (Ends pipe = Posix.pipe();
                RunningBridge running =
                        RunningBridge.start(
                                bridge,
                                recorder,
                                (time, head, request, result, tail) -> {
                                    recorder.accept(time, head, request, result, tail);
                                    awaitUninterrupted(go);
                                })) {
            running.arm(pipe.reader());
            pipe.write(1);
            recorder.await(EventKind.SIGIO_IN, 1);
            for (int i = 0; i < 5_000; i++) {
                pipe.write(1);
            }
            bridge.stop();
            go.countDown();
            running.join();
            assertEquals(5_001, recorder.events(EventKind.SIGIO_IN).size());
        }
    }

    @Test
    void stopWakesABlockedBridgeAndMayBeRepeated() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device = running.arm(pipe.reader());
            running.stop();
            running.bridge.stop();
            running.bridge.close();
            device.close();
            device.close();
            KmodscopeException refused =
                    assertThrows(KmodscopeException.class, () -> running.arm(pipe.reader()));
            assertEquals(Kind.USAGE, refused.kind());
        }
    }

    @Test
    void aBridgeStoppedBeforeItRanRunsAtOnceToItsEnd() throws Exception {
        try (Ends pipe = Posix.pipe()) {
            SigioSource bridge = Bridge.open().signals();
            SigioSource.Device device = bridge.armDescriptor(pipe.reader(), new Signals(false, 0));
            bridge.stop();
            bridge.run((time, head, request, result, tail) -> {});
            assertThrows(KmodscopeException.class, device::awaitLive);
            device.close();
        }
    }

    @Test
    void runsOnceAndOnlyOnAPlatformThread() throws Exception {
        try (RunningBridge running = RunningBridge.start()) {
            try (Ends pipe = Posix.pipe()) {
                running.arm(pipe.reader());
            }
            running.stop();
            assertThrows(IllegalStateException.class, () -> running.bridge.run(running.recorder));
        }
        try (SigioSource bridge = Bridge.open().signals()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread.ofVirtual()
                    .start(
                            () ->
                                    thrown.set(
                                            assertThrows(
                                                    IllegalStateException.class,
                                                    () ->
                                                            bridge.run(
                                                                    (time,
                                                                            head,
                                                                            request,
                                                                            result,
                                                                            tail) -> {}))))
                    .join();
            assertTrue(thrown.get() instanceof IllegalStateException);
        }
    }

    @Test
    void theBridgesOwnThreadIsToldThatItCannotWaitForItself() throws Exception {
        Recorder recorder = new Recorder();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<SigioSource.Device> device = new AtomicReference<>();
        try (Ends pipe = Posix.pipe();
                RunningBridge running =
                        RunningBridge.start(
                                Bridge.open().signals(),
                                recorder,
                                (time, head, request, result, tail) -> {
                                    thrown.set(
                                            assertThrows(
                                                    IllegalStateException.class,
                                                    () -> device.get().close()));
                                    recorder.accept(time, head, request, result, tail);
                                })) {
            device.set(running.arm(pipe.reader()));
            pipe.write(1);
            recorder.await(EventKind.SIGIO_IN, 1);
            assertTrue(thrown.get() instanceof IllegalStateException);
        }
    }

    @Test
    void anInterruptEndsTheBridgeAsAnInterrupt() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader());
            running.thread.interrupt();
            assertThrows(InterruptedException.class, running::join);
        }
    }

    @Test
    void aSinkThatBreaksEndsTheBridgeAndFreesTheDevice() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running =
                        RunningBridge.start(
                                Bridge.open().signals(),
                                new Recorder(),
                                (time, head, request, result, tail) -> {
                                    throw new UnsupportedOperationException("broken");
                                })) {
            SigioSource.Device device = running.arm(pipe.reader());
            // Both ends, and the bridge's duplicate.
            assertEquals(3, Posix.shares(pipe.reader()));
            pipe.write(1);
            assertThrows(UnsupportedOperationException.class, running::join);
            device.close();
            assertEquals(2, Posix.shares(pipe.reader()));
        }
    }

    @Test
    void theThreadGetsItsSignalMaskBack() throws Exception {
        SigioSource bridge = Bridge.open().signals();
        AtomicReference<String> before = new AtomicReference<>("");
        AtomicReference<String> meanwhile = new AtomicReference<>("");
        AtomicReference<String> after = new AtomicReference<>("");
        try (Ends pipe = Posix.pipe()) {
            SigioSource.Device device = bridge.armDescriptor(pipe.reader(), new Signals(false, 0));
            Thread thread =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            assertDoesNotThrow(
                                                    () -> {
                                                        before.set(mask("/proc/thread-self"));
                                                        bridge.run(
                                                                (time,
                                                                        head,
                                                                        request,
                                                                        result,
                                                                        tail) -> {
                                                                    meanwhile.set(
                                                                            mask(
                                                                                    "/proc/thread-self"));
                                                                    bridge.stop();
                                                                });
                                                        after.set(mask("/proc/thread-self"));
                                                    }));
            device.awaitLive();
            pipe.write(1);
            thread.join();
        }
        assertFalse(before.get().isEmpty());
        assertEquals(before.get(), after.get());
        assertFalse(before.get().equals(meanwhile.get()));
    }

    @Test
    void aChildProcessInheritsNothing() throws Exception {
        List<String> without = child();
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader());
            assertEquals(without, child());
        }
    }

    private static String mask(String process) {
        try {
            return Files.readString(Path.of(process, "status"))
                    .lines()
                    .filter(line -> line.startsWith("SigBlk"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Blocked, ignored and caught signals of a process started here. */
    private static List<String> child() throws Exception {
        Process process = new ProcessBuilder("cat", "/proc/self/status").start();
        String status =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals(0, process.waitFor());
        List<String> lines = status.lines().filter(line -> line.matches("Sig...:.*")).toList();
        assertTrue(lines.size() >= 4, status);
        return lines.stream().filter(line -> !line.startsWith("SigPnd")).toList();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
