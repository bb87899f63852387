/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Requests by io_uring(7): two rings in memory that is shared with the kernel, mapped here without
 * liburing.
 *
 * <pre>
 *            submission queue                            completion queue
 *   we write    tail (release)   kernel reads      kernel writes  tail   we read (acquire)
 *   kernel      head             we need not look  we write       head (release)
 *   array[i] = i: entry i of the block of SQEs     CQEs follow in the same mapping
 *
 * struct io_uring_sqe (64 bytes, linux/io_uring.h)
 * byte 0        1       2        4    8     16     24    28      32          40       64
 *      +--------+-------+--------+----+-----+------+-----+-------+-----------+--------+
 *      | opcode | flags | ioprio | fd | off | addr | len | flags | user_data | ...    |
 *      +--------+-------+--------+----+-----+------+-----+-------+-----------+--------+
 * struct io_uring_cqe (16 bytes): user_data@0, res@8, flags@12
 * struct io_uring_params (120 bytes): sq_entries@0, cq_entries@4, features@20,
 *      sq_off@40 (head, tail, mask, entries, flags, dropped, array), cq_off@80 (head, tail, mask,
 *      entries, overflow, cqes)
 * </pre>
 *
 * <p>Order of memory: an entry is filled by plain stores, then the tail is moved with <em>release
 * </em>, so that a kernel that sees the new tail sees the entry. A completion is read after the
 * kernel's tail was read with <em>acquire</em>, and its place is given back by moving our head with
 * <em>release</em>, so that the kernel does not overwrite it before. The fields are aligned ints,
 * for which a view {@link VarHandle} has these modes on both architectures. (Without a polling
 * kernel thread, which is not asked for, io_uring_enter would be a barrier for the submission side,
 * too; the completion side is written by the kernel at any time.)
 */
final class IoUring implements TransferEngine {

    private static final VarHandle INTS =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int SQE_BYTES = 64;
    private static final int CQE_BYTES = 16;

    /** Linux 6.1 tells so of a worker that was interrupted, by a number that is its own. */
    private static final int ERESTARTSYS = 512;

    private static final int PARAMS_BYTES = 120;
    private static final long OFFSET_SQES = 0x10000000L;
    private static final int ENTER_GETEVENTS = 1;
    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final int FEATURE_NODROP = 2;
    private static final int FEATURE_CURRENT_POSITION = 8;
    private static final int NEEDED =
            FEATURE_SINGLE_MMAP | FEATURE_NODROP | FEATURE_CURRENT_POSITION;
    private static final byte OP_POLL_ADD = 6;
    private static final byte OP_ASYNC_CANCEL = 14;
    private static final byte OP_READ = 22;
    private static final byte OP_WRITE = 23;
    private static final long CURRENT_POSITION = -1;

    private final TransferPlan plan;
    private final int ring;
    private final NativeBlock rings;
    private final NativeBlock entries;
    private final NativeBlock buffers;
    private final EventDescriptor waker;
    private final ByteBuffer shared;
    private final ByteBuffer sqes;
    private final int sqTail;
    private final int sqMask;
    private final int cqHead;
    private final int cqTail;
    private final int cqMask;
    private final int cqes;
    private int submitted;
    private int tail;
    private int head;
    private int reaped;

    private IoUring(
            TransferPlan plan,
            int ring,
            Pointer params,
            NativeBlock rings,
            NativeBlock entries,
            NativeBlock buffers,
            EventDescriptor waker) {
        this.plan = plan;
        this.ring = ring;
        this.rings = rings;
        this.entries = entries;
        this.buffers = buffers;
        this.waker = waker;
        shared = rings.buffer();
        sqes = entries.buffer();
        sqTail = params.getInt(44);
        sqMask = shared.getInt(params.getInt(48));
        cqHead = params.getInt(80);
        cqTail = params.getInt(84);
        cqMask = shared.getInt(params.getInt(88));
        cqes = params.getInt(100);
        int array = params.getInt(64);
        for (int i = 0; i <= sqMask; i++) {
            shared.putInt(array + i * Integer.BYTES, i);
        }
    }

    /**
     * Makes a ring with room for the requests, for as many cancellations, and for two polls.
     *
     * @throws KmodscopeException MISSING when this kernel, its administrator or a sandbox does not
     *     let it be used; it says which
     */
    static IoUring open(TransferPlan plan) throws KmodscopeException {
        Pointer params = Libc.zeroed(PARAMS_BYTES);
        int ring = (int) Libc.syscall(Abi.IO_URING_SETUP, 2L * plan.depth() + 2, params);
        if (ring < 0) {
            throw refused(Libc.errno());
        }
        try (Undo undo = new Undo()) {
            undo.with(() -> Libc.close(ring));
            if ((params.getInt(20) & NEEDED) != NEEDED) {
                throw unusable("this kernel's is too old");
            }
            long submissions = params.getInt(0);
            long ringsBytes =
                    Math.max(
                            params.getInt(64) + submissions * Integer.BYTES,
                            params.getInt(100) + (long) params.getInt(4) * CQE_BYTES);
            NativeBlock rings = NativeBlock.shared(ring, 0, ringsBytes);
            undo.with(rings::free);
            NativeBlock entries = NativeBlock.shared(ring, OFFSET_SQES, submissions * SQE_BYTES);
            undo.with(entries::free);
            NativeBlock buffers = NativeBlock.allocate(plan.depth() * plan.stride());
            undo.with(buffers::free);
            EventDescriptor waker = EventDescriptor.open();
            undo.with(waker::close);
            IoUring uring = new IoUring(plan, ring, params, rings, entries, buffers, waker);
            undo.nothing();
            return uring;
        }
    }

    @Override
    public int submit(int[] slots, int from, int to, long offset) throws KmodscopeException {
        for (int i = from; i < to; i++) {
            int entry = entry(plan.reads() ? OP_READ : OP_WRITE, plan.descriptor(), slots[i]);
            sqes.putLong(
                    entry + 8,
                    plan.positions() ? offset + (i - from) * plan.step() : CURRENT_POSITION);
            sqes.putLong(entry + 16, buffers.address() + slots[i] * plan.stride());
            sqes.putInt(entry + 24, plan.bytes());
        }
        publish();
        return to - from;
    }

    /** The next entry, all zeros but for what every operation has. */
    private int entry(byte operation, int descriptor, int data) {
        int entry = (tail++ & sqMask) * SQE_BYTES;
        for (int i = 0; i < SQE_BYTES; i += Long.BYTES) {
            sqes.putLong(entry + i, 0);
        }
        sqes.put(entry, operation);
        sqes.putInt(entry + 4, descriptor);
        sqes.putLong(entry + 32, data);
        return entry;
    }

    private void poll(int descriptor, int events, int data) throws KmodscopeException {
        int entry = entry(OP_POLL_ADD, descriptor, data);
        sqes.putInt(entry + 28, events);
        publish();
    }

    /** Lets the kernel see the entries, and has it take them. */
    private void publish() throws KmodscopeException {
        INTS.setRelease(shared, sqTail, tail);
        while (submitted != tail) {
            enter(0, 0);
        }
    }

    private void enter(int atLeast, int flags) throws KmodscopeException {
        long taken = Libc.syscall(Abi.IO_URING_ENTER, ring, tail - submitted, atLeast, flags, 0, 0);
        if (taken >= 0) {
            submitted += (int) taken;
            return;
        }
        int error = Libc.errno();
        if (error != Libc.EINTR) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "io_uring_enter failed: " + Libc.text(error) + ".",
                    error == Libc.EAGAIN || error == Libc.ENOMEM
                            ? "Ask for fewer requests: the kernel has no memory for these."
                            : "This is a defect of kmodscope; please report it.");
        }
    }

    @Override
    public int await(long nanos) throws KmodscopeException {
        release();
        int ready = (int) INTS.getAcquire(shared, cqTail);
        if (ready == head && nanos == FOREVER) {
            enter(1, ENTER_GETEVENTS);
            ready = (int) INTS.getAcquire(shared, cqTail);
        } else if (ready == head) {
            // The ring's descriptor is readable when there are completions.
            PollTable.await(ring, PollTable.POLLIN, nanos);
            ready = (int) INTS.getAcquire(shared, cqTail);
        }
        reaped = ready - head;
        return reaped;
    }

    /** Gives the places of what was looked at back to the kernel. */
    private void release() {
        head += reaped;
        reaped = 0;
        INTS.setRelease(shared, cqHead, head);
    }

    @Override
    public int slot(int index) {
        return (int) shared.getLong(completion(index));
    }

    @Override
    public long result(int index) {
        int result = shared.getInt(completion(index) + 8);
        return result == -ERESTARTSYS ? -Libc.EINTR : result;
    }

    private int completion(int index) {
        return cqes + (head + index & cqMask) * CQE_BYTES;
    }

    @Override
    public boolean awaitReady(int events) throws KmodscopeException {
        poll(plan.descriptor(), events, READY);
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The kernel answers with a completion of its own. It is not waited for: the request's own
     * end says enough.
     */
    @Override
    public Cancellation cancel(int slot) {
        try {
            int entry = entry(OP_ASYNC_CANCEL, -1, NOTHING);
            sqes.putLong(entry + 16, slot);
            publish();
            return Cancellation.ENDS;
        } catch (KmodscopeException e) {
            return Cancellation.UNKNOWN;
        }
    }

    @Override
    public void listen() throws KmodscopeException {
        waker.clear();
        poll(waker.number(), PollTable.POLLIN, WAKE);
    }

    @Override
    public void wake() {
        waker.raise();
    }

    @Override
    public void free() {
        entries.free();
        rings.free();
        Libc.close(ring);
        waker.close();
        buffers.free();
    }

    /** Why io_uring_setup(2) said no, and what to do. */
    static KmodscopeException refused(int error) {
        return switch (error) {
            case Libc.ENOSYS -> unusable("this kernel was built without it, or a sandbox hides it");
            case Libc.EPERM -> unusable(forbidden());
            case Libc.ENOMEM -> unusable("the limit of locked memory is too low (ulimit -l)");
            default -> unusable("io_uring_setup failed: " + Libc.text(error));
        };
    }

    private static String forbidden() {
        Path setting = Path.of("/proc/sys/kernel/io_uring_disabled");
        try {
            return switch (Files.readString(setting).strip()) {
                case "0" -> "this sandbox forbids it";
                case "1" -> "kernel.io_uring_disabled is 1: it is for members of a group only";
                default -> "kernel.io_uring_disabled is set: nobody may use it";
            };
        } catch (IOException e) {
            return "this sandbox forbids it";
        }
    }

    private static KmodscopeException unusable(String why) {
        return new KmodscopeException(
                Kind.MISSING,
                "io_uring cannot be used: " + why + ".",
                "Use another model, such as aio; or have the administrator set"
                        + " kernel.io_uring_disabled to 0 on a kernel of 5.7 or later.");
    }
}
