/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.Locale;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * What differs between the architectures that the bridge knows: numbers of system calls that glibc
 * has no (or, before 2.34, no close by) function for, from {@code asm/unistd_64.h} of x86-64 and
 * {@code asm-generic/unistd.h} of aarch64; and the one structure that x86-64 packs.
 *
 * <p>Signal numbers, {@code O_*}, {@code F_*}, {@code POLL*} and the layouts of {@code struct
 * sigaction}, {@code siginfo}, {@code signalfd_siginfo}, {@code f_owner_ex}, {@code sigevent},
 * {@code pollfd}, {@code iocb}, {@code io_event}, {@code aiocb} and io_uring's are the same on
 * both, and are constants where they are used. They are not believed: {@link SignalHandlers} reads
 * back what it installed, {@link SelfTest} sends a signal round, {@link KernelAio} and {@link
 * PosixAio} send a request round, and a test compares every number with what C compilers for both
 * architectures say. io_uring has the same numbers everywhere.
 *
 * @param tgsigqueueinfo number of rt_tgsigqueueinfo(2)
 * @param timerCreate number of timer_create(2)
 * @param timerSettime number of timer_settime(2)
 * @param timerDelete number of timer_delete(2)
 * @param ioSetup number of io_setup(2)
 * @param ioDestroy number of io_destroy(2)
 * @param ioGetevents number of io_getevents(2)
 * @param ioSubmit number of io_submit(2)
 * @param ioCancel number of io_cancel(2)
 * @param epollEvent bytes of {@code struct epoll_event}; its data are the last eight
 */
record Abi(
        int tgsigqueueinfo,
        int timerCreate,
        int timerSettime,
        int timerDelete,
        int ioSetup,
        int ioDestroy,
        int ioGetevents,
        int ioSubmit,
        int ioCancel,
        int epollEvent) {

    /** The same on every architecture, as all system calls since Linux 5.1. */
    static final int IO_URING_SETUP = 425;

    static final int IO_URING_ENTER = 426;

    private static final Abi X86_64 = new Abi(297, 222, 223, 226, 206, 207, 208, 209, 210, 12);
    private static final Abi AARCH64 = new Abi(240, 107, 110, 111, 0, 1, 4, 2, 3, 16);

    /** The table for this JVM. */
    static Abi ofThisMachine() throws KmodscopeException {
        return of(System.getProperty("os.name", "?"), System.getProperty("os.arch", "?"));
    }

    /**
     * The table for a system, named as the JDK names it.
     *
     * @throws KmodscopeException MISSING when the bridge does not know it
     */
    static Abi of(String system, String architecture) throws KmodscopeException {
        if (!system.equals("Linux")) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "Signals of drivers can be received on Linux only, this is " + system + ".",
                    "Run kmodscope on Linux, or watch a target through its agent.");
        }
        return switch (architecture.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default ->
                    throw new KmodscopeException(
                            Kind.MISSING,
                            "The bridge knows the layouts of x86-64 and aarch64 (64 bit), not those"
                                    + " of "
                                    + architecture
                                    + ".",
                            "Use a 64-bit JDK on x86-64 or aarch64, or watch through the agent.");
        };
    }
}
