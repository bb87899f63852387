/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.IoModel.Signals;

/** What a bridge delivers, on pipes, sockets and terminals of this machine. */
@Timeout(120)
class SigioSourceTest {

    @Test
    void aWriteIsOneReadableEvent() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device = running.arm(pipe.reader());
            long before = System.nanoTime();
            pipe.write(1);
            running.recorder.await(EventKind.SIGIO_IN, 1);
            long after = System.nanoTime();
            running.stop();

            Event event = running.recorder.events().getFirst();
            assertAll(
                    () -> assertEquals(1, running.recorder.events().size()),
                    () -> assertEquals(device.stream(), event.stream()),
                    () -> assertEquals(0x41, event.band()),
                    () -> assertEquals(0, event.flags()),
                    () -> assertTrue(before < event.timeNanos() && event.timeNanos() < after));
        }
    }

    /** signalfd's record has 32 bits of the band, siginfo has 64. */
    @Test
    void theBandIsTheSameIn64Bits() throws Exception {
        int signal = SignalHandlers.install().event();
        Pointer set = Libc.zeroed(128);
        set.setLong(0, 1L << signal - 1);
        Pointer info = Libc.zeroed(128);
        Pointer patience = Libc.zeroed(16);
        patience.setLong(0, 30);
        try (Ends pipe = Posix.pipe();
                SignalChannel channel = SignalChannel.open(Abi.ofThisMachine(), signal)) {
            Descriptor watched = Descriptor.duplicateOf(pipe.reader());
            watched.startSignals(channel.thread(), signal);
            pipe.write(1);
            assertEquals(signal, Libc.sigtimedwait(set, info, patience));
            assertEquals(0x41L, info.getLong(16));
            assertEquals(watched.number(), info.getInt(24));
            pipe.write(1);
            assertEquals(1, channel.read());
            assertEquals(0x41, channel.band(0));
            watched.close();
        }
    }

    @Test
    void tenThousandWritesAreTenThousandEventsNumberedWithoutGap() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device = running.arm(pipe.reader());
            for (int i = 0; i < 10_000; i++) {
                pipe.write(1);
            }
            running.stop();

            List<Event> events = running.recorder.events();
            assertEquals(10_000, events.size());
            assertTrue(events.stream().allMatch(event -> event.kind() == EventKind.SIGIO_IN));
            assertEquals(
                    IntStream.range(0, 10_000).boxed().toList(),
                    events.stream().map(Event::sequence).toList());
            assertEquals(10_000, device.statistics().readable());
            assertEquals(0, running.bridge.statistics().overflows());
            assertEquals(0, running.bridge.statistics().strays());
        }
    }

    @Test
    void roomInASocketIsAWritableEvent() throws Exception {
        try (Ends sockets = Posix.sockets();
                RunningBridge running = RunningBridge.start()) {
            // A socket tells of room only to those who were armed when it became full.
            SigioSource.Device device = running.arm(sockets.writer());
            Posix.fill(sockets.writer());
            Posix.empty(sockets.reader());
            running.recorder.await(EventKind.SIGIO_OUT, 1);
            running.stop();

            assertEquals(0x304, running.recorder.events(EventKind.SIGIO_OUT).getFirst().band());
            assertTrue(device.statistics().writable() >= 1);
            assertEquals(0, device.statistics().readable());
        }
    }

    @Test
    void roomInAPipeIsAWritableEvent() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            Posix.fill(pipe.writer());
            running.arm(pipe.writer());
            Posix.empty(pipe.reader());
            running.recorder.await(EventKind.SIGIO_OUT, 1);
        }
    }

    @Test
    void aClosedSocketHangsUp() throws Exception {
        try (RunningBridge running = RunningBridge.start()) {
            Ends sockets = Posix.sockets();
            SigioSource.Device device = running.arm(sockets.reader());
            sockets.close();
            running.recorder.await(EventKind.DEVICE_GONE, 1);
            running.stop();

            assertTrue(
                    (running.recorder.events(EventKind.SIGIO_OTHER).getFirst().band()
                                    & PollTable.POLLHUP)
                            != 0);
            assertTrue(device.statistics().gone());
            assertEquals(1, running.recorder.events(EventKind.DEVICE_GONE).size());
        }
    }

    @Test
    void aClosedPipeIsReadableAndGone() throws Exception {
        Ends pipe = Posix.pipe();
        try (RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader());
            Libc.close(pipe.writer());
            running.recorder.await(EventKind.DEVICE_GONE, 1);

            Event gone = running.recorder.events(EventKind.DEVICE_GONE).getFirst();
            assertEquals(PollTable.POLLHUP, gone.band() & PollTable.POLLHUP);
            assertEquals(1, running.recorder.events(EventKind.SIGIO_IN).size());
        }
        Libc.close(pipe.reader());
    }

    @Test
    void aWriterWhoseReaderLeftIsAFaultNotAnEnd() throws Exception {
        Ends pipe = Posix.pipe();
        try (RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.writer());
            Libc.close(pipe.reader());
            running.recorder.await(EventKind.SIGIO_OTHER, 1);

            Event fault = running.recorder.events(EventKind.SIGIO_OTHER).getFirst();
            assertEquals(PollTable.POLLERR, fault.band());
        }
        Libc.close(pipe.writer());
    }

    @Test
    void aTerminalIsArmedByItsPathAndItsEndIsFoundWithoutASignal() throws Exception {
        int master = Posix.terminalMaster();
        try (RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device =
                    running.bridge.arm(Posix.terminalPath(master), new Signals(false, 0));
            device.awaitLive();
            Posix.write(master, 1);
            running.recorder.await(EventKind.SIGIO_IN, 1);
            Libc.close(master);
            running.recorder.await(EventKind.DEVICE_GONE, 1);
            assertTrue(device.statistics().gone());
        }
    }

    @Test
    void drainingReadsUntilNothingIsLeft() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device =
                    running.bridge.armDescriptor(pipe.reader(), new Signals(true, 100));
            device.awaitLive();
            pipe.write(250);
            running.recorder.await(EventKind.READ_END, 4);
            running.stop();

            List<Event> ends = running.recorder.events(EventKind.READ_END);
            assertEquals(List.of(100L, 100L, 50L, -11L), ends.stream().map(Event::result).toList());
            assertEquals(
                    running.recorder.events(EventKind.READ_START).stream()
                            .map(Event::request)
                            .toList(),
                    ends.stream().map(Event::request).toList());
            assertEquals(4, ends.stream().map(Event::request).distinct().count());
            assertEquals(250, device.statistics().bytes());
            assertEquals(4, device.statistics().reads());
        }
    }

    /** The other device signals when the first read begins: so there is always more to read. */
    @Test
    void drainingAnEndlessWriterDoesNotStarveTheOthers() throws Exception {
        int bytes = 4096;
        Recorder recorder = new Recorder();
        AtomicBoolean written = new AtomicBoolean();
        try (Ends endless = Posix.pipe();
                Ends other = Posix.pipe();
                RunningBridge running =
                        RunningBridge.start(
                                Bridge.open().signals(),
                                recorder,
                                (time, head, request, result, tail) -> {
                                    recorder.accept(time, head, request, result, tail);
                                    if (EventCodec.kind(head) == EventKind.READ_START
                                            && written.compareAndSet(false, true)) {
                                        other.write(1);
                                    }
                                })) {
            SigioSource.Device watched = running.arm(other.reader());
            SigioSource.Device drained =
                    running.bridge.armDescriptor(endless.reader(), new Signals(true, 1));
            drained.awaitLive();
            endless.write(bytes);
            recorder.await(EventKind.READ_END, bytes + 1);
            recorder.await(EventKind.SIGIO_IN, 2);
            assertEquals(bytes, drained.statistics().bytes());
            List<Event> events = recorder.events();
            int seen =
                    IntStream.range(0, events.size())
                            .filter(i -> events.get(i).stream() == watched.stream())
                            .findFirst()
                            .orElseThrow();
            // A read is two events; the last of them found nothing more.
            assertTrue(seen < 2 * bytes, "the other device came last, as event " + seen);
        }
    }

    @Test
    void severalDevicesHaveStreamsAndCountsOfTheirOwn() throws Exception {
        try (Ends first = Posix.pipe();
                Ends second = Posix.sockets();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device a = running.arm(first.reader());
            SigioSource.Device b = running.arm(second.reader());
            assertNotEquals(a.stream(), b.stream());
            for (int i = 0; i < 300; i++) {
                first.write(1);
                if (i % 3 == 0) {
                    second.write(1);
                }
            }
            running.stop();

            assertEquals(300, a.statistics().readable());
            assertEquals(100, b.statistics().readable());
            assertEquals(
                    100,
                    running.recorder.events().stream()
                            .filter(event -> event.stream() == b.stream())
                            .count());
        }
    }

    @Test
    void garbageCollectionLosesNothing() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            running.arm(pipe.reader());
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 1_000; j++) {
                    pipe.write(1);
                }
                System.gc();
            }
            running.stop();
            assertEquals(20_000, running.recorder.events(EventKind.SIGIO_IN).size());
        }
    }

    @Test
    void twoBridgesDoNotDisturbEachOther() throws Exception {
        try (Ends left = Posix.pipe();
                Ends right = Posix.pipe();
                RunningBridge one = RunningBridge.start();
                RunningBridge two = RunningBridge.start()) {
            one.arm(left.reader());
            two.arm(right.reader());
            for (int i = 0; i < 1_000; i++) {
                left.write(1);
                right.write(1);
            }
            one.stop();
            right.write(1);
            two.stop();
            assertEquals(1_000, one.recorder.events(EventKind.SIGIO_IN).size());
            assertEquals(1_001, two.recorder.events(EventKind.SIGIO_IN).size());
        }
    }
}
