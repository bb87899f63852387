/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The functions of glibc that the bridge calls, mapped directly (no proxy, no marshalling). Each
 * has its own manual page; none is called with more than it says there.
 *
 * <p>What is called for every batch of events has primitives only, an address is a {@code long}
 * (LP64): such a call costs what a JNI call costs and leaves no garbage, but the memory must be
 * held by the caller. What is called now and then takes a {@link Pointer}, which keeps its memory
 * alive during the call.
 *
 * <p>{@code fcntl}, {@code open} and {@code syscall} are variadic in C. On the two architectures of
 * {@link Abi} the fixed forms below put integer arguments where the variadic ones look for them.
 */
final class Libc {

    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EPERM = 1;
    static final int EINVAL = 22;
    static final int ENOSYS = 38;
    static final int EINPROGRESS = 115;
    static final int ECANCELED = 125;
    static final int EACCES = 13;

    /** All that is loaded; it stays open, as the process does. */
    private static final NativeLibrary PROCESS = NativeLibrary.getProcess();

    /** Fails to register, hence refuses, on a C library that is not glibc 2.30 or later. */
    static {
        Native.register(Libc.class, PROCESS);
    }

    private Libc() {}

    static native long gnu_get_libc_version();

    static native int getpid();

    static native int gettid();

    static native int tgkill(int process, int thread, int signal);

    static native int open(Pointer path, int flags, int mode);

    static native int close(int descriptor);

    static native long read(int descriptor, long buffer, long bytes);

    static native long write(int descriptor, Pointer buffer, long bytes);

    static native int fcntl(int descriptor, int command, long argument);

    static native int fcntl(int descriptor, int command, Pointer argument);

    static native int eventfd(int count, int flags);

    static native long mmap(
            long address, long bytes, int protection, int flags, int descriptor, long offset);

    static native int munmap(long address, long bytes);

    static native int pipe2(Pointer descriptors, int flags);

    static native int poll(Pointer entries, long count, int milliseconds);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int set, int operation, int descriptor, Pointer event);

    static native int epoll_wait(int set, Pointer events, int most, int milliseconds);

    static native int pthread_sigmask(int how, Pointer set, @Nullable Pointer old);

    static native int sigaction(int signal, @Nullable Pointer action, @Nullable Pointer old);

    static native int sigtimedwait(Pointer set, @Nullable Pointer info, Pointer timeout);

    static native int signalfd(int descriptor, Pointer set, int flags);

    static native int prlimit(
            int process, int resource, @Nullable Pointer limit, @Nullable Pointer old);

    static native int clock_gettime(int clock, Pointer time);

    static native long syscall(long number, long a, long b, long c);

    static native long syscall(long number, long a, long b, long c, long d);

    static native long syscall(long number, long a, long b, long c, long d, long e);

    static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    static native long syscall(long number, long a, long b, long c, Pointer d);

    static native long syscall(long number, long a, long b, Pointer c, long d);

    static native long syscall(long number, long a, Pointer b);

    static native long syscall(long number, long a, Pointer b, Pointer c);

    static native long strerror(int error);

    /** A view of memory that somebody else frees: valid as long as they do not. */
    static ByteBuffer view(long address, long bytes) {
        return new Pointer(address).getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    /** New memory, all zeros; freed some time after nothing refers to it any more. */
    static Pointer zeroed(long bytes) {
        Memory memory = new Memory(bytes);
        memory.clear();
        return memory;
    }

    /** errno of this thread's latest call. */
    static int errno() {
        return Native.getLastError();
    }

    /** What errno means, such as {@code No such file or directory (errno 2)}. */
    static String text(int errno) {
        return new Pointer(strerror(errno)).getString(0) + " (errno " + errno + ")";
    }

    /** Where the memory lies; valid while the object is reachable, so hold it. */
    static long address(Pointer memory) {
        return Pointer.nativeValue(memory);
    }

    /** The address of a function that does nothing but compute, see {@link SignalHandlers}. */
    static long addressOfAbs() {
        return Pointer.nativeValue(PROCESS.getFunction("abs"));
    }
}
