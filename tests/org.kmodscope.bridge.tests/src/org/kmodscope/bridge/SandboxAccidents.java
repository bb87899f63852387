/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.kmodscope.bridge.Posix.Ends;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.IoModel;

/**
 * Sandboxes that forbid one system call each (seccomp(2)); part of {@link Accidents}. A filter is
 * its thread's and that of the threads which that starts, for good: so each has a thread of its
 * own.
 */
final class SandboxAccidents {

    static final int ANY = -1;
    private static final int F_SETSIG = 10;
    private static final int F_SETOWN_EX = 15;
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;

    private SandboxAccidents() {}

    /** Numbers of system calls that {@link Abi} does not need, as glibc has functions for them. */
    record Calls(int fcntl, int pipe2, int signalfd4, int epollCreate1, int newThread) {

        static Calls ofThisMachine() {
            return System.getProperty("os.arch").equals("aarch64")
                    ? new Calls(25, 59, 74, 20, 220)
                    : new Calls(72, 293, 289, 291, 56);
        }
    }

    private interface Attempt {
        void go() throws Exception;
    }

    static void run() throws Exception {
        Abi abi = Abi.ofThisMachine();
        Calls calls = Calls.ofThisMachine();
        Attempt signals = () -> Bridge.open().signals();
        // What works without a sandbox: so it is the filter that each of them meets.
        signals.go();
        refused(calls.signalfd4(), ANY, "signalfd", signals);
        refused(calls.pipe2(), ANY, "pipe", signals);
        refused(calls.fcntl(), F_SETSIG, "F_SETSIG", signals);
        refused(calls.fcntl(), F_SETOWN_EX, "F_SETOWN_EX", signals);
        refused(abi.tgsigqueueinfo(), ANY, "rt_tgsigqueueinfo", signals);
        refused(abi.timerCreate(), ANY, "timer_create", signals);
        refused(abi.timerSettime(), ANY, "timer_settime", signals);
        try (Ends pipe = Posix.pipe()) {
            refused(abi.ioSetup(), ANY, "io_setup", arming(pipe, "aio"));
            refused(abi.ioSubmit(), ANY, "io_submit", arming(pipe, "aio"));
            refused(abi.ioGetevents(), ANY, "io_getevents", arming(pipe, "aio"));
            refused(Abi.IO_URING_SETUP, ANY, "io_uring cannot be used", arming(pipe, "uring"));
            refused(Abi.IO_URING_ENTER, ANY, "io_uring_enter", arming(pipe, "uring"));
            refused(calls.epollCreate1(), ANY, "epoll", arming(pipe, "epoll"));
            assertEquals(2, Posix.shares(pipe.reader()), "what was refused holds nothing");
        }
        signals.go();
    }

    private static Attempt arming(Ends pipe, String word) throws Exception {
        IoModel model = IoModel.reading(word, 4, 64).orElseThrow();
        Attempt arming = () -> Bridge.open().armDescriptor(pipe.reader(), model).close();
        arming.go();
        return arming;
    }

    /** That it is refused with these words where the call fails, and is no driver's fault. */
    private static void refused(int call, int argument, String words, Attempt tried)
            throws Exception {
        FutureTask<KmodscopeException> inside =
                new FutureTask<>(
                        () -> {
                            forbid(call, argument, Libc.EPERM);
                            return assertThrows(KmodscopeException.class, tried::go);
                        });
        Thread.ofPlatform().start(inside).join();
        try {
            KmodscopeException why = inside.get();
            assertEquals(KmodscopeException.Kind.MISSING, why.kind(), why::toString);
            assertTrue(why.getMessage().contains(words), words + ": " + why.getMessage());
            assertTrue(!why.remedy().contains("driver"), why.remedy());
        } catch (ExecutionException e) {
            throw new AssertionError(words, e.getCause());
        }
    }

    /**
     * Has a call fail in this thread, for good.
     *
     * <pre>
     * struct sock_filter (8 bytes): code@0 (2), jump if true@2, jump if not@3, constant@4
     * struct sock_fprog (16 bytes): how many@0 (2), where@8
     * struct seccomp_data: number@0, architecture@4, instruction@8, arguments@16, 8 bytes each
     * </pre>
     *
     * @param argument only with this as its second argument, or {@link #ANY}
     */
    static void forbid(int call, int argument, int errno) {
        int load = 0x20;
        int jumpIfEqual = 0x15;
        int answer = 0x06;
        int fail = 0x50000 | errno;
        int allow = 0x7fff0000;
        int[][] program =
                argument == ANY
                        ? new int[][] {
                            {load, 0, 0, 0},
                            {jumpIfEqual, 0, 1, call},
                            {answer, 0, 0, fail},
                            {answer, 0, 0, allow}
                        }
                        : new int[][] {
                            {load, 0, 0, 0},
                            {jumpIfEqual, 0, 3, call},
                            {load, 0, 0, 24},
                            {jumpIfEqual, 0, 1, argument},
                            {answer, 0, 0, fail},
                            {answer, 0, 0, allow}
                        };
        Pointer filters = Libc.zeroed(8L * program.length);
        for (int i = 0; i < program.length; i++) {
            filters.setShort(8L * i, (short) program[i][0]);
            filters.setByte(8L * i + 2, (byte) program[i][1]);
            filters.setByte(8L * i + 3, (byte) program[i][2]);
            filters.setInt(8L * i + 4, program[i][3]);
        }
        Pointer whole = Libc.zeroed(16);
        whole.setShort(0, (short) program.length);
        whole.setLong(8, Libc.address(filters));
        assertEquals(0, Posix.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        assertEquals(0, Posix.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, whole, 0, 0));
        // Held until the kernel has copied it.
        filters.setByte(0, (byte) 0);
    }
}
