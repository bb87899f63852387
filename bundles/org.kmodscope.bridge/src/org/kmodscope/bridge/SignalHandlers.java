/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.util.stream.IntStream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * Makes stray signals harmless. The default action of SIGIO and of a real-time signal ends the
 * process, and a signal that is meant for the bridge's thread can miss it: sent to the whole
 * process, or late. So before anything else each gets a handler that does nothing: libc's {@code
 * abs}, native code that computes in registers. (A Java callback would lose signals during garbage
 * collection.) The handlers stay for the life of the process, because a late signal can come at any
 * time.
 *
 * <pre>
 * glibc's struct sigaction (152 bytes, both architectures of {@link Abi})
 * byte 0         8               136     144        152
 *      +---------+---------------+-------+----------+
 *      | handler | mask (128 B)  | flags | restorer |
 *      +---------+---------------+-------+----------+
 * </pre>
 */
final class SignalHandlers {

    static final int SIGIO = 29;

    /** The default action of SIGURG is to do nothing: no handler is needed. */
    static final int SIGURG = 23;

    private static final int SIGACTION_BYTES = 152;
    private static final int SIGACTION_FLAGS = 136;
    private static final int SA_RESTART = 0x10000000;
    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private SignalHandlers() {}

    /**
     * Real-time signals that nothing else in this process uses.
     *
     * @param event what armed descriptors send
     * @param interrupt what makes a system call that waits return EINTR
     */
    record Chosen(int event, int interrupt) {}

    /**
     * Installs the handlers.
     *
     * @throws KmodscopeException MISSING when SIGIO or the real-time signals are taken
     */
    static Chosen install() throws KmodscopeException {
        long harmless = Libc.addressOfAbs();
        if (!isFree(SIGIO, harmless)) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "Another part of this process already handles SIGIO.",
                    "Run kmodscope in a process of its own.");
        }
        // 32 and 33 belong to glibc; 33 and 62 are used inside the JVM.
        int[] free =
                IntStream.concat(IntStream.rangeClosed(40, 61), IntStream.rangeClosed(35, 39))
                        .filter(signal -> isFree(signal, harmless))
                        .limit(2)
                        .toArray();
        if (free.length < 2) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "All real-time signals of this process are taken.",
                    "Run kmodscope in a process of its own.");
        }
        handle(SIGIO, harmless, SA_RESTART);
        handle(free[0], harmless, SA_RESTART);
        handle(free[1], harmless, 0);
        return new Chosen(free[0], free[1]);
    }

    private static boolean isFree(int signal, long harmless) {
        Pointer now = current(signal);
        long handler = now.getLong(0);
        return handler == SIG_DFL || handler == SIG_IGN || handler == harmless;
    }

    private static Pointer current(int signal) {
        Pointer action = Libc.zeroed(SIGACTION_BYTES);
        if (Libc.sigaction(signal, null, action) != 0) {
            // Not a signal this C library lets anyone use: what is not known to be free is taken.
            action.setLong(0, -1);
        }
        return action;
    }

    private static void handle(int signal, long handler, int flags) throws KmodscopeException {
        Pointer action = Libc.zeroed(SIGACTION_BYTES);
        action.setLong(0, handler);
        action.setInt(SIGACTION_FLAGS, flags);
        boolean done = Libc.sigaction(signal, action, null) == 0;
        Pointer installed = current(signal);
        if (!done
                || installed.getLong(0) != handler
                || (installed.getInt(SIGACTION_FLAGS) & SA_RESTART) != flags) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "A handler for signal " + signal + " could not be installed in this process.",
                    "Run kmodscope outside of the sandbox, or watch through the agent.");
        }
    }
}
