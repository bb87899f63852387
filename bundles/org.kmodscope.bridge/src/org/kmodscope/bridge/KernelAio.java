/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * The kernel's asynchronous I/O: io_setup(2), io_submit(2), io_getevents(2), io_cancel(2),
 * io_destroy(2), called without libaio.
 *
 * <pre>
 * struct iocb (64 bytes, linux/aio_abi.h)
 * byte 0      8     12      16       18     20   24    32       40       48    56      60      64
 *      +------+-----+-------+--------+------+----+-----+--------+--------+-----+-------+-------+
 *      | data | key | rwfl. | opcode | prio | fd | buf | nbytes | offset | 0   | flags | resfd |
 *      +------+-----+-------+--------+------+----+-----+--------+--------+-----+-------+-------+
 *
 * struct io_event (32 bytes)
 * byte 0      8     16    24     32
 *      +------+-----+-----+------+     data: the iocb's; obj: the iocb's address;
 *      | data | obj | res | res2 |     res: bytes or -errno; res2 says nothing of use
 *      +------+-----+-----+------+
 * </pre>
 *
 * <p>The iocbs lie in one block, one for each slot and two more, which poll (IOCB_CMD_POLL, Linux
 * 4.18): the eventfd by which the thread is woken, and the device. So a wake is an event among the
 * others and one system call reaps all; an eventfd that counts completions (IOCB_FLAG_RESFD) would
 * take two more for each.
 *
 * <p>io_submit does not wait for a driver that queues requests. For any other it carries the read
 * or write out itself, and waits as that does. io_destroy waits for all requests that it cannot
 * cancel, and so does the exit of a process, by nothing to be interrupted; hence {@link #free} is
 * only for when there are none.
 */
final class KernelAio implements TransferEngine {

    static final int IOCB_BYTES = 64;
    static final int EVENT_BYTES = 32;

    private static final short IOCB_CMD_PREAD = 0;
    private static final short IOCB_CMD_PWRITE = 1;
    private static final short IOCB_CMD_POLL = 5;
    private static final int DATA = 0;
    private static final int OPCODE = 16;
    private static final int FILDES = 20;
    private static final int BUF = 24;
    private static final int NBYTES = 32;
    private static final int OFFSET = 40;
    private static final int EVENT_RES = 16;
    private static final int OWN_SLOTS = 2;

    private final Abi abi;
    private final long context;
    private final TransferPlan plan;
    private final int wakeSlot;
    private final int readySlot;
    private final NativeBlock buffers;
    private final NativeBlock table;
    private final ByteBuffer memory;
    private final int pointers;
    private final int events;
    private final int time;
    private final EventDescriptor waker;

    /**
     * Memory of {@link #table}: iocbs, then the pointers to those that are submitted at once, then
     * events, then a timespec.
     */
    private KernelAio(
            Abi abi,
            long context,
            TransferPlan plan,
            NativeBlock buffers,
            NativeBlock table,
            EventDescriptor waker) {
        this.abi = abi;
        this.context = context;
        this.plan = plan;
        this.wakeSlot = plan.depth();
        this.readySlot = plan.depth() + 1;
        this.buffers = buffers;
        this.table = table;
        this.memory = table.buffer();
        int slots = plan.depth() + OWN_SLOTS;
        this.pointers = slots * IOCB_BYTES;
        this.events = pointers + slots * Long.BYTES;
        this.time = events + slots * EVENT_BYTES;
        this.waker = waker;
    }

    /**
     * Makes a context with room for the requests, which are all alike but for their offset.
     *
     * @throws KmodscopeException MISSING when the system's limit of requests is reached, or the
     *     kernel has no such interface
     */
    static KernelAio open(Abi abi, TransferPlan plan) throws KmodscopeException {
        long slots = plan.depth() + OWN_SLOTS;
        Pointer context = Libc.zeroed(Long.BYTES);
        if (Libc.syscall(abi.ioSetup(), slots, context) != 0) {
            throw noContext(Libc.errno(), slots);
        }
        try (Undo undo = new Undo()) {
            undo.with(() -> Libc.syscall(abi.ioDestroy(), context.getLong(0), 0, 0));
            NativeBlock buffers = NativeBlock.allocate(plan.depth() * plan.stride());
            undo.with(buffers::free);
            NativeBlock table =
                    NativeBlock.allocate(slots * (IOCB_BYTES + Long.BYTES + EVENT_BYTES) + 16);
            undo.with(table::free);
            EventDescriptor waker = EventDescriptor.open();
            undo.with(waker::close);
            KernelAio aio = new KernelAio(abi, context.getLong(0), plan, buffers, table, waker);
            aio.prepare();
            undo.nothing();
            return aio;
        }
    }

    private void prepare() {
        for (int slot = 0; slot < plan.depth() + OWN_SLOTS; slot++) {
            int iocb = slot * IOCB_BYTES;
            memory.putLong(iocb + DATA, slot);
            memory.putShort(iocb + OPCODE, plan.reads() ? IOCB_CMD_PREAD : IOCB_CMD_PWRITE);
            memory.putInt(iocb + FILDES, plan.descriptor());
            memory.putLong(iocb + BUF, buffers.address() + slot * plan.stride());
            memory.putLong(iocb + NBYTES, plan.bytes());
        }
    }

    @Override
    public int submit(int[] slots, int from, int to, long offset) {
        for (int i = from; i < to; i++) {
            memory.putLong(slots[i] * IOCB_BYTES + OFFSET, offset + (i - from) * plan.step());
            point(i - from, slots[i]);
        }
        return hand(to - from);
    }

    private void point(int index, int slot) {
        memory.putLong(pointers + index * Long.BYTES, table.address() + (long) slot * IOCB_BYTES);
    }

    private int hand(int count) {
        while (true) {
            long taken = Libc.syscall(abi.ioSubmit(), context, count, table.address() + pointers);
            if (taken >= 0) {
                return (int) taken;
            }
            int error = Libc.errno();
            if (error != Libc.EINTR) {
                return -error;
            }
        }
    }

    @Override
    public int await(long nanos) throws KmodscopeException {
        long limit = 0;
        if (nanos != FOREVER) {
            limit = table.address() + time;
            memory.putLong(time, nanos / 1_000_000_000L);
            memory.putLong(time + 8, nanos % 1_000_000_000L);
        }
        long address = table.address() + events;
        long count = Libc.syscall(abi.ioGetevents(), context, 1, readySlot + 1, address, limit);
        if (count >= 0) {
            return (int) count;
        }
        int error = Libc.errno();
        if (error == Libc.EINTR) {
            return 0;
        }
        throw new KmodscopeException(
                Kind.FAILED,
                "io_getevents failed: " + Libc.text(error) + ".",
                "This is a defect of kmodscope; please report it.");
    }

    @Override
    public int slot(int index) {
        int slot = (int) memory.getLong(events + index * EVENT_BYTES);
        return slot == wakeSlot ? WAKE : slot == readySlot ? READY : slot;
    }

    @Override
    public long result(int index) {
        return memory.getLong(events + index * EVENT_BYTES + EVENT_RES);
    }

    @Override
    public boolean awaitReady(int wanted) throws KmodscopeException {
        poll(readySlot, plan.descriptor(), wanted);
        return true;
    }

    private void poll(int slot, int descriptor, int wanted) throws KmodscopeException {
        int iocb = slot * IOCB_BYTES;
        memory.putShort(iocb + OPCODE, IOCB_CMD_POLL);
        memory.putInt(iocb + FILDES, descriptor);
        memory.putLong(iocb + BUF, wanted);
        memory.putLong(iocb + NBYTES, 0);
        point(0, slot);
        int taken = hand(1);
        if (taken < 0) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "Readiness cannot be asked for by io_submit: " + Libc.text(-taken) + ".",
                    "Give the driver a poll function that registers on one wait queue only.");
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where the driver has a cancel function that does as it is asked, io_cancel says
     * EINPROGRESS, and the request ends through the ring. EINVAL is said of a driver without one,
     * and of a request that has just ended.
     */
    @Override
    public Cancellation cancel(int slot) {
        long iocb = table.address() + (long) slot * IOCB_BYTES;
        if (Libc.syscall(abi.ioCancel(), context, iocb, table.address() + events) == 0) {
            return Cancellation.ENDS;
        }
        return switch (Libc.errno()) {
            case Libc.EINPROGRESS -> Cancellation.ENDS;
            case Libc.EINVAL, Libc.EAGAIN -> Cancellation.GOES_ON;
            default -> Cancellation.UNKNOWN;
        };
    }

    @Override
    public void listen() throws KmodscopeException {
        waker.clear();
        poll(wakeSlot, waker.number(), PollTable.POLLIN);
    }

    @Override
    public void wake() {
        waker.raise();
    }

    @Override
    public void free() {
        // Cancels what polls, and waits for that: the kernel's own poll can always be cancelled.
        Libc.syscall(abi.ioDestroy(), context, 0, 0);
        waker.close();
        table.free();
        buffers.free();
    }

    private static KmodscopeException noContext(int error, long slots) {
        return switch (error) {
            case Libc.EAGAIN ->
                    new KmodscopeException(
                            Kind.MISSING,
                            "The system's limit of asynchronous requests is reached: "
                                    + read("aio-nr")
                                    + " of "
                                    + read("aio-max-nr")
                                    + " are reserved, "
                                    + slots
                                    + " more were asked for.",
                            "Raise the limit (sysctl fs.aio-max-nr=1048576), or end the program"
                                    + " that has reserved them.");
            case Libc.ENOSYS ->
                    new KmodscopeException(
                            Kind.MISSING,
                            "This kernel was built without asynchronous I/O (CONFIG_AIO).",
                            "Use another kernel, or another model than aio.");
            default ->
                    new KmodscopeException(
                            Kind.MISSING,
                            "io_setup of " + slots + " requests failed: " + Libc.text(error) + ".",
                            "Run kmodscope outside of the container or sandbox.");
        };
    }

    private static String read(String limit) {
        try {
            return Files.readString(Path.of("/proc/sys/fs", limit)).strip();
        } catch (IOException e) {
            return "an unknown number";
        }
    }
}
