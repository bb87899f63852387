/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetSession.Armed;
import org.kmodscope.core.target.TargetSession.Subscription;

/**
 * What the agent of a target does, in the words of {@link org.kmodscope.core.target.TargetSession},
 * whose methods of the same names say more.
 */
public final class Agent implements Modules {

    // linux/errno.h; the numbers are the same on all architectures that kmodscope runs on
    private static final int ENOENT = 2;
    private static final int ENOEXEC = 8;
    private static final int EEXIST = 17;
    private static final int ENOTSUP = 95;
    private static final int ETIMEDOUT = 110;

    private static final int PUT_FIRST = 1;
    private static final int PUT_LAST = 2;
    private static final int PUT_CHUNK = 256 * 1024;
    private static final int ARM_DRAIN = 1;
    private static final int BYTES_MAX = 1024 * 1024;
    private static final double NANOS = 1e9;

    // Longer than the agent takes to find out that a driver's read() does not return.
    private static final Duration DISARMED_WITHIN = Duration.ofSeconds(8);
    private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(5);

    private static final Pattern MODULE_FILE = Pattern.compile("[A-Za-z0-9_-]{1,55}\\.ko");
    private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9_-]{1,55}");

    private final AgentClient client;
    private final String release;
    private final String scratch;
    // Two files at once would be written piece by piece under one name when they have the same.
    private final ReentrantLock putting = new ReentrantLock();

    /**
     * @param client after its handshake; stays its owner's
     * @param release the target's kernel release, for messages
     * @param scratch a directory there for files that are on their way
     */
    public Agent(AgentClient client, String release, String scratch) {
        this.client = client;
        this.release = release;
        this.scratch = scratch;
    }

    /** Copies a file into the target. */
    public void put(Path local, String remote, int mode)
            throws KmodscopeException, InterruptedException {
        if (!remote.startsWith("/") || remote.indexOf('\0') >= 0) {
            throw usage("The target needs an absolute path, not \"" + remote + "\".");
        }
        putting.lockInterruptibly();
        try (InputStream in = Files.newInputStream(local)) {
            byte[] chunk = in.readNBytes(PUT_CHUNK);
            int flags = PUT_FIRST;
            while (true) {
                byte[] next = in.readNBytes(PUT_CHUNK);
                putChunk(remote, mode, next.length == 0 ? flags | PUT_LAST : flags, chunk);
                if (next.length == 0) {
                    return;
                }
                chunk = next;
                flags = 0;
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    local + " cannot be read: " + Reason.of(e) + ".",
                    "Check that the file is there and that you may read it.",
                    e);
        } finally {
            putting.unlock();
        }
    }

    private void putChunk(String remote, int mode, int flags, byte[] chunk)
            throws KmodscopeException, InterruptedException {
        byte[] payload =
                new PayloadWriter()
                        .u32(mode)
                        .u32(flags)
                        .string(remote)
                        .bytes(chunk, chunk.length)
                        .toBytes();
        done(
                client.request(FrameType.PUT, payload),
                refused ->
                        failed(
                                "The target " + refused.text() + ".",
                                "Choose a directory that is there and has room."));
    }

    @Override
    public void load(Path module, List<String> parameters)
            throws KmodscopeException, InterruptedException {
        String file = String.valueOf(module.getFileName());
        if (!MODULE_FILE.matcher(file).matches()) {
            throw usage("\"" + file + "\" is no name of a module's file, such as driver.ko.");
        }
        String remote = scratch + '/' + file;
        put(module, remote, 0600);
        byte[] payload =
                new PayloadWriter().string(remote).string(String.join(" ", parameters)).toBytes();
        done(
                client.request(FrameType.LOAD, payload),
                refused ->
                        failed(
                                "The module " + file + " does not load: " + refused.text(),
                                remedy(refused.errno())));
    }

    private String remedy(int errno) {
        return switch (errno) {
            case ENOEXEC -> "Build it for the kernel that runs here, " + release + ".";
            case ENOENT -> "Load the module that has the symbol first, or do without the symbol.";
            case EEXIST -> "Unload the one that is loaded first.";
            default -> "Correct what the kernel complains of; its log may say more.";
        };
    }

    @Override
    public void unload(String module) throws KmodscopeException, InterruptedException {
        if (!MODULE.matcher(module).matches()) {
            throw usage("\"" + module + "\" is no name of a module.");
        }
        // The kernel's own rule: a file may have dashes, the module in it has underscores.
        byte[] payload = new PayloadWriter().string(module.replace('-', '_')).toBytes();
        done(
                client.request(FrameType.UNLOAD, payload),
                refused ->
                        failed(
                                "The module " + module + " cannot be unloaded: " + refused.text(),
                                "End what uses it, and try again."));
    }

    /** Starts a program. */
    public RemoteCommand start(List<String> argv, OutputSink output)
            throws KmodscopeException, InterruptedException {
        return command(argv, output);
    }

    AgentCommand command(List<String> argv, OutputSink output)
            throws KmodscopeException, InterruptedException {
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw usage("There is no program to start.");
        }
        if (argv.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw usage("An argument of " + argv.getFirst() + " holds a NUL character.");
        }
        return client.run(argv, output);
    }

    /**
     * Starts the bridge's program, which writes its events to a channel of its own, and waits until
     * it is armed.
     */
    public EventSource guest(
            List<String> argv, IoModel model, ReadableByteChannel events, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return GuestSource.start(this, argv, model, events, monitor);
    }

    /** The agent's events, from the channel, which the source owns from now on. */
    public EventSource events(ReadableByteChannel channel) {
        return new AgentEvents(client, channel);
    }

    /** Arms a device. */
    public Armed arm(ArmRequest request) throws KmodscopeException, InterruptedException {
        if (!(request.model() instanceof IoModel.Signals signals)) {
            throw usage("The agent watches signals only, not " + request.model().word() + ".");
        }
        checkBytes(signals.bytes(), signals.drain() ? 1 : 0, "A read");
        byte[] payload =
                new PayloadWriter()
                        .u32(signals.drain() ? ARM_DRAIN : 0)
                        .u32(signals.bytes())
                        .string(request.device())
                        .toBytes();
        PayloadReader answer =
                done(
                        client.request(FrameType.ARM, payload),
                        refused ->
                                failed("The target: " + refused.text() + ".", armRemedy(refused)));
        int stream = number(answer);
        return new ArmedStream(stream);
    }

    private static String armRemedy(Answer.Refused refused) {
        return switch (refused.errno()) {
            case ENOENT -> "Load the driver, and check the name of its device.";
            case ENOTSUP -> "Give the driver a fasync() that calls fasync_helper().";
            default -> "Check that it is the driver's device; the kernel log may say more.";
        };
    }

    /** Writes to a device until all is written or the monitor is cancelled. */
    public StimulusResult stimulate(Stimulus stimulus, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        checkBytes(stimulus.bytes(), 1, "A write");
        double rate = stimulus.perSecond();
        if (stimulus.count() < 0 || !(rate >= 0 && rate <= NANOS)) {
            throw usage("A stimulus is of 0 or more writes, at 0 to 1e9 writes per second.");
        }
        byte[] payload =
                new PayloadWriter()
                        .u64(stimulus.count())
                        .u32(stimulus.bytes())
                        .u32(0)
                        .u64(rate == 0 ? 0 : Math.max(1, Math.round(NANOS / rate)))
                        .string(stimulus.device())
                        .toBytes();
        AgentClient.Numbered request = client.requestNumbered(FrameType.STIMULATE, payload);
        try {
            Monitored.await(request.answer(), monitor);
        } catch (OperationCanceledException | InterruptedException e) {
            client.request(FrameType.CANCEL, new PayloadWriter().u32(request.id()).toBytes());
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            if (!Monitored.settled(request.answer(), CANCELLED_WITHIN)) {
                throw failed(
                        "The stimulus was cancelled, but its write() to "
                                + stimulus.device()
                                + " does not return although O_NONBLOCK is set: the driver"
                                + " ignores it.",
                        "Have the driver's write() return -EAGAIN instead of waiting when the"
                                + " file has O_NONBLOCK.");
            }
        }
        PayloadReader answer =
                done(
                        request.answer(),
                        refused ->
                                failed(
                                        "The target: " + refused.text() + ".",
                                        "Check that the driver is loaded and its device takes"
                                                + " writes."));
        try {
            return new StimulusResult(answer.u64(), answer.u64(), answer.u64(), answer.u64());
        } catch (BufferUnderflowException e) {
            throw senseless(e);
        }
    }

    /** Subscribes to the kernel log. */
    public Subscription onKernelLog(Consumer<KernelLogLine> listener) {
        return client.onKernelLog(listener);
    }

    private static void checkBytes(int bytes, int least, String what) throws KmodscopeException {
        if (bytes < least || bytes > BYTES_MAX) {
            throw usage(
                    what + " is of " + least + " to " + BYTES_MAX + " bytes, not " + bytes + '.');
        }
    }

    private static PayloadReader done(CompletableFuture<Answer> answer, Translation translation)
            throws KmodscopeException, InterruptedException {
        return switch (Monitored.await(answer)) {
            case Answer.Done(byte[] payload) -> new PayloadReader(payload);
            case Answer.Refused refused -> throw translation.of(refused);
        };
    }

    private static int number(PayloadReader answer) throws KmodscopeException {
        try {
            return answer.u32();
        } catch (BufferUnderflowException e) {
            throw senseless(e);
        }
    }

    private static KmodscopeException senseless(BufferUnderflowException cause) {
        return new KmodscopeException(
                Kind.LAB,
                "The agent's answer is too short.",
                "Use the agent that belongs to this kmodscope.",
                cause);
    }

    private static KmodscopeException usage(String what) {
        return new KmodscopeException(Kind.USAGE, what, "Correct it, and try again.");
    }

    private static KmodscopeException failed(String what, String remedy) {
        return new KmodscopeException(Kind.FAILED, what, remedy);
    }

    /** From what the agent refused to what the user is told. */
    private interface Translation {
        KmodscopeException of(Answer.Refused refused);
    }

    /** A device that the agent watches. */
    private final class ArmedStream implements Armed {

        private final int stream;
        private boolean disarmed;

        ArmedStream(int stream) {
            this.stream = stream;
        }

        @Override
        public int stream() {
            return stream;
        }

        @Override
        public synchronized void close() throws KmodscopeException, InterruptedException {
            if (disarmed) {
                return;
            }
            disarmed = true;
            CompletableFuture<Answer> answer =
                    client.request(FrameType.DISARM, new PayloadWriter().u32(stream).toBytes());
            if (!Monitored.settled(answer, DISARMED_WITHIN)) {
                throw failed(
                        "The device was not disarmed within "
                                + DISARMED_WITHIN.toSeconds()
                                + " s: the driver's fasync() does not return, or the target hangs.",
                        "Look at the kernel log for what it waits for, and close the session.");
            }
            done(
                    answer,
                    refused ->
                            failed(
                                    "The target cannot disarm it: " + refused.text() + ".",
                                    refused.errno() == ETIMEDOUT
                                            ? "Have the driver's read() return -EAGAIN instead of"
                                                    + " waiting when the file has O_NONBLOCK."
                                            : "Close the session."));
        }
    }
}
