/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;

/**
 * Keeps all slots of an engine busy: what has ended is told and begins anew.
 *
 * <pre>
 *            submit                    ended: bytes, EINTR
 *   free ─────────────► outstanding ─────────────────────────► free
 *     ▲                    │  │
 *     │   the device is    │  └── ended: EAGAIN ──► resting
 *     └── ready ───────────│─────────────────────────┘
 *                          └── ended: 0 (end of file) or another error: the loop ends
 * </pre>
 *
 * <p>The table of what is outstanding decides when memory may be freed. At the end everything is
 * cancelled; a request that goes on nevertheless is left to a thread of its own, {@link Leftovers},
 * so that nobody waits for it.
 */
final class TransferLoop implements DeviceLoop {

    private static final int STREAM = 1;

    /** What requests that were cancelled have to end. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** The same when all others go on: one that was just ending may not be cancelled either. */
    private static final long LITTLE_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long SELF_TEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** "Ready" and then EAGAIN, so often in a row, is no device that one can wait for. */
    private static final int EMPTY_ROUNDS = 100;

    private final Descriptor device;
    private final TransferPlan plan;
    private final TransferEngine engine;
    private final Abi abi;
    private final int interrupt;
    private final TransferCounts counts = new TransferCounts();
    private final long[] requests;
    private final boolean[] outstanding;
    private final boolean[] cancelled;
    private final int[] free;
    private final int[] resting;
    private volatile @Nullable Interruption interruption;
    private int frees;
    private int rests;
    private int busy;
    private int emptyRounds;
    private boolean readyAsked;
    private boolean over;
    private long nextRequest = 1;
    private long offset;

    private TransferLoop(
            Descriptor device, TransferPlan plan, TransferEngine engine, Abi abi, int interrupt) {
        this.device = device;
        this.plan = plan;
        this.engine = engine;
        this.abi = abi;
        this.interrupt = interrupt;
        int depth = plan.depth();
        requests = new long[depth];
        outstanding = new boolean[depth];
        cancelled = new boolean[depth];
        free = new int[depth];
        resting = new int[depth];
        Arrays.setAll(free, slot -> slot);
        frees = depth;
    }

    /**
     * Sends one request the whole way first, so that no layout is merely believed.
     *
     * @param device owned from now on, unless this fails
     * @param engine owned from now on
     * @param interrupt {@link SignalHandlers.Chosen#interrupt}
     * @throws KmodscopeException MISSING when it does not come back as it should
     */
    static TransferLoop of(
            Descriptor device, TransferPlan plan, TransferEngine engine, Abi abi, int interrupt)
            throws KmodscopeException {
        try (Undo undo = new Undo()) {
            undo.with(engine::free);
            selfTest(engine);
            undo.nothing();
            return new TransferLoop(device, plan, engine, abi, interrupt);
        }
    }

    private static void selfTest(TransferEngine engine) throws KmodscopeException {
        boolean isBack;
        try {
            engine.listen();
            engine.wake();
            isBack =
                    engine.await(SELF_TEST_NANOS) == 1
                            && engine.slot(0) == TransferEngine.WAKE
                            && engine.result(0) > 0;
        } catch (KmodscopeException e) {
            // No driver has a part in it yet, whatever the failure of a call usually means.
            throw e.kind() == Kind.MISSING ? e : untestable(e.getMessage());
        }
        if (!isBack) {
            throw untestable("a request did not come back as it was sent.");
        }
    }

    private static KmodscopeException untestable(String why) {
        return new KmodscopeException(
                Kind.MISSING,
                "The bridge's self-test failed: " + why,
                "Run kmodscope outside of the container or sandbox, or use another model.");
    }

    @Override
    public void run(EventSink sink, BooleanSupplier stopping) throws KmodscopeException {
        CarefulSink careful = new CarefulSink(sink);
        Records records = new Records(careful);
        try (Interruption mine = Interruption.ofThisThread(abi, interrupt)) {
            interruption = mine;
            engine.listen();
            while (!stopping.getAsBoolean() && !over) {
                transfer(records);
                careful.check();
            }
        } finally {
            cancelAll(records);
        }
        careful.check();
    }

    private void transfer(Records records) throws KmodscopeException {
        if (frees > 0) {
            submitFree(records);
        }
        take(records, engine.await(TransferEngine.FOREVER));
        if (rests > 0 && !readyAsked && !over) {
            rest();
        }
    }

    private void submitFree(Records records) throws KmodscopeException {
        long now = System.nanoTime();
        for (int i = 0; i < frees; i++) {
            int slot = free[i];
            requests[slot] = nextRequest++;
            outstanding[slot] = true;
            busy++;
            counts.started();
            records.put(now, EventKind.AIO_SUBMIT, STREAM, requests[slot], plan.bytes());
        }
        int count = frees;
        frees = 0;
        for (int done = 0; done < count; ) {
            int taken = engine.submit(free, done, count, offset);
            if (taken < 0) {
                refused(records, done, count, taken);
            }
            done += taken;
            offset += taken * plan.step();
        }
    }

    private void refused(Records records, int from, int to, int error) throws KmodscopeException {
        long now = System.nanoTime();
        for (int i = from; i < to; i++) {
            ended(records, now, free[i], error);
        }
        throw failure(error);
    }

    private void take(Records records, int count) throws KmodscopeException {
        long now = System.nanoTime();
        long failed = 0;
        for (int i = 0; i < count; i++) {
            int slot = engine.slot(i);
            long result = engine.result(i);
            if (slot == TransferEngine.READY) {
                ready(records, now, result);
            } else if (slot >= 0) {
                ended(records, now, slot, result);
                failed = sortIn(slot, result) ? failed : result;
            }
        }
        if (failed < 0) {
            throw failure(failed);
        }
    }

    private void ended(Records records, long now, int slot, long result) {
        outstanding[slot] = false;
        busy--;
        boolean asItWasAsked = cancelled[slot] && result < 0;
        if (asItWasAsked) {
            counts.cancelled();
        } else {
            counts.ended(result);
        }
        records.put(
                now,
                asItWasAsked ? EventKind.AIO_CANCEL : EventKind.AIO_COMPLETE,
                STREAM,
                requests[slot],
                result);
    }

    /** What becomes of a slot whose request ended; false when nothing can. */
    private boolean sortIn(int slot, long result) {
        if (result > 0 || result == -Libc.EINTR) {
            emptyRounds = 0;
            free[frees++] = slot;
        } else if (result == -Libc.EAGAIN) {
            resting[rests++] = slot;
        } else {
            over = true;
            return result == 0 && plan.reads();
        }
        return true;
    }

    private void rest() throws KmodscopeException {
        if (++emptyRounds > EMPTY_ROUNDS
                || !engine.awaitReady(plan.reads() ? PollTable.POLLIN : PollTable.POLLOUT)) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "Requests of " + device.title() + " end with EAGAIN and cannot be waited for.",
                    "Have the driver queue requests of a file without O_NONBLOCK, or give it a"
                            + " poll function that tells when to try again.");
        }
        readyAsked = true;
    }

    private void ready(Records records, long now, long found) throws KmodscopeException {
        readyAsked = false;
        if (found < 0) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    device.title() + " has nothing now and cannot be polled: " + text(found) + ".",
                    "Give the driver a poll function that registers on one wait queue only.");
        }
        if ((found & (PollTable.POLLIN | PollTable.POLLOUT)) == 0) {
            over = true;
            records.put(now, EventKind.DEVICE_GONE, 0, STREAM, 0, 0, (int) found);
            return;
        }
        while (rests > 0) {
            free[frees++] = resting[--rests];
        }
    }

    /** The end: afterwards nothing is outstanding, or {@link Leftovers} has it. */
    private void cancelAll(Records records) throws KmodscopeException {
        boolean[] ending = new boolean[outstanding.length];
        int ends = 0;
        for (int slot = 0; slot < outstanding.length; slot++) {
            if (outstanding[slot]) {
                cancelled[slot] = true;
                ending[slot] = engine.cancel(slot) != Cancellation.GOES_ON;
                ends += ending[slot] ? 1 : 0;
            }
        }
        long begin = System.nanoTime();
        long left = patience(ends);
        while (busy > 0 && left > 0) {
            int count = engine.await(left);
            long now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                int slot = engine.slot(i);
                if (slot >= 0) {
                    ended(records, now, slot, engine.result(i));
                    ends -= ending[slot] ? 1 : 0;
                }
            }
            left = begin + patience(ends) - System.nanoTime();
        }
    }

    /**
     * @param ends how many of those that are outstanding are sure to end
     */
    private static long patience(int ends) {
        return ends > 0 ? PATIENCE_NANOS : LITTLE_PATIENCE_NANOS;
    }

    private KmodscopeException failure(long result) {
        String what = plan.reads() ? "read" : "write";
        return new KmodscopeException(
                Kind.FAILED,
                "A " + what + " of " + device.title() + " failed: " + text(result) + ".",
                result == -Libc.EINVAL
                        ? "Give the driver's file_operations a " + what + "_iter function."
                        : "See the driver's " + what + "_iter function and the kernel log.");
    }

    private static String text(long result) {
        return result == 0 ? "nothing was written" : Libc.text((int) -result);
    }

    @Override
    public void wake() {
        engine.wake();
        Interruption running = interruption;
        if (running != null) {
            running.begin();
        }
    }

    @Override
    public TransferStatistics statistics() {
        return counts.read();
    }

    @Override
    public void close() {
        if (busy == 0) {
            engine.free();
            device.close();
        } else {
            Leftovers.awaitEnd(engine, device, busy);
        }
    }
}
