/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.sun.jna.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.bridge.PosixAio.Listed;
import org.kmodscope.bridge.PosixAio.State;
import org.kmodscope.bridge.PosixAio.Taken;
import org.kmodscope.bridge.PosixAio.Wait;

/** Every answer of glibc's aio functions has its name. */
@Timeout(60)
class PosixAioTest {

    private static final int BUFFERS = 1024;
    private static final int LIST = 2048;

    private NativeBlock memory;
    private Ends pipe;

    @BeforeEach
    void open() throws Exception {
        memory = NativeBlock.allocate(NativeBlock.PAGE);
        pipe = Posix.waitingPipe();
    }

    @AfterEach
    void close() {
        // Nothing is outstanding any more: each test waits for what it began.
        memory.free();
        pipe.close();
    }

    /** Prepares the block of this number and returns its address. */
    private long block(int number, int descriptor, int opcode) {
        int at = number * PosixAio.AIOCB_BYTES;
        memory.buffer().putInt(at + PosixAio.FILDES, descriptor);
        memory.buffer().putInt(at + PosixAio.OPCODE, opcode);
        memory.buffer().putLong(at + PosixAio.BUF, memory.address() + BUFFERS + number * 16L);
        memory.buffer().putLong(at + PosixAio.NBYTES, 16);
        memory.buffer().putInt(at + PosixAio.NOTIFY, PosixAio.SIGEV_NONE);
        return memory.address() + at;
    }

    private long list(long... blocks) {
        for (int i = 0; i < blocks.length; i++) {
            memory.buffer().putLong(LIST + i * Long.BYTES, blocks[i]);
        }
        return memory.address() + LIST;
    }

    private void awaitEnd(long block) {
        while (PosixAio.state(block) == State.IN_PROGRESS) {
            assertNotEquals(Wait.REFUSED, PosixAio.await(list(block), 1, null));
        }
    }

    private static Pointer time(long nanos) {
        Pointer time = Libc.zeroed(16);
        time.setLong(8, nanos);
        return time;
    }

    @Test
    void aReadIsInProgressUntilItIsDone() {
        long read = block(0, pipe.reader(), PosixAio.LIO_READ);
        assertEquals(Taken.QUEUED, PosixAio.read(read));
        assertEquals(State.IN_PROGRESS, PosixAio.state(read));
        assertEquals(Wait.TIMED_OUT, PosixAio.await(list(read), 1, time(1_000_000)));
        pipe.write(5);
        awaitEnd(read);
        assertEquals(State.DONE, PosixAio.state(read));
        assertEquals(Wait.ENDED, PosixAio.await(list(read), 1, null));
        assertEquals(5, PosixAio.result(read));
    }

    @Test
    void aSignalInterruptsTheWait() throws Exception {
        long read = block(0, pipe.reader(), PosixAio.LIO_READ);
        assertEquals(Taken.QUEUED, PosixAio.read(read));
        int signal = SignalHandlers.install().interrupt();
        try (Interruption signals = Interruption.ofThisThread(Abi.ofThisMachine(), signal)) {
            signals.begin();
            assertEquals(Wait.INTERRUPTED, PosixAio.await(list(read), 1, null));
        }
        assertEquals(State.IN_PROGRESS, PosixAio.state(read));
        pipe.write(1);
        awaitEnd(read);
    }

    @Test
    void aSenselessWaitIsRefused() {
        assertEquals(Wait.REFUSED, PosixAio.await(list(0), -1, null));
        assertEquals(Libc.EINVAL, Libc.errno());
    }

    @Test
    void aWriteIsDone() {
        long write = block(0, pipe.writer(), PosixAio.LIO_WRITE);
        assertEquals(Taken.QUEUED, PosixAio.write(write));
        awaitEnd(write);
        assertEquals(16, PosixAio.result(write));
    }

    @Test
    void aBadDescriptorIsTakenAndShowsInTheState() {
        long read = block(0, 1 << 20, PosixAio.LIO_READ);
        assertEquals(Taken.QUEUED, PosixAio.read(read));
        awaitEnd(read);
        assertEquals(State.FAILED, PosixAio.state(read));
        assertEquals(-9, PosixAio.result(read));
    }

    @Test
    void aBadBufferShowsInTheState() {
        long read = block(0, pipe.reader(), PosixAio.LIO_READ);
        memory.buffer().putLong(PosixAio.BUF, 8);
        assertEquals(Taken.QUEUED, PosixAio.read(read));
        pipe.write(1);
        awaitEnd(read);
        assertEquals(-14, PosixAio.result(read));
    }

    @Test
    void aBadPriorityIsRefusedAtOnce() {
        long read = block(0, pipe.reader(), PosixAio.LIO_READ);
        memory.buffer().putInt(8, -1);
        assertEquals(Taken.REFUSED, PosixAio.read(read));
        assertEquals(Libc.EINVAL, Libc.errno());
    }

    @Test
    void whatWaitsIsCancelledWhatRunsIsNotWhatIsDoneIsDone() {
        long runs = block(0, pipe.reader(), PosixAio.LIO_READ);
        long waits = block(1, pipe.reader(), PosixAio.LIO_READ);
        long waitsToo = block(2, pipe.reader(), PosixAio.LIO_READ);
        assertEquals(Listed.ALL, PosixAio.list(list(runs, 0, waits, waitsToo), 4, false));
        // The first runs once glibc's thread has taken it: then it is no longer cancelled.
        pipe.write(1);
        awaitEnd(runs);
        assertEquals(Cancellation.HAD_ENDED, PosixAio.cancel(pipe.reader(), runs));
        assertEquals(Cancellation.GOES_ON, PosixAio.cancel(pipe.reader(), waits));
        assertEquals(Cancellation.ENDS, PosixAio.cancel(pipe.reader(), waitsToo));
        assertEquals(State.CANCELLED, PosixAio.state(waitsToo));
        assertEquals(-Libc.ECANCELED, PosixAio.result(waitsToo));
        assertEquals(Cancellation.GOES_ON, PosixAio.cancel(pipe.reader(), 0), "all of a file");
        pipe.write(1);
        awaitEnd(waits);
        assertEquals(Cancellation.HAD_ENDED, PosixAio.cancel(pipe.reader(), 0));
        assertEquals(Cancellation.UNKNOWN, PosixAio.cancel(1 << 20, 0));
    }

    @Test
    void oneBadElementOfAListIsToldAndTheOthersGoOn() {
        long good = block(0, pipe.writer(), PosixAio.LIO_WRITE);
        long bad = block(1, 1 << 20, PosixAio.LIO_WRITE);
        assertEquals(Listed.SOME_FAILED, PosixAio.list(list(good, 0, bad), 3, true));
        assertEquals(16, PosixAio.result(good));
        assertEquals(-9, PosixAio.result(bad));
        assertEquals(Listed.ALL, PosixAio.list(list(0, 0), 2, true));
    }
}
