/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.FutureTask;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.bridge.PosixAio.Listed;
import org.kmodscope.bridge.PosixAio.State;
import org.kmodscope.bridge.PosixAio.Taken;

/**
 * Answers of glibc's aio functions that a process should not get and go on; part of {@link
 * Accidents}.
 */
final class PosixAioAccidents {

    private static final int CLONE3 = 435;

    private PosixAioAccidents() {}

    static void run() throws Exception {
        NativeBlock memory = NativeBlock.allocate(NativeBlock.PAGE);
        Ends pipe = Posix.waitingPipe();
        long read = memory.address();
        memory.buffer().putInt(PosixAio.FILDES, pipe.reader());
        memory.buffer().putInt(PosixAio.OPCODE, PosixAio.LIO_READ);
        memory.buffer().putLong(PosixAio.BUF, memory.address() + 2048);
        memory.buffer().putLong(PosixAio.NBYTES, 16);
        memory.buffer().putInt(PosixAio.NOTIFY, PosixAio.SIGEV_NONE);
        long list = memory.address() + 1024;
        memory.buffer().putLong(1024, read);
        withoutAThread(read, list);
        interrupted(list);
        assertEquals(State.IN_PROGRESS, PosixAio.state(read));
        // It never ends, and nothing is freed: see Listed.INTERRUPTED.
    }

    /** The first request needs a thread of glibc's, and none can be made. */
    private static void withoutAThread(long read, long list) throws Exception {
        FutureTask<Void> inside =
                new FutureTask<>(
                        () -> {
                            int clone = SandboxAccidents.Calls.ofThisMachine().newThread();
                            SandboxAccidents.forbid(CLONE3, SandboxAccidents.ANY, Libc.EAGAIN);
                            SandboxAccidents.forbid(clone, SandboxAccidents.ANY, Libc.EAGAIN);
                            assertEquals(Taken.NO_RESOURCES, PosixAio.read(read));
                            assertEquals(Listed.NO_RESOURCES, PosixAio.list(list, 1, false));
                            assertEquals(State.FAILED, PosixAio.state(read));
                            assertEquals(-Libc.EAGAIN, PosixAio.result(read));
                            return null;
                        });
        Thread.ofPlatform().start(inside);
        inside.get();
    }

    private static void interrupted(long list) throws Exception {
        int signal = SignalHandlers.install().interrupt();
        try (Interruption signals = Interruption.ofThisThread(Abi.ofThisMachine(), signal)) {
            signals.begin();
            assertEquals(Listed.INTERRUPTED, PosixAio.list(list, 1, true));
        }
    }
}
