/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Requests by {@link PosixAio}. glibc carries those of one descriptor out one after the other, in a
 * thread that sits in the driver's read or write: the first waits there, the others in glibc. Those
 * can be cancelled, the first cannot.
 *
 * <p>The thread that waits in {@link #await} is woken by a request of its own, the read of an
 * eventfd.
 */
final class PosixAioEngine implements TransferEngine {

    private static final int TIMESPEC_BYTES = 16;

    private final TransferPlan plan;
    private final int wakeSlot;
    private final NativeBlock buffers;
    private final NativeBlock table;
    private final ByteBuffer memory;
    private final int pointers;
    private final int watched;
    private final EventDescriptor waker;
    private final Pointer time = Libc.zeroed(TIMESPEC_BYTES);
    private final int[] endedSlots;
    private final long[] endedResults;

    /** Memory of {@link #table}: control blocks, those to submit, those to wait for, 8 bytes. */
    private PosixAioEngine(
            TransferPlan plan, NativeBlock buffers, NativeBlock table, EventDescriptor waker) {
        this.plan = plan;
        this.wakeSlot = plan.depth();
        this.buffers = buffers;
        this.table = table;
        this.memory = table.buffer();
        int slots = plan.depth() + 1;
        this.pointers = slots * PosixAio.AIOCB_BYTES;
        this.watched = pointers + slots * Long.BYTES;
        this.waker = waker;
        this.endedSlots = new int[slots];
        this.endedResults = new long[slots];
    }

    /**
     * @throws KmodscopeException MISSING when there is no memory
     */
    static PosixAioEngine open(TransferPlan plan) throws KmodscopeException {
        long slots = plan.depth() + 1L;
        try (Undo undo = new Undo()) {
            NativeBlock buffers = NativeBlock.allocate(plan.depth() * plan.stride());
            undo.with(buffers::free);
            NativeBlock table =
                    NativeBlock.allocate(
                            slots * (PosixAio.AIOCB_BYTES + 2 * Long.BYTES) + Long.BYTES);
            undo.with(table::free);
            EventDescriptor waker = EventDescriptor.openForReading();
            undo.with(waker::close);
            PosixAioEngine engine = new PosixAioEngine(plan, buffers, table, waker);
            engine.prepare();
            undo.nothing();
            return engine;
        }
    }

    private void prepare() {
        int opcode = plan.reads() ? PosixAio.LIO_READ : PosixAio.LIO_WRITE;
        for (int slot = 0; slot < plan.depth(); slot++) {
            long buffer = buffers.address() + slot * plan.stride();
            prepare(slot, plan.descriptor(), opcode, buffer, plan.bytes());
        }
        long count = table.address() + table.bytes() - Long.BYTES;
        prepare(wakeSlot, waker.number(), PosixAio.LIO_READ, count, Long.BYTES);
    }

    @Override
    public void listen() throws KmodscopeException {
        if (PosixAio.read(block(wakeSlot)) != PosixAio.Taken.QUEUED) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "glibc cannot begin asynchronous I/O: " + Libc.text(Libc.errno()) + ".",
                    "Raise the limit of threads (ulimit -u).");
        }
        watch(wakeSlot, true);
    }

    private void prepare(int slot, int descriptor, int opcode, long buffer, long bytes) {
        int at = slot * PosixAio.AIOCB_BYTES;
        memory.putInt(at + PosixAio.FILDES, descriptor);
        memory.putInt(at + PosixAio.OPCODE, opcode);
        memory.putLong(at + PosixAio.BUF, buffer);
        memory.putLong(at + PosixAio.NBYTES, bytes);
        memory.putInt(at + PosixAio.NOTIFY, PosixAio.SIGEV_NONE);
    }

    private long block(int slot) {
        return table.address() + (long) slot * PosixAio.AIOCB_BYTES;
    }

    private void watch(int slot, boolean on) {
        memory.putLong(watched + slot * Long.BYTES, on ? block(slot) : 0);
    }

    private boolean isWatched(int slot) {
        return memory.getLong(watched + slot * Long.BYTES) != 0;
    }

    /**
     * {@inheritDoc}
     *
     * <p>What glibc refuses ends with that error, as any request: all are taken.
     */
    @Override
    public int submit(int[] slots, int from, int to, long offset) {
        for (int i = from; i < to; i++) {
            int at = slots[i] * PosixAio.AIOCB_BYTES;
            memory.putLong(at + PosixAio.OFFSET, offset + (i - from) * plan.step());
            memory.putLong(pointers + (i - from) * Long.BYTES, block(slots[i]));
        }
        PosixAio.Listed listed = PosixAio.list(table.address() + pointers, to - from, false);
        switch (listed) {
            case ALL, SOME_FAILED, NO_RESOURCES, INTERRUPTED -> {
                for (int i = from; i < to; i++) {
                    watch(slots[i], true);
                }
                return to - from;
            }
            case REFUSED -> {
                return -Libc.errno();
            }
        }
        throw new IllegalStateException(listed.name());
    }

    @Override
    public int await(long nanos) throws KmodscopeException {
        Pointer limit = null;
        if (nanos != FOREVER) {
            limit = time;
            time.setLong(0, nanos / 1_000_000_000L);
            time.setLong(8, nanos % 1_000_000_000L);
        }
        return switch (PosixAio.await(table.address() + watched, wakeSlot + 1, limit)) {
            case ENDED -> collect();
            case TIMED_OUT, INTERRUPTED -> 0;
            case REFUSED ->
                    throw new KmodscopeException(
                            Kind.FAILED,
                            "aio_suspend failed: " + Libc.text(Libc.errno()) + ".",
                            "This is a defect of kmodscope; please report it.");
        };
    }

    private int collect() {
        int count = 0;
        for (int slot = 0; slot <= wakeSlot; slot++) {
            if (isWatched(slot) && PosixAio.state(block(slot)) != PosixAio.State.IN_PROGRESS) {
                watch(slot, false);
                endedSlots[count] = slot == wakeSlot ? WAKE : slot;
                endedResults[count] = PosixAio.result(block(slot));
                count++;
            }
        }
        return count;
    }

    @Override
    public int slot(int index) {
        return endedSlots[index];
    }

    @Override
    public long result(int index) {
        return endedResults[index];
    }

    @Override
    public boolean awaitReady(int events) {
        return false;
    }

    @Override
    public Cancellation cancel(int slot) {
        return PosixAio.cancel(plan.descriptor(), block(slot));
    }

    @Override
    public void wake() {
        waker.raise();
    }

    @Override
    public void free() {
        waker.raise();
        long list = table.address() + watched + (long) wakeSlot * Long.BYTES;
        while (isWatched(wakeSlot)
                && PosixAio.state(block(wakeSlot)) == PosixAio.State.IN_PROGRESS) {
            PosixAio.await(list, 1, null);
        }
        waker.close();
        table.free();
        buffers.free();
    }
}
