/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;

/**
 * Watches devices of this machine: by asynchronous notification, by asynchronous I/O of the kernel,
 * of the C library or of io_uring, by poll(2) or epoll(7), or by calls that wait. All of them
 * deliver the same records of events. Works in any JVM on Linux with glibc, x86-64 or aarch64;
 * other machines are refused by {@link #open}.
 *
 * <p>Each state is a type of its own and offers what can be done in it, so that what is out of
 * order does not compile:
 *
 * <pre>
 *   Bridge ── arm(request) ──► Armed ── start(sink) ──► Running ── stop() ──► Stopped
 *                                └───────── asSource() ──► EventSource, for an EventPump
 *   Bridge ── startSignals(sink) ──► RunningSignals (arm and disarm devices while it runs)
 * </pre>
 *
 * <p>{@link Armed} and {@link Running} hold native memory and descriptors: close them. All methods
 * may be called from any thread; the sink is called by one thread of the bridge's own, which cannot
 * wait for its own end. Times are nanoseconds of CLOCK_MONOTONIC.
 */
@SuppressWarnings("resource") // what is made here is owned by the Armed or Running it is in
public final class Bridge {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_REQUESTS = 1024;
    private static final long MOST_MEMORY = 1L << 28;

    private final Abi abi;

    private Bridge(Abi abi) {
        this.abi = abi;
    }

    /**
     * Looks whether this machine is one that the bridge knows.
     *
     * @throws KmodscopeException MISSING when it is not; it says why
     */
    public static Bridge open() throws KmodscopeException {
        Abi abi = Abi.ofThisMachine();
        try {
            Libc.gnu_get_libc_version();
        } catch (LinkageError e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The C library cannot be reached from Java: " + e.getMessage() + ".",
                    "The bridge needs glibc 2.30 or later (not musl) and a writable temporary"
                            + " directory (-Djava.io.tmpdir) that is not mounted noexec.",
                    e);
        }
        return new Bridge(abi);
    }

    /**
     * Opens a device and makes ready to watch it; nothing is read yet and nothing signalled.
     *
     * @throws KmodscopeException FAILED when the device cannot be opened or its driver lacks what
     *     the model needs, MISSING when this machine does, USAGE when the request makes no sense
     */
    public Armed arm(ArmRequest request) throws KmodscopeException, InterruptedException {
        IoModel model = request.model();
        check(model);
        String path = request.device();
        return switch (model) {
            case IoModel.Signals signals -> {
                SigioSource source = signals();
                yield armed(source, () -> source.arm(path, signals));
            }
            case IoModel.Readiness ready -> arm(Descriptor.open(path), ready);
            case IoModel.Queued queued -> arm(Descriptor.openWaiting(path), queued);
            case IoModel.Blocking blocking -> arm(Descriptor.openWaiting(path), blocking);
            case IoModel.Turns turns ->
                    turns(turns, each -> arm(new ArmRequest(request.device(), each)));
        };
    }

    /**
     * As {@link #arm}, for a file that is open in this process, through a duplicate: the caller may
     * close the number at any time. The modes of the open file are the caller's: whoever waits in a
     * read that shall not wait, waits.
     *
     * @throws KmodscopeException as {@link #arm}
     */
    public Armed armDescriptor(int descriptor, IoModel model)
            throws KmodscopeException, InterruptedException {
        check(model);
        if (model instanceof IoModel.Signals signals) {
            SigioSource source = signals();
            return armed(source, () -> source.armDescriptor(descriptor, signals));
        }
        if (model instanceof IoModel.Turns turns) {
            return turns(turns, each -> armDescriptor(descriptor, each));
        }
        Descriptor own = Descriptor.duplicateOf(descriptor);
        if (model instanceof IoModel.Readiness && !own.isNonBlocking()) {
            own.close();
            throw new KmodscopeException(
                    Kind.USAGE,
                    "Descriptor " + descriptor + " would block the bridge when it is read.",
                    "Set O_NONBLOCK on it, or use another model than " + model.word() + ".");
        }
        return arm(own, model);
    }

    /**
     * Starts to receive signals, of no device yet: for several devices that come and go.
     *
     * @param sink called by one thread of the bridge's own
     * @throws KmodscopeException MISSING when this environment does not let signals be received
     */
    public RunningSignals startSignals(EventSink sink)
            throws KmodscopeException, InterruptedException {
        return new RunningSignals(signals(), sink);
    }

    /** A source of signals that has no device yet. */
    SigioSource signals() throws KmodscopeException, InterruptedException {
        return SigioSource.open(abi);
    }

    private interface Arming {
        SigioSource.Device arm() throws KmodscopeException, InterruptedException;
    }

    private static Armed armed(SigioSource source, Arming arming)
            throws KmodscopeException, InterruptedException {
        SigioSource.Device device = arming.arm();
        return new Armed(source, device::awaitLive, source::statistics);
    }

    private static Armed turns(IoModel.Turns plan, TurnSource.Arming arming)
            throws KmodscopeException, InterruptedException {
        TurnSource source = TurnSource.open(plan, arming);
        return new Armed(source, () -> {}, source::statistics);
    }

    /**
     * @param device owned from now on
     */
    private Armed arm(Descriptor device, IoModel model) throws KmodscopeException {
        try (Undo undo = new Undo()) {
            undo.with(device::close);
            DeviceLoop loop = loop(device, model);
            undo.nothing();
            LoopSource source = new LoopSource(model.word(), loop);
            return new Armed(source, () -> {}, source::statistics);
        }
    }

    private DeviceLoop loop(Descriptor device, IoModel model) throws KmodscopeException {
        return switch (model) {
            case IoModel.Poll poll ->
                    new ReadinessLoop(device, poll.bytes(), new PollReadiness(device));
            case IoModel.Epoll epoll ->
                    new ReadinessLoop(device, epoll.bytes(), EpollReadiness.open(abi, device));
            case IoModel.Blocking blocking ->
                    new BlockingLoop(
                            device,
                            blocking.direction(),
                            blocking.bytes(),
                            abi,
                            SignalHandlers.install().interrupt());
            case IoModel.Queued queued -> {
                int interrupt = SignalHandlers.install().interrupt();
                TransferPlan plan = TransferPlan.of(device, queued);
                TransferEngine engine =
                        switch (queued) {
                            case IoModel.KernelAio kernel -> KernelAio.open(abi, plan);
                            case IoModel.PosixAio posix -> PosixAioEngine.open(plan);
                            case IoModel.IoUring uring -> IoUring.open(plan);
                        };
                yield TransferLoop.of(device, plan, engine, abi, interrupt);
            }
            case IoModel.Signals signals -> throw new IllegalArgumentException(signals.word());
            case IoModel.Turns turns -> throw new IllegalArgumentException(turns.word());
        };
    }

    private static void check(IoModel model) throws KmodscopeException {
        int bytes =
                switch (model) {
                    case IoModel.Signals signals -> signals.drain() ? signals.bytes() : 1;
                    case IoModel.Queued queued -> queued.bytes();
                    case IoModel.Readiness ready -> ready.bytes();
                    case IoModel.Blocking blocking -> blocking.bytes();
                    case IoModel.Turns turns -> turns.bytes();
                };
        if (bytes < 1 || bytes > MOST_BYTES) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "One request cannot ask for " + bytes + " bytes.",
                    "Ask for 1 to " + MOST_BYTES + " bytes.");
        }
        if (model instanceof IoModel.Queued queued) {
            int depth = queued.depth();
            if (depth < 1 || depth > MOST_REQUESTS || (long) depth * bytes > MOST_MEMORY) {
                throw new KmodscopeException(
                        Kind.USAGE,
                        depth + " requests of " + bytes + " bytes cannot be kept outstanding.",
                        "Ask for 1 to "
                                + MOST_REQUESTS
                                + " requests, of "
                                + (MOST_MEMORY >> 20)
                                + " MiB together.");
            }
        }
    }
}
