/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Gets a thread out of a system call that waits: has the kernel send it, again and again, a signal
 * whose handler does nothing but let the call return EINTR (timer_create(2) with SIGEV_THREAD_ID;
 * {@link SignalHandlers} installed it without SA_RESTART). Once would not do: a signal that comes
 * just before the call begins is gone when it waits.
 *
 * <p>Made and closed by the thread that it is for; {@link #begin} is for any. A driver that waits
 * in a way that no signal interrupts is not got out of.
 *
 * <pre>
 * struct sigevent (64 bytes)                     struct itimerspec (32 bytes)
 * byte 0       8       12       16          64   byte 0          16         32
 *      +-------+-------+--------+-----------+         +----------+----------+
 *      | value | signo | notify | thread id |         | interval | value    |
 *      +-------+-------+--------+-----------+         +----------+----------+
 * </pre>
 */
final class Interruption implements AutoCloseable {

    private static final long INTERVAL_NANOS = 10_000_000L;
    private static final int SIGEVENT_BYTES = 64;
    private static final int ITIMERSPEC_BYTES = 32;
    private static final int SIGEV_THREAD_ID = 4;
    private static final int CLOCK_MONOTONIC = 1;

    private final Abi abi;
    private final int timer;
    private boolean closed;

    private Interruption(Abi abi, int timer) {
        this.abi = abi;
        this.timer = timer;
    }

    /**
     * Prepares it for the calling thread, which lets the signal through from now on.
     *
     * @param signal {@link SignalHandlers.Chosen#interrupt}
     * @throws KmodscopeException MISSING when this environment forbids it
     */
    static Interruption ofThisThread(Abi abi, int signal) throws KmodscopeException {
        int error = SignalChannel.unblock(signal);
        if (error != 0) {
            throw forbidden("pthread_sigmask", error);
        }
        Pointer event = Libc.zeroed(SIGEVENT_BYTES);
        event.setInt(8, signal);
        event.setInt(12, SIGEV_THREAD_ID);
        event.setInt(16, Libc.gettid());
        Pointer id = Libc.zeroed(4);
        if (Libc.syscall(abi.timerCreate(), CLOCK_MONOTONIC, event, id) != 0) {
            throw forbidden("timer_create", Libc.errno());
        }
        return new Interruption(abi, id.getInt(0));
    }

    /** From now on the thread's calls do not wait. Does nothing when closed. */
    synchronized void begin() {
        set(INTERVAL_NANOS);
    }

    /** Lets calls wait again. */
    synchronized void end() {
        set(0);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.syscall(abi.timerDelete(), timer, 0, 0);
        }
    }

    private void set(long nanos) {
        if (closed) {
            return;
        }
        Pointer times = Libc.zeroed(ITIMERSPEC_BYTES);
        times.setLong(8, nanos);
        times.setLong(24, nanos == 0 ? 0 : 1);
        Libc.syscall(abi.timerSettime(), timer, 0, times, 0);
    }

    private static KmodscopeException forbidden(String call, int errno) {
        return new KmodscopeException(
                Kind.MISSING,
                "This environment does not let a waiting call be interrupted: "
                        + call
                        + ": "
                        + Libc.text(errno)
                        + ".",
                "Run kmodscope outside of the container or sandbox, or watch through the agent.");
    }
}
