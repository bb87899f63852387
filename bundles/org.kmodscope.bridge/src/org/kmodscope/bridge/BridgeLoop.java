/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.bridge.Watch.Count;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;

/**
 * What the bridge's thread does. Everything in here belongs to that one thread, but the two
 * counters that others may read.
 *
 * <p>The order within one batch of signals is theirs. A SIGIO says that the queue overflowed; the
 * kernel hands it out ahead of older real-time signals, so the poll that finds out where the
 * devices stand waits until these have been read.
 */
final class BridgeLoop implements AutoCloseable {

    /** What other threads ask of this one. */
    sealed interface Command {

        /** The watch it is about. */
        Watch watch();

        /** Begin to deliver events of the watch. */
        record Arm(Watch watch) implements Command {}

        /** End it, and free the descriptor. */
        record Disarm(Watch watch) implements Command {}
    }

    static final int OVERFLOWS = 0;
    static final int STRAYS = 1;

    private static final long TICK_NANOS = 500_000_000L;
    private static final int READABLE = PollTable.POLLIN | PollTable.POLLRDNORM;
    private static final int WRITABLE =
            PollTable.POLLOUT | PollTable.POLLWRNORM | PollTable.POLLWRBAND;
    private static final int GONE = PollTable.POLLHUP | PollTable.POLLNVAL;

    /**
     * How long a read that cannot wait may take; one that is interrupted later did wait. Shorter
     * than the time between two interruptions.
     */
    private static final long LONGEST_READ_NANOS = TICK_NANOS / 2;

    /** So many such reads in a row are the driver's doing; one may be a machine that was paused. */
    private static final int WAITS_IN_A_ROW = 2;

    /** Reads in a row for one device; then signals are looked at again before it goes on. */
    private static final int READS_IN_A_ROW = 256;

    private final SignalChannel channel;
    private final int interrupt;
    private final Records records;
    private final Queue<Command> commands;
    private final BooleanSupplier stopping;
    private final AtomicLongArray counters;
    private final PollTable polls = new PollTable();
    private final List<Watch> watches = new ArrayList<>();
    private @Nullable Watch[] byNumber = new @Nullable Watch[64];
    private final Map<Long, Watch> fences = new HashMap<>();
    private final List<Watch> unfenced = new ArrayList<>();
    private final ArrayDeque<Watch> unread = new ArrayDeque<>();
    private long cookies;
    private long requests;
    private boolean resync;
    private boolean faultSuspected;
    private boolean finishing;

    BridgeLoop(
            SignalChannel channel,
            int interrupt,
            EventSink sink,
            Queue<Command> commands,
            BooleanSupplier stopping,
            AtomicLongArray counters) {
        this.channel = channel;
        this.interrupt = interrupt;
        this.records = new Records(sink);
        this.commands = commands;
        this.stopping = stopping;
        this.counters = counters;
    }

    /** Delivers events until it is told to stop; then those that were signalled before. */
    void run() throws KmodscopeException, InterruptedException {
        channel.tickEvery(TICK_NANOS);
        channel.interruptEvery(TICK_NANOS, interrupt);
        executeCommands();
        boolean interrupted = false;
        while (!stopping.getAsBoolean() && !interrupted) {
            handle(channel.read());
            interrupted = Thread.interrupted();
        }
        finishing = true;
        for (Watch watch : watches) {
            watch.descriptor().stopSignals();
        }
        channel.stopWaiting();
        for (int count = channel.read(); count > 0; count = channel.read()) {
            handle(count);
        }
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    /** Frees all descriptors, whatever state they are in. */
    @Override
    public void close() {
        for (Watch watch : List.copyOf(watches)) {
            forget(watch);
        }
    }

    private void handle(int count) throws KmodscopeException {
        long now = System.nanoTime();
        boolean awake = false;
        boolean tick = false;
        for (int i = 0; i < count; i++) {
            int signal = channel.signal(i);
            if (signal == channel.signal()) {
                signalled(i, now);
            } else if (signal == SignalHandlers.SIGIO && channel.isByHand(i)) {
                count(STRAYS);
            } else if (signal == SignalHandlers.SIGIO) {
                count(OVERFLOWS);
                emit(now, EventKind.OVERFLOW, 0, 0, 0, 0, 0);
                resync = true;
            } else {
                awake = true;
                tick |= channel.code(i) == SignalChannel.SI_TIMER;
            }
        }
        boolean allRead = count < SignalChannel.BATCH;
        if (!unread.isEmpty()) {
            drain(unread.remove());
        }
        if (allRead && resync) {
            resync = false;
            resynchronise();
        }
        if (!unfenced.isEmpty()) {
            fenceAgain(allRead);
        }
        if (tick || faultSuspected) {
            faultSuspected = false;
            findFaults();
        }
        if (awake && !finishing) {
            executeCommands();
        }
    }

    /** Handles a real-time signal. */
    private void signalled(int index, long now) throws KmodscopeException {
        if (channel.code(index) <= 0) {
            Watch fenced = channel.isFence(index) ? fences.remove(channel.cookie(index)) : null;
            if (fenced == null) {
                count(STRAYS);
            } else {
                forget(fenced);
            }
            return;
        }
        int number = channel.descriptor(index);
        Watch watch = number >= 0 && number < byNumber.length ? byNumber[number] : null;
        if (watch == null) {
            count(STRAYS);
            return;
        }
        int band = channel.band(index);
        if ((band & READABLE) != 0) {
            watch.add(Count.READABLE, 1);
            emit(now, EventKind.SIGIO_IN, 0, watch.stream(), 0, 0, band);
            if (watch.drains()) {
                drain(watch);
            }
        } else if ((band & WRITABLE) != 0) {
            watch.add(Count.WRITABLE, 1);
            emit(now, EventKind.SIGIO_OUT, 0, watch.stream(), 0, 0, band);
        } else {
            watch.add(Count.OTHER, 1);
            emit(now, EventKind.SIGIO_OTHER, 0, watch.stream(), 0, 0, band);
            faultSuspected = true;
        }
    }

    /**
     * Reads what is there, as a program does that was told "readable".
     *
     * @throws KmodscopeException FAILED when the driver waits though it must not: as long as it
     *     does, nothing else is done for any device
     */
    private void drain(Watch watch) throws KmodscopeException {
        int waits = 0;
        for (int i = 0; i < READS_IN_A_ROW; i++) {
            long request = ++requests;
            long start = System.nanoTime();
            emit(start, EventKind.READ_START, 0, watch.stream(), request, 0, 0);
            long result = watch.read();
            long end = System.nanoTime();
            emit(end, EventKind.READ_END, 0, watch.stream(), request, result, 0);
            waits = result == -Libc.EINTR && end - start > LONGEST_READ_NANOS ? waits + 1 : 0;
            if (waits == WAITS_IN_A_ROW) {
                throw new KmodscopeException(
                        Kind.FAILED,
                        "A read of "
                                + watch.descriptor().title()
                                + " waited although O_NONBLOCK is set: its driver ignores it.",
                        "Have the driver's read function return -EAGAIN when there is nothing to"
                                + " read and f_flags has O_NONBLOCK.");
            }
            if (result <= 0 && result != -Libc.EINTR) {
                faultSuspected |= result != -Libc.EAGAIN;
                return;
            }
        }
        if (!finishing) {
            if (!unread.contains(watch)) {
                unread.add(watch);
            }
            channel.wake();
        }
    }

    /** After an overflow: what no signal may have told of. */
    private void resynchronise() throws KmodscopeException {
        polls.ask(watches, PollTable.POLLIN | PollTable.POLLOUT | PollTable.POLLPRI);
        long now = System.nanoTime();
        for (int i = 0; i < watches.size(); i++) {
            Watch watch = watches.get(i);
            int found = polls.answer(i);
            if ((found & PollTable.POLLIN) != 0) {
                found(now, EventKind.SIGIO_IN, watch, PollTable.POLLIN);
                if (watch.drains()) {
                    drain(watch);
                }
            }
            if ((found & PollTable.POLLOUT) != 0) {
                found(now, EventKind.SIGIO_OUT, watch, PollTable.POLLOUT);
            }
            if ((found & ~(PollTable.POLLIN | PollTable.POLLOUT)) != 0) {
                faultSuspected = true;
            }
        }
    }

    private void found(long now, EventKind kind, Watch watch, int band) {
        watch.add(Count.RESYNC, 1);
        emit(now, kind, EventCodec.FLAG_RESYNC, watch.stream(), 0, 0, band);
    }

    /** A terminal, a socket and many a driver end without a signal. */
    private void findFaults() throws KmodscopeException {
        polls.ask(watches, 0);
        long now = System.nanoTime();
        for (int i = 0; i < watches.size(); i++) {
            Watch watch = watches.get(i);
            int fault = polls.answer(i);
            if ((fault & GONE) != 0 && !watch.isGone()) {
                watch.add(Count.GONE, 1);
                emit(now, EventKind.DEVICE_GONE, 0, watch.stream(), 0, 0, fault);
            } else if (watch.faultAppeared(fault & PollTable.POLLERR)) {
                found(now, EventKind.SIGIO_OTHER, watch, fault);
            }
        }
    }

    private void executeCommands() {
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            switch (command) {
                case Command.Arm arm -> arm(arm.watch());
                case Command.Disarm disarm -> disarm(disarm.watch());
            }
        }
    }

    private void arm(Watch watch) {
        int number = watch.number();
        if (number >= byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, 2 * number);
        }
        byNumber[number] = watch;
        watches.add(watch);
        try {
            watch.descriptor().startSignals(channel.thread(), channel.signal());
            watch.live().complete(null);
        } catch (KmodscopeException e) {
            watch.live().completeExceptionally(e);
            forget(watch);
        }
    }

    private void disarm(Watch watch) {
        if (!watches.contains(watch) || fences.containsValue(watch) || unfenced.contains(watch)) {
            return;
        }
        try {
            watch.descriptor().stopSignals();
            fence(watch);
        } catch (KmodscopeException e) {
            watch.closed().completeExceptionally(e);
        }
    }

    private void fence(Watch watch) throws KmodscopeException {
        long cookie = ++cookies;
        if (channel.fence(cookie)) {
            fences.put(cookie, watch);
        } else {
            // The queue is full: what was in it is read when a later batch ends it, and one comes.
            unfenced.add(watch);
            channel.wake();
        }
    }

    private void fenceAgain(boolean allRead) throws KmodscopeException {
        List<Watch> waiting = List.copyOf(unfenced);
        unfenced.clear();
        for (Watch watch : waiting) {
            if (allRead) {
                forget(watch);
            } else {
                fence(watch);
            }
        }
    }

    /** The last thing that is done with a watch: its number may be used again after this. */
    private void forget(Watch watch) {
        watches.remove(watch);
        unread.remove(watch);
        byNumber[watch.number()] = null;
        watch.descriptor().close();
        watch.closed().complete(null);
    }

    private void count(int counter) {
        counters.setOpaque(counter, counters.getPlain(counter) + 1);
    }

    private void emit(
            long time, EventKind kind, int flags, int stream, long request, long result, int band) {
        records.put(time, kind, flags, stream, request, result, band);
    }
}
