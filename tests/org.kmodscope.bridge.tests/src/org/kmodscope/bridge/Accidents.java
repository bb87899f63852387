/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.IoModel.Signals;

/**
 * What may happen to a process that receives signals, as a program: it ends with 0 when it survived
 * and all was as it should be. {@link AccidentsTest} starts it, because some of it would end the
 * JVM of the tests, and limits of signals can only be lowered.
 */
final class Accidents {

    static final int RT = 40;

    private Accidents() {}

    /** Runs the accident that the first argument names. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "unprotected" -> unprotected();
            case "overflow" -> overflow(Integer.parseInt(arguments[1]));
            case "overflow-while-woken" -> overflowWhileWoken();
            case "flood" -> flood();
            case "misdirect" -> misdirect();
            case "late" -> late();
            case "interrupted-call" -> interruptedCall();
            case "fence-in-full-queue" -> fenceInFullQueue();
            case "no-queue" -> noQueue();
            case "taken" -> taken();
            case "transfers" -> TransferAccidents.run(arguments[1]);
            case "posix-aio-answers" -> PosixAioAccidents.run();
            case "sandbox" -> SandboxAccidents.run();
            case "no-library" -> noLibrary();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.exit(0);
    }

    /** That these tests can fail: without a bridge, SIGIO ends the process. */
    private static void unprotected() {
        Posix.kill(Libc.getpid(), SignalHandlers.SIGIO);
        for (; ; ) {
            Thread.onSpinWait();
        }
    }

    /** A bridge that stands still in its sink at the first event until it is let go. */
    private static final class Held implements AutoCloseable {

        final Recorder recorder = new Recorder();
        final CountDownLatch go = new CountDownLatch(1);
        final RunningBridge running;

        Held() throws Exception {
            running =
                    RunningBridge.start(
                            Bridge.open().signals(),
                            recorder,
                            (time, head, request, result, tail) -> {
                                recorder.accept(time, head, request, result, tail);
                                hold();
                            });
        }

        private void hold() {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            running.close();
        }
    }

    private static void overflow(int limit) throws Exception {
        Posix.limitSignals(limit);
        try (Ends pipe = Posix.pipe();
                Held held = new Held()) {
            SigioSource.Device device = held.running.arm(pipe.reader());
            pipe.write(1);
            held.recorder.await(EventKind.SIGIO_IN, 1);
            for (int i = 0; i < 2 * limit; i++) {
                pipe.write(1);
            }
            held.go.countDown();
            held.recorder.await(Accidents::resynchronised);
            held.running.stop();

            List<Event> events = held.recorder.events();
            assertEquals(EventKind.SIGIO_IN, events.get(0).kind());
            assertEquals(EventKind.OVERFLOW, events.get(1).kind(), "the marker comes first");
            long signals = events.stream().filter(Accidents::isSignal).count();
            assertTrue(signals > 1 && signals <= limit + 1, signals + " signals");
            assertEquals(EventCodec.FLAG_RESYNC, events.getLast().flags());
            assertEquals(signals, device.statistics().readable());
            assertEquals(1, device.statistics().resynchronised());
            assertEquals(1, held.running.bridge.statistics().overflows());
            assertEquals(OptionalLong.of(limit), held.running.bridge.statistics().queueLimit());
            assertEquals(
                    IntStream.range(0, events.size()).boxed().toList(),
                    events.stream().map(Event::sequence).toList());
        }
    }

    private static void overflowWhileWoken() throws Exception {
        Posix.limitSignals(64);
        try (Ends pipe = Posix.pipe();
                Ends other = Posix.pipe();
                Held held = new Held()) {
            held.running.arm(pipe.reader());
            pipe.write(1);
            held.recorder.await(EventKind.SIGIO_IN, 1);
            Thread arming =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            held.running.arm(other.reader());
                                        } catch (Exception e) {
                                            throw new AssertionError(e);
                                        }
                                    });
            for (int i = 0; i < 200; i++) {
                pipe.write(1);
            }
            held.go.countDown();
            arming.join();
            held.recorder.await(Accidents::resynchronised);
            other.write(1);
            held.recorder.await(all -> all.getLast().stream() == 2);
            assertEquals(1, held.running.bridge.statistics().overflows());
        }
    }

    private static void flood() throws Exception {
        Posix.limitSignals(64);
        int writes = 100_000;
        try (Ends left = Posix.pipe();
                Ends right = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device a = running.arm(left.reader());
            SigioSource.Device b = running.arm(right.reader());
            Thread one = Thread.ofPlatform().start(() -> write(left, writes));
            Thread two = Thread.ofPlatform().start(() -> write(right, writes));
            for (int i = 0; i < 200; i++) {
                try (Ends third = Posix.pipe()) {
                    SigioSource.Device device = running.arm(third.reader());
                    third.write(1);
                    device.close();
                }
            }
            one.join();
            two.join();
            running.stop();
            long seen = a.statistics().readable() + b.statistics().readable();
            SignalStatistics statistics = running.bridge.statistics();
            assertTrue(
                    seen == 2L * writes || statistics.overflows() > 0,
                    seen + " of " + 2L * writes + " and no overflow");
            assertEquals(0, statistics.strays());
            assertEquals(
                    statistics.overflows(), running.recorder.events(EventKind.OVERFLOW).size());
        }
    }

    private static void write(Ends pipe, int writes) {
        for (int i = 0; i < writes; i++) {
            pipe.write(1);
            if (i % 4096 == 4095) {
                Posix.empty(pipe.reader());
            }
        }
    }

    private static void misdirect() throws Exception {
        int process = Libc.getpid();
        int thisThread = Libc.gettid();
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader());
            int bridgeThread = thread("bridge under test");
            for (int i = 0; i < 100; i++) {
                Posix.kill(process, RT);
                Posix.kill(process, SignalHandlers.SIGIO);
                Posix.kill(process, SignalHandlers.SIGURG);
                Libc.tgkill(process, thisThread, RT);
                Libc.tgkill(process, thisThread, SignalHandlers.SIGIO);
                Libc.tgkill(process, bridgeThread, RT);
                queue(process, bridgeThread, 1_000_000L + i);
            }
            pipe.write(1);
            running.recorder.await(EventKind.SIGIO_IN, 1);
            running.stop();
            assertEquals(1, running.recorder.events().size());
            assertEquals(0, running.bridge.statistics().overflows());
            assertTrue(running.bridge.statistics().strays() >= 200);
        }
    }

    /** Signals that come when the bridge, or its thread, is there no more. */
    private static void late() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device =
                    running.bridge.armDescriptor(pipe.reader(), new Signals(false, 0));
            device.awaitLive();
            for (int i = 0; i < 5_000; i++) {
                pipe.write(1);
            }
            running.stop();
            assertEquals(5_000, device.statistics().readable());
            for (int i = 0; i < 100; i++) {
                pipe.write(1);
                Posix.kill(Libc.getpid(), RT);
                Posix.kill(Libc.getpid(), SignalHandlers.SIGIO);
            }
        }
    }

    /** A handler without SA_RESTART makes calls of the bridge's thread fail with EINTR. */
    private static void interruptedCall() throws Exception {
        Pointer action = Libc.zeroed(152);
        action.setLong(0, Libc.addressOfAbs());
        assertEquals(0, Libc.sigaction(50, action, null));
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader());
            int thread = thread("bridge under test");
            for (int i = 0; i < 1_000; i++) {
                Libc.tgkill(Libc.getpid(), thread, 50);
                pipe.write(1);
                int count = i + 1;
                running.recorder.await(EventKind.SIGIO_IN, count);
            }
        }
    }

    private static void fenceInFullQueue() throws Exception {
        Posix.limitSignals(32);
        try (Ends pipe = Posix.pipe();
                Held held = new Held()) {
            SigioSource.Device device = held.running.arm(pipe.reader());
            pipe.write(1);
            held.recorder.await(EventKind.SIGIO_IN, 1);
            // Another thread's queue takes all the room, so that no fence finds any.
            Thread hoarder = Thread.ofPlatform().start(() -> hoard(held.go, device));
            hoarder.join();
            held.running.stop();
        }
    }

    private static void hoard(CountDownLatch go, SigioSource.Device device) {
        try (SignalChannel channel = SignalChannel.open(Abi.ofThisMachine(), RT)) {
            long cookie = 0;
            while (channel.fence(++cookie)) {
                assertTrue(cookie < 100);
            }
            go.countDown();
            device.close();
            assertTrue(channel.await(0));
        } catch (KmodscopeException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void noQueue() {
        Posix.limitSignals(0);
        KmodscopeException refused =
                assertThrows(KmodscopeException.class, () -> Bridge.open().signals());
        assertEquals(KmodscopeException.Kind.MISSING, refused.kind());
        assertTrue(refused.getMessage().contains("queue of signals is full"));
        assertTrue(refused.remedy().contains("ulimit -i"));
    }

    /** Signals that another library of the process handles are left alone. */
    private static void taken() throws Exception {
        Pointer action = Libc.zeroed(152);
        action.setLong(0, Libc.addressOfAbs() + 1);
        assertEquals(0, Libc.sigaction(RT, action, null));
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader());
            pipe.write(1);
            running.recorder.await(EventKind.SIGIO_IN, 1);
        }
        Pointer now = Libc.zeroed(152);
        assertEquals(0, Libc.sigaction(RT, null, now));
        assertEquals(action.getLong(0), now.getLong(0));

        assertEquals(0, Libc.sigaction(SignalHandlers.SIGIO, action, null));
        KmodscopeException refused =
                assertThrows(KmodscopeException.class, () -> Bridge.open().signals());
        assertTrue(refused.getMessage().contains("already handles SIGIO"));
    }

    private static void queue(int process, int thread, long cookie) throws KmodscopeException {
        Pointer info = Libc.zeroed(128);
        info.setInt(0, RT);
        info.setInt(8, SignalChannel.SI_QUEUE);
        info.setInt(16, process);
        info.setLong(24, cookie);
        int call = Abi.ofThisMachine().tgsigqueueinfo();
        assertEquals(0, Libc.syscall(call, process, thread, RT, info));
    }

    /** The kernel's number of a thread; HotSpot hands the first 15 characters of its name on. */
    private static int thread(String name) throws Exception {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (var task : tasks.toList()) {
                String comm = comm(task);
                if (comm.length() > 5 && name.startsWith(comm)) {
                    return Integer.parseInt(task.getFileName().toString());
                }
            }
        }
        throw new AssertionError("no thread " + name);
    }

    private static String comm(Path task) throws IOException {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (NoSuchFileException ended) {
            return "";
        }
    }

    /** Started where JNA finds no library of its own: as on another C library. */
    private static void noLibrary() {
        KmodscopeException refused = assertThrows(KmodscopeException.class, Bridge::open);
        assertEquals(KmodscopeException.Kind.MISSING, refused.kind());
        assertTrue(refused.remedy().contains("glibc 2.30"), refused.remedy());
        assertThrows(KmodscopeException.class, Bridge::open, "the second time, too");
    }

    private static boolean isSignal(Event event) {
        return event.kind() == EventKind.SIGIO_IN && event.flags() == 0;
    }

    private static boolean resynchronised(List<Event> events) {
        return events.stream().anyMatch(event -> event.flags() == EventCodec.FLAG_RESYNC);
    }
}
