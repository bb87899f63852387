/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.IoModel.Direction;

/** What the kernel's asynchronous I/O does in the cases that a source must be ready for. */
@Timeout(60)
class KernelAioTest {

    private static final int EFAULT = 14;
    private static final int PEERS = 248;

    private Abi abi;
    private NativeBlock memory;
    private Ends pipe;

    @BeforeEach
    void open() throws Exception {
        abi = Abi.ofThisMachine();
        memory = NativeBlock.allocate(64L * NativeBlock.PAGE);
        pipe = Posix.pipe();
    }

    @AfterEach
    void close() {
        memory.free();
        pipe.close();
    }

    private long setup(int requests) {
        Pointer context = Libc.zeroed(8);
        assertEquals(0, Libc.syscall(abi.ioSetup(), requests, context));
        return context.getLong(0);
    }

    /** Prepares the iocb of this number; its address is in the list at the end of the memory. */
    private void iocb(int number, int opcode, long buffer, long bytes) {
        int at = number * KernelAio.IOCB_BYTES;
        memory.buffer().putLong(at, number);
        memory.buffer().putShort(at + 16, (short) opcode);
        memory.buffer().putInt(at + 20, pipe.reader());
        memory.buffer().putLong(at + 24, buffer);
        memory.buffer().putLong(at + 32, bytes);
        memory.buffer().putLong(LIST + number * Long.BYTES, memory.address() + at);
    }

    private static final int LIST = 32 * NativeBlock.PAGE;
    private static final int EVENTS = 48 * NativeBlock.PAGE;

    private long submit(long context, int count) {
        return Libc.syscall(abi.ioSubmit(), context, count, memory.address() + LIST);
    }

    private long getEvents(long context, int least, int most) {
        return Libc.syscall(abi.ioGetevents(), context, least, most, memory.address() + EVENTS, 0);
    }

    @Test
    void aBadBufferIsSubmittedAndShowsInTheResult() {
        long context = setup(1);
        pipe.write(1);
        iocb(0, 0, 8, 16);
        assertEquals(1, submit(context, 1));
        assertEquals(1, getEvents(context, 1, 1));
        assertEquals(-EFAULT, memory.buffer().getLong(EVENTS + 16));
        assertEquals(0, Libc.syscall(abi.ioDestroy(), context, 0, 0));
    }

    @Test
    void aFullRingRefusesTheNext() {
        long context = setup(1);
        int taken = 0;
        iocb(0, 5, PollTable.POLLIN, 0);
        while (submit(context, 1) == 1) {
            taken++;
            assertTrue(taken < 10_000);
        }
        assertEquals(Libc.EAGAIN, Libc.errno());
        assertTrue(taken >= 1);
        assertEquals(0, Libc.syscall(abi.ioDestroy(), context, 0, 0));
    }

    @Test
    void cancellingSaysInProgressAndTheEndComesThroughTheRing() {
        long context = setup(2);
        iocb(0, 5, PollTable.POLLIN, 0);
        assertEquals(1, submit(context, 1));
        long result = Libc.syscall(abi.ioCancel(), context, memory.address(), memory.address());
        assertEquals(-1, result);
        assertEquals(Libc.EINPROGRESS, Libc.errno());
        assertEquals(1, getEvents(context, 1, 1));
        result = Libc.syscall(abi.ioCancel(), context, memory.address(), memory.address());
        assertEquals(-1, result);
        assertEquals(Libc.EINVAL, Libc.errno(), "it has ended");
        assertEquals(0, Libc.syscall(abi.ioDestroy(), context, 0, 0));
    }

    @Test
    void destroyingEndsManyRequestsAndLetsAWaiterGo() throws Exception {
        long context = setup(PEERS);
        for (int i = 0; i < PEERS; i++) {
            iocb(i, 5, PollTable.POLLIN, 0);
        }
        assertEquals(PEERS, submit(context, PEERS));
        CompletableFuture<Integer> number = new CompletableFuture<>();
        FutureTask<Long> waiter =
                new FutureTask<>(
                        () -> {
                            number.complete(Libc.gettid());
                            return getEvents(context, PEERS, PEERS);
                        });
        Thread thread = Thread.ofPlatform().daemon().start(waiter);
        awaitCall(number.get(30, TimeUnit.SECONDS), abi.ioGetevents());
        assertEquals(0, Libc.syscall(abi.ioDestroy(), context, 0, 0));
        long got = waiter.get(30, TimeUnit.SECONDS);
        assertTrue(got >= -1 && got <= PEERS, got + " events");
        thread.join();
    }

    /** Waits until a thread of this process waits in a system call. */
    private static void awaitCall(int thread, int call) throws Exception {
        Path state = Path.of("/proc/self/task", Integer.toString(thread), "syscall");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.readString(state).startsWith(call + " ")) {
            assertTrue(System.nanoTime() < deadline, "it does not wait");
            Thread.onSpinWait();
        }
    }

    @Test
    void theSystemsLimitIsNamedWithARemedy() throws Exception {
        List<Long> contexts = new ArrayList<>();
        try {
            Pointer context = Libc.zeroed(8);
            while (Libc.syscall(abi.ioSetup(), 1024, context) == 0) {
                contexts.add(context.getLong(0));
                context.setLong(0, 0);
                assertTrue(contexts.size() < 100_000);
            }
            TransferPlan plan = new TransferPlan(pipe.reader(), Direction.READ, 1024, 16, false);
            KmodscopeException refused =
                    assertThrows(KmodscopeException.class, () -> KernelAio.open(abi, plan));
            assertEquals(Kind.MISSING, refused.kind());
            assertTrue(refused.getMessage().contains("limit"), refused.getMessage());
            assertTrue(refused.remedy().contains("fs.aio-max-nr"), refused.remedy());
        } finally {
            contexts.forEach(context -> Libc.syscall(abi.ioDestroy(), context, 0, 0));
        }
        assertFalse(contexts.isEmpty());
    }
}
