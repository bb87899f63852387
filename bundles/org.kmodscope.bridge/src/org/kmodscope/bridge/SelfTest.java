/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Sends one signal the whole way, from a write to a pipe to the fields of the record that is read,
 * and one by a timer, before anyone relies on it: sandboxes forbid parts of it, and layouts are
 * believed only once seen. It runs in a thread of its own that ends with it, because it changes the
 * thread's signal mask.
 */
final class SelfTest {

    private static final int LIMIT_MILLISECONDS = 10_000;
    private static final long TICK_NANOS = 1_000_000;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int POLL_IN = 1;

    private SelfTest() {}

    /**
     * @throws KmodscopeException MISSING when it fails; it says at which step
     */
    static void run(Abi abi, int signal) throws KmodscopeException, InterruptedException {
        FutureTask<@Nullable Void> test =
                new FutureTask<>(
                        () -> {
                            compareClocks();
                            sendRound(abi, signal);
                            return null;
                        });
        Thread thread = Thread.ofPlatform().daemon().name("kmodscope bridge self-test").start(test);
        thread.join();
        try {
            test.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KmodscopeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    private static void compareClocks() throws KmodscopeException {
        Pointer time = Libc.zeroed(16);
        long before = System.nanoTime();
        Libc.clock_gettime(CLOCK_MONOTONIC, time);
        long between = time.getLong(0) * 1_000_000_000L + time.getLong(8);
        long after = System.nanoTime();
        if (between < before || between > after) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The clock of this JVM (System.nanoTime) is not CLOCK_MONOTONIC, so times could"
                            + " not be compared with the kernel's.",
                    "Run kmodscope with a HotSpot JDK, such as Temurin 21 or later.");
        }
    }

    private static void sendRound(Abi abi, int signal) throws KmodscopeException {
        Pointer ends = Libc.zeroed(8);
        if (Libc.pipe2(ends, Descriptor.O_NONBLOCK | Descriptor.O_CLOEXEC) != 0) {
            throw failed("a pipe could not be made: " + Libc.text(Libc.errno()));
        }
        int reader = ends.getInt(0);
        int writer = ends.getInt(4);
        try (SignalChannel channel = SignalChannel.open(abi, signal)) {
            Descriptor watched = Descriptor.duplicateOf(reader);
            try {
                arm(watched, channel);
                if (Libc.write(writer, ends, 1) != 1) {
                    throw failed("a pipe could not be written: " + Libc.text(Libc.errno()));
                }
                examine(channel, watched.number());
            } finally {
                watched.close();
            }
        } finally {
            Libc.close(reader);
            Libc.close(writer);
        }
    }

    /** What a driver would be to blame for is the environment's doing on a pipe. */
    private static void arm(Descriptor watched, SignalChannel channel) throws KmodscopeException {
        try {
            watched.startSignals(channel.thread(), channel.signal());
        } catch (KmodscopeException e) {
            throw failed("a pipe cannot be armed: " + e.getMessage());
        }
    }

    private static void examine(SignalChannel channel, int watched) throws KmodscopeException {
        if (!channel.await(LIMIT_MILLISECONDS)) {
            throw failed("a write to an armed pipe was signalled to nobody");
        }
        channel.read();
        if (channel.signal(0) == SignalHandlers.SIGIO) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "This user's queue of signals is full: not one more can be queued.",
                    "Raise the limit of pending signals (ulimit -i), or end the program that left"
                            + " its signals unread.");
        }
        if (channel.signal(0) != channel.signal()
                || channel.code(0) != POLL_IN
                || channel.descriptor(0) != watched
                || (channel.band(0) & PollTable.POLLIN) == 0) {
            throw failed(
                    "a signal reads as signal %d, code %d, fd %d, band 0x%x"
                            .formatted(
                                    channel.signal(0),
                                    channel.code(0),
                                    channel.descriptor(0),
                                    channel.band(0)));
        }
        if (!channel.fence(Long.MAX_VALUE) || !channel.await(LIMIT_MILLISECONDS)) {
            throw failed("a thread could not queue a signal for itself");
        }
        channel.read();
        if (!channel.isFence(0) || channel.cookie(0) != Long.MAX_VALUE) {
            throw failed("a queued signal lost what it carried");
        }
        channel.tickEvery(TICK_NANOS);
        if (!channel.await(LIMIT_MILLISECONDS)) {
            throw failed("a timer did not signal");
        }
    }

    private static KmodscopeException failed(String what) {
        return new KmodscopeException(
                Kind.MISSING,
                "The bridge's self-test failed: " + what + (what.endsWith(".") ? "" : "."),
                "Run kmodscope outside of the container or sandbox, or watch through the agent.");
    }
}
