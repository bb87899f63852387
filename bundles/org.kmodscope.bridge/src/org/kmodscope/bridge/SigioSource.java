/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.bridge.BridgeLoop.Command;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.IoModel;

/**
 * Receives what drivers of this machine signal (asynchronous notification: SIGIO with F_SETSIG) and
 * delivers it as events.
 *
 * <pre>
 *   open() ──► open ── run() ──► running ── stop() ──► ended
 *               │ arm(): checked,   │ arm(): armed       ▲  arm() refuses
 *               │ armed by run()    │ when it returns    │
 *               └───────────────── close() ──────────────┘
 * </pre>
 *
 * <p>The thread that calls {@link #run} does all the work and receives the signals; its signal mask
 * is changed meanwhile. It must not start threads or processes, which would inherit the mask. All
 * other methods may be called from any other thread, in any state. Several bridges in one process
 * do not disturb each other, but an open file signals to one of them only, the last that armed it.
 *
 * <p>Times are those at which the signals were read from the kernel, up to 64 at once, by
 * System.nanoTime, which on Linux is CLOCK_MONOTONIC ({@link #open} compares them). A read call
 * that one of them caused can so stand before another that came with it.
 *
 * <p>Nothing is lost in silence: when the kernel's queue of signals overflows, an OVERFLOW event is
 * followed by what poll(2) finds, flagged RESYNC. OVERFLOW has the stream 0.
 */
final class SigioSource implements EventSource {

    private static final int MOST_READ_BYTES = 1 << 20;

    /** How long the bridge's thread may take for what it is asked; usually far below a second. */
    private static final long PATIENCE_SECONDS = 10;

    private enum Phase {
        OPEN,
        RUNNING,
        ENDED
    }

    private final Abi abi;
    private final SignalHandlers.Chosen signals;
    private final OptionalLong queueLimit;
    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray counters = new AtomicLongArray(2);
    private final Object lock = new Object();
    private Phase phase = Phase.OPEN;
    private volatile boolean stopping;
    private @Nullable Thread runner;
    private @Nullable SignalChannel awake;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private int streams;

    private SigioSource(Abi abi, SignalHandlers.Chosen signals, OptionalLong queueLimit) {
        this.abi = abi;
        this.signals = signals;
        this.queueLimit = queueLimit;
    }

    /**
     * Prepares this process: handlers that make stray signals harmless (they stay), the signal
     * queue as long as the user's limit allows, and a signal sent round through a pipe.
     *
     * @throws KmodscopeException MISSING when this machine or sandbox cannot do it; it says why
     */
    static SigioSource open(Abi abi) throws KmodscopeException, InterruptedException {
        SignalHandlers.Chosen signals = SignalHandlers.install();
        OptionalLong queueLimit = SignalQueue.raiseLimit();
        SelfTest.run(abi, signals.event());
        return new SigioSource(abi, signals, queueLimit);
    }

    @Override
    public String name() {
        return "bridge";
    }

    /**
     * Opens a device and watches it.
     *
     * @return the armed device; before {@link #run} it is armed when that begins, see {@link
     *     Device#awaitLive}
     * @throws KmodscopeException FAILED when it cannot be opened or its driver has no fasync, USAGE
     *     when the request makes no sense or the bridge has ended
     */
    Device arm(String device, IoModel.Signals how) throws KmodscopeException, InterruptedException {
        int readBytes = readBytes(how);
        return arm(Descriptor.open(device), readBytes);
    }

    /**
     * Watches a file that is open in this process, through a duplicate of its own: the caller may
     * close the number at any time.
     *
     * @param how when it drains, the file must be in non-blocking mode
     * @throws KmodscopeException as {@link #arm(String, IoModel.Signals)}
     */
    Device armDescriptor(int descriptor, IoModel.Signals how)
            throws KmodscopeException, InterruptedException {
        int bytes = readBytes(how);
        Descriptor own = Descriptor.duplicateOf(descriptor);
        if (how.drain() && !own.isNonBlocking()) {
            own.close();
            throw new KmodscopeException(
                    Kind.USAGE,
                    "Descriptor " + descriptor + " would block the bridge when it is read.",
                    "Set O_NONBLOCK on it, or do not ask to drain it.");
        }
        return arm(own, bytes);
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("signals belong to a platform thread, this is virtual");
        }
        synchronized (lock) {
            if (runner != null) {
                throw new IllegalStateException("a bridge runs once");
            }
            if (phase == Phase.ENDED) {
                return;
            }
            phase = Phase.RUNNING;
            runner = Thread.currentThread();
        }
        try (SignalChannel channel = SignalChannel.open(abi, signals.event())) {
            synchronized (lock) {
                awake = channel;
            }
            try (BridgeLoop loop =
                    new BridgeLoop(
                            channel,
                            signals.interrupt(),
                            sink,
                            commands,
                            () -> stopping,
                            counters)) {
                loop.run();
            }
        } finally {
            end();
        }
    }

    @Override
    public void stop() {
        synchronized (lock) {
            stopping = true;
            if (phase == Phase.OPEN) {
                end();
            } else {
                wake();
            }
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** What was met so far. */
    SignalStatistics statistics() {
        return new SignalStatistics(
                counters.getOpaque(BridgeLoop.OVERFLOWS),
                counters.getOpaque(BridgeLoop.STRAYS),
                queueLimit,
                watches.stream().map(Watch::statistics).toList());
    }

    /** What a caller holds of a watch. */
    final class Device implements ArmedDevice {

        private final Watch watch;

        private Device(Watch watch) {
            this.watch = watch;
        }

        @Override
        public int stream() {
            return watch.stream();
        }

        /**
         * Waits until the device signals to the bridge: returns at once when it was armed while the
         * bridge ran, and else when {@link SigioSource#run} has begun.
         *
         * @throws KmodscopeException when it could not be armed, or the bridge ended before
         */
        void awaitLive() throws KmodscopeException, InterruptedException {
            refuseOnBridgeThread();
            await(watch.live());
        }

        @Override
        public DeviceStatistics statistics() {
            return watch.statistics();
        }

        @Override
        public void close() throws KmodscopeException, InterruptedException {
            refuseOnBridgeThread();
            disarm(watch);
            awaitSoon(watch, watch.closed());
        }
    }

    private void refuseOnBridgeThread() {
        synchronized (lock) {
            if (phase == Phase.RUNNING && Thread.currentThread() == runner) {
                throw new IllegalStateException("the bridge's thread cannot wait for itself");
            }
        }
    }

    /** Waits for the bridge's thread, and hands its failure to the caller as one of its own. */
    private static void await(CompletableFuture<@Nullable Void> done)
            throws KmodscopeException, InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KmodscopeException failure) {
                throw new KmodscopeException(
                        failure.kind(), failure.getLocalizedMessage(), failure.remedy(), failure);
            }
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #await}, for what the bridge's thread does at once unless it is stuck. */
    private static void awaitSoon(Watch watch, CompletableFuture<@Nullable Void> done)
            throws KmodscopeException, InterruptedException {
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The bridge did not come to "
                            + watch.descriptor().title()
                            + " within "
                            + PATIENCE_SECONDS
                            + " seconds: a call of a driver does not return, or whoever takes the"
                            + " events does not.",
                    "See whether a driver waits in its read function although O_NONBLOCK is set"
                            + " (/proc/PID/task/*/stack shows where).",
                    e);
        } catch (ExecutionException e) {
            await(done);
        }
    }

    private Device arm(Descriptor descriptor, int readBytes)
            throws KmodscopeException, InterruptedException {
        Watch watch;
        boolean running;
        try {
            refuseOnBridgeThread();
            if (!isRunning()) {
                descriptor.checkNotification();
            }
            synchronized (lock) {
                if (phase == Phase.ENDED || stopping) {
                    throw new KmodscopeException(
                            Kind.USAGE,
                            "The bridge has ended and can watch nothing more.",
                            "Start it again.");
                }
                running = phase == Phase.RUNNING;
                watch = new Watch(descriptor, ++streams, readBytes);
                watches.add(watch);
                commands.add(new Command.Arm(watch));
                wake();
            }
        } catch (KmodscopeException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
        if (running) {
            try {
                awaitSoon(watch, watch.live());
            } catch (KmodscopeException | InterruptedException e) {
                disarm(watch);
                throw e;
            }
        }
        return new Device(watch);
    }

    private boolean isRunning() {
        synchronized (lock) {
            return phase == Phase.RUNNING;
        }
    }

    private void disarm(Watch watch) {
        synchronized (lock) {
            watches.remove(watch);
            if (phase == Phase.OPEN) {
                commands.removeIf(command -> command.watch() == watch);
                abandon(watch);
            } else if (phase == Phase.RUNNING) {
                commands.add(new Command.Disarm(watch));
                wake();
            }
        }
    }

    /** Under the lock, because the thread's number is good only while the thread runs. */
    private void wake() {
        SignalChannel channel = awake;
        if (channel != null) {
            channel.wake();
        }
    }

    private void end() {
        synchronized (lock) {
            phase = Phase.ENDED;
            awake = null;
            for (Command command = commands.poll(); command != null; command = commands.poll()) {
                abandon(command.watch());
            }
        }
    }

    /** Frees a watch that the loop does not know, or knows and has freed already. */
    private static void abandon(Watch watch) {
        if (watch.closed().isDone()) {
            return;
        }
        watch.live()
                .completeExceptionally(
                        new KmodscopeException(
                                Kind.USAGE,
                                watch.descriptor().title() + " was not armed: the bridge ended.",
                                "Start the bridge again."));
        watch.descriptor().close();
        watch.closed().complete(null);
    }

    private static int readBytes(IoModel.Signals how) throws KmodscopeException {
        int asked = how.bytes();
        if (how.drain() && (asked < 1 || asked > MOST_READ_BYTES)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "One request cannot ask for " + asked + " bytes.",
                    "Ask for 1 to " + MOST_READ_BYTES + " bytes.");
        }
        return how.drain() ? asked : 0;
    }
}
