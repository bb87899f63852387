/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * The signals of one thread, read as data. Opened, used and closed by that thread alone: the signal
 * mask, the owner of descriptors and what signalfd(2) reads are all the calling thread's.
 *
 * <p>Three signals are blocked and read: the real-time signal that armed descriptors send (one for
 * all of them, so that the kernel finds the next one at the head of its queue), SIGIO, which the
 * kernel sends in its place when the queue is full, and SIGURG, by which the thread is woken. It is
 * never woken by SIGIO: a pending one would hide the kernel's.
 *
 * <pre>
 * struct signalfd_siginfo (128 bytes, signalfd(2))
 * byte 0       4       8      12    16    20   24    28     32          48         128
 *      +-------+-------+------+-----+-----+----+-----+------+-----------+----------+
 *      | signo | errno | code | pid | uid | fd | tid | band | ...       | ptr ...  |
 *      +-------+-------+------+-----+-----+----+-----+------+-----------+----------+
 * </pre>
 */
final class SignalChannel implements AutoCloseable {

    /** The most signals that one {@link #read} returns. */
    static final int BATCH = 64;

    static final int SI_USER = 0;
    static final int SI_QUEUE = -1;
    static final int SI_TIMER = -2;

    private static final int RECORD = 128;
    private static final int SIGSET_BYTES = 128;
    private static final int SIGINFO_BYTES = 128;
    private static final int SIGEVENT_BYTES = 64;
    private static final int TIMESPEC_BYTES = 16;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    private static final int SFD_CLOEXEC = 0x80000;
    private static final int SIGEV_THREAD_ID = 4;
    private static final int CLOCK_MONOTONIC = 1;
    private static final short POLLIN = 1;

    private final Abi abi;
    private final int signal;
    private final int process = Libc.getpid();
    private final int thread = Libc.gettid();
    private final Pointer set;
    private final Pointer oldMask = Libc.zeroed(SIGSET_BYTES);
    private final Pointer batch = Libc.zeroed((long) BATCH * RECORD);
    private final long batchAddress = Libc.address(batch);
    private final ByteBuffer records =
            batch.getByteBuffer(0, (long) BATCH * RECORD).order(ByteOrder.nativeOrder());
    private final int descriptor;
    private final List<Integer> timers = new ArrayList<>();

    private SignalChannel(Abi abi, int signal) throws KmodscopeException {
        this.abi = abi;
        this.signal = signal;
        this.set = signalSet(signal, SignalHandlers.SIGIO, SignalHandlers.SIGURG);
        int error = Libc.pthread_sigmask(SIG_BLOCK, set, oldMask);
        if (error != 0) {
            throw forbidden("pthread_sigmask", error);
        }
        descriptor = Libc.signalfd(-1, set, SFD_CLOEXEC);
        if (descriptor < 0) {
            error = Libc.errno();
            restoreMask();
            throw forbidden("signalfd", error);
        }
    }

    /** Blocks the signals in the calling thread and begins to collect them. */
    static SignalChannel open(Abi abi, int signal) throws KmodscopeException {
        return new SignalChannel(abi, signal);
    }

    /** The kernel's number of the thread that this channel belongs to. */
    int thread() {
        return thread;
    }

    /** The real-time signal that armed descriptors send. */
    int signal() {
        return signal;
    }

    /**
     * Waits for signals.
     *
     * @return how many there are to look at, 1 to {@link #BATCH}; fewer than that means that no
     *     more were pending; 0 only after {@link #stopWaiting}
     */
    int read() throws KmodscopeException {
        while (true) {
            long bytes = Libc.read(descriptor, batchAddress, (long) BATCH * RECORD);
            if (bytes > 0) {
                return (int) (bytes / RECORD);
            }
            int error = Libc.errno();
            if (error == Libc.EAGAIN) {
                return 0;
            }
            if (error != Libc.EINTR) {
                throw forbidden("read of a signalfd", error);
            }
        }
    }

    /** Whether a signal comes within that time. */
    boolean await(int milliseconds) throws KmodscopeException {
        Pointer entry = Libc.zeroed(PollTable.ENTRY_BYTES);
        entry.setInt(0, descriptor);
        entry.setShort(4, POLLIN);
        long deadline = System.nanoTime() + milliseconds * 1_000_000L;
        while (true) {
            long left = Math.max(0, (deadline - System.nanoTime()) / 1_000_000L);
            int ready = Libc.poll(entry, 1, (int) left);
            if (ready >= 0) {
                return ready > 0;
            }
            int error = Libc.errno();
            if (error != Libc.EINTR) {
                throw forbidden("poll", error);
            }
        }
    }

    /** From now on {@link #read} returns 0 when nothing is pending. */
    void stopWaiting() throws KmodscopeException {
        if (Libc.fcntl(descriptor, Descriptor.F_SETFL, Descriptor.O_NONBLOCK) < 0) {
            throw forbidden("fcntl(F_SETFL) of a signalfd", Libc.errno());
        }
    }

    int signal(int index) {
        return records.getInt(index * RECORD);
    }

    int code(int index) {
        return records.getInt(index * RECORD + 8);
    }

    int sender(int index) {
        return records.getInt(index * RECORD + 12);
    }

    int descriptor(int index) {
        return records.getInt(index * RECORD + 20);
    }

    int band(int index) {
        return records.getInt(index * RECORD + 28);
    }

    long cookie(int index) {
        return records.getLong(index * RECORD + 48);
    }

    /**
     * Queues a signal with a cookie behind all that are queued already (rt_tgsigqueueinfo(2)): when
     * it is read, so was everything before it.
     *
     * @return false when the queue is full
     */
    boolean fence(long cookie) throws KmodscopeException {
        Pointer info = Libc.zeroed(SIGINFO_BYTES);
        info.setInt(0, signal);
        info.setInt(8, SI_QUEUE);
        info.setInt(16, process);
        info.setLong(24, cookie);
        if (Libc.syscall(abi.tgsigqueueinfo(), process, thread, signal, info) == 0) {
            return true;
        }
        int error = Libc.errno();
        if (error == Libc.EAGAIN) {
            return false;
        }
        throw forbidden("rt_tgsigqueueinfo", error);
    }

    /** Whether the signal at this index is a fence of this channel. */
    boolean isFence(int index) {
        return code(index) == SI_QUEUE && sender(index) == process;
    }

    /**
     * Whether someone sent the signal at this index to the process, with kill(2). Those wait in a
     * queue of the process, so they hide none of the kernel's; one sent to the thread could.
     */
    boolean isByHand(int index) {
        return code(index) == SI_USER && sender(index) != 0;
    }

    /** Makes a {@link #read} return soon; a standard signal finds room in a full queue, too. */
    void wake() {
        Libc.tgkill(process, thread, SignalHandlers.SIGURG);
    }

    /**
     * Has the kernel wake the thread at an interval (timer_create(2) with SIGEV_THREAD_ID): a read
     * of a signalfd has no time-out, and a poll before each read would double the system calls.
     */
    void tickEvery(long nanos) throws KmodscopeException {
        sendEvery(nanos, SignalHandlers.SIGURG);
    }

    /**
     * Has the kernel interrupt whatever system call the thread waits in at an interval, as no
     * signal of the channel does: they are blocked.
     *
     * @param interrupt a signal whose handler was installed without SA_RESTART
     */
    void interruptEvery(long nanos, int interrupt) throws KmodscopeException {
        int error = unblock(interrupt);
        if (error != 0) {
            throw forbidden("pthread_sigmask", error);
        }
        sendEvery(nanos, interrupt);
    }

    /** Lets a signal through to the calling thread; 0, or what went wrong. */
    static int unblock(int signal) {
        return Libc.pthread_sigmask(SIG_UNBLOCK, signalSet(signal), null);
    }

    private void sendEvery(long nanos, int sent) throws KmodscopeException {
        Pointer event = Libc.zeroed(SIGEVENT_BYTES);
        event.setInt(8, sent);
        event.setInt(12, SIGEV_THREAD_ID);
        event.setInt(16, thread);
        Pointer id = Libc.zeroed(4);
        if (Libc.syscall(abi.timerCreate(), CLOCK_MONOTONIC, event, id) != 0) {
            throw forbidden("timer_create", Libc.errno());
        }
        int timer = id.getInt(0);
        timers.add(timer);
        Pointer times = Libc.zeroed(2 * TIMESPEC_BYTES);
        for (int offset = 0; offset <= TIMESPEC_BYTES; offset += TIMESPEC_BYTES) {
            times.setLong(offset, nanos / 1_000_000_000L);
            times.setLong(offset + 8, nanos % 1_000_000_000L);
        }
        if (Libc.syscall(abi.timerSettime(), timer, 0, times, 0) != 0) {
            throw forbidden("timer_settime", Libc.errno());
        }
    }

    /**
     * Takes what is still pending and gives the thread its old mask back. The descriptors that send
     * to it must have been disarmed.
     */
    @Override
    public void close() {
        for (int timer : timers) {
            Libc.syscall(abi.timerDelete(), timer, 0, 0, 0);
        }
        Pointer noTime = Libc.zeroed(TIMESPEC_BYTES);
        while (Libc.sigtimedwait(set, null, noTime) > 0 || Libc.errno() == Libc.EINTR) {
            // what came after the last read is nobody's
        }
        Libc.close(descriptor);
        restoreMask();
    }

    private void restoreMask() {
        Libc.pthread_sigmask(SIG_SETMASK, oldMask, null);
    }

    private static Pointer signalSet(int... signals) {
        Pointer set = Libc.zeroed(SIGSET_BYTES);
        for (int signal : signals) {
            int word = (signal - 1) / Long.SIZE * Long.BYTES;
            set.setLong(word, set.getLong(word) | 1L << (signal - 1) % Long.SIZE);
        }
        return set;
    }

    private static KmodscopeException forbidden(String call, int errno) {
        return new KmodscopeException(
                Kind.MISSING,
                "This environment does not let a program receive signals as data: "
                        + call
                        + ": "
                        + Libc.text(errno)
                        + ".",
                "Run kmodscope outside of the container or sandbox, or watch through the agent.");
    }
}
