/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.IoModel.Signals;

/** Drivers that wait where they must not. A pipe does, once it is taken out of its mode. */
@Timeout(120)
class BlockingDriverTest {

    private static final int F_GETFL = 3;

    @Test
    void aReadThatWaitsEndsTheBridgeWithTheReason() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device = ignoringNonBlocking(running, pipe);
            KmodscopeException failure = assertThrows(KmodscopeException.class, running::join);
            assertIsTheReason(failure);
            device.close();
        }
    }

    @Test
    void stopAndCloseDoNotWaitForARead() throws Exception {
        try (Ends pipe = Posix.pipe();
                RunningBridge running = RunningBridge.start()) {
            SigioSource.Device device = ignoringNonBlocking(running, pipe);
            running.bridge.stop();
            device.close();
            assertIsTheReason(assertThrows(KmodscopeException.class, running::join));
        }
    }

    @Test
    void closingFailsWhenTheBridgeIsStuck() throws Exception {
        Recorder recorder = new Recorder();
        CountDownLatch go = new CountDownLatch(1);
        try (Ends pipe = Posix.pipe();
                RunningBridge running =
                        RunningBridge.start(
                                Bridge.open().signals(),
                                recorder,
                                (time, head, request, result, tail) -> {
                                    recorder.accept(time, head, request, result, tail);
                                    await(go);
                                })) {
            SigioSource.Device device = running.arm(pipe.reader());
            pipe.write(1);
            recorder.await(EventKind.SIGIO_IN, 1);
            KmodscopeException stuck = assertThrows(KmodscopeException.class, device::close);
            assertEquals(Kind.FAILED, stuck.kind());
            assertTrue(stuck.getMessage().contains("10 seconds"), stuck.getMessage());
            assertFalse(stuck.remedy().isEmpty());
            go.countDown();
            device.close();
            running.stop();
        }
    }

    /** Armed, signalled, and on its way into a read that waits. */
    private static SigioSource.Device ignoringNonBlocking(RunningBridge running, Ends pipe)
            throws Exception {
        SigioSource.Device device =
                running.bridge.armDescriptor(pipe.reader(), new Signals(true, 16));
        device.awaitLive();
        Libc.fcntl(pipe.reader(), Descriptor.F_SETFL, flags(pipe) & ~(long) Descriptor.O_NONBLOCK);
        pipe.write(1);
        running.recorder.await(EventKind.READ_START, 2);
        return device;
    }

    private static long flags(Ends pipe) {
        return Libc.fcntl(pipe.reader(), F_GETFL, 0L);
    }

    private static void assertIsTheReason(KmodscopeException failure) {
        assertEquals(Kind.FAILED, failure.kind());
        assertTrue(failure.getMessage().contains("O_NONBLOCK"), failure.getMessage());
        assertTrue(failure.remedy().contains("-EAGAIN"), failure.remedy());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
