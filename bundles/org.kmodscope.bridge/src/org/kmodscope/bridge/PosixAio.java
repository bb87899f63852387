/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The functions of aio(7), which glibc carries out with threads of its own, and what each of their
 * return values means. A control block is given by its address: it and its buffer must lie still
 * until the request has ended.
 *
 * <p>Completion is not told by signal here: SIGEV_SIGNAL sends to the whole process, where any
 * thread of the JVM may get it.
 *
 * <pre>
 * struct aiocb (168 bytes, glibc, both architectures of {@link Abi})
 * byte 0    4        8      16    24       32         96                  128      136   168
 *      +----+--------+------+-----+--------+----------+-------------------+--------+-----+
 *      | fd | opcode | prio | buf | nbytes | sigevent | glibc's           | offset | ... |
 *      +----+--------+------+-----+--------+----------+-------------------+--------+-----+
 *                                          sigevent: value@32, signo@40, notify@44
 * </pre>
 */
final class PosixAio {

    static final int AIOCB_BYTES = 168;
    static final int FILDES = 0;
    static final int OPCODE = 4;
    static final int BUF = 16;
    static final int NBYTES = 24;
    static final int NOTIFY = 44;
    static final int OFFSET = 128;
    static final int SIGEV_NONE = 1;
    static final int LIO_READ = 0;
    static final int LIO_WRITE = 1;

    private static final int LIO_WAIT = 0;
    private static final int LIO_NOWAIT = 1;
    private static final int AIO_CANCELED = 0;
    private static final int AIO_NOTCANCELED = 1;
    private static final int AIO_ALLDONE = 2;

    static {
        load();
    }

    /** Whether a request was taken; why not is in errno. */
    enum Taken {
        /** It is under way. */
        QUEUED,
        /** EAGAIN: there is no memory or thread for it. */
        NO_RESOURCES,
        /** EBADF, EINVAL, ENOSYS: it can never be. */
        REFUSED
    }

    /** What lio_listio(3) says of a list. */
    enum Listed {
        /** All were taken; with LIO_WAIT, all have succeeded. */
        ALL,
        /** EIO: at least one failed; aio_error says which. */
        SOME_FAILED,
        /** EAGAIN: not all could be taken. */
        NO_RESOURCES,
        /**
         * EINTR: LIO_WAIT was interrupted; the requests go on. When one of them ends, glibc (2.36)
         * still writes into the stack frame of the call that is over: so no source waits like this.
         */
        INTERRUPTED,
        /** EINVAL: no such mode. */
        REFUSED
    }

    /** What aio_error(3) says: it returns the code, and does not set errno. */
    enum State {
        /** EINPROGRESS. */
        IN_PROGRESS,
        /** 0: aio_return tells how many bytes. */
        DONE,
        /** ECANCELED. */
        CANCELLED,
        /** Another: the request's own errno. */
        FAILED
    }

    /** Why aio_suspend(3) returned. */
    enum Wait {
        /** At least one of the list has ended. */
        ENDED,
        /** EAGAIN: the time is up. */
        TIMED_OUT,
        /** EINTR: a signal was handled, or glibc woke up for nothing. */
        INTERRUPTED,
        /** ENOSYS. */
        REFUSED
    }

    private PosixAio() {}

    /** From libc.so since glibc 2.34, from librt.so before; open as long as the process is. */
    @SuppressWarnings("resource")
    private static void load() {
        NativeLibrary process = NativeLibrary.getProcess();
        try {
            process.getFunction("aio_read");
            Native.register(PosixAio.class, process);
        } catch (UnsatisfiedLinkError e) {
            Native.register(PosixAio.class, NativeLibrary.getInstance("librt.so.1"));
        }
    }

    private static native int aio_read(long block);

    private static native int aio_write(long block);

    private static native int aio_error(long block);

    private static native long aio_return(long block);

    private static native int aio_suspend(long list, int count, @Nullable Pointer time);

    private static native int aio_cancel(int descriptor, long block);

    private static native int lio_listio(int mode, long list, int count, @Nullable Pointer event);

    /** Begins a read (aio_read(3)). */
    static Taken read(long block) {
        return taken(aio_read(block));
    }

    /** Begins a write (aio_write(3)). */
    static Taken write(long block) {
        return taken(aio_write(block));
    }

    /**
     * Begins all of a list of addresses; a zero is passed over (lio_listio(3)).
     *
     * @param wait whether to return only when all have ended
     */
    static Listed list(long list, int count, boolean wait) {
        if (lio_listio(wait ? LIO_WAIT : LIO_NOWAIT, list, count, null) == 0) {
            return Listed.ALL;
        }
        return switch (Libc.errno()) {
            case Libc.EIO -> Listed.SOME_FAILED;
            case Libc.EAGAIN -> Listed.NO_RESOURCES;
            case Libc.EINTR -> Listed.INTERRUPTED;
            default -> Listed.REFUSED;
        };
    }

    /** How a request stands. */
    static State state(long block) {
        return switch (aio_error(block)) {
            case 0 -> State.DONE;
            case Libc.EINPROGRESS -> State.IN_PROGRESS;
            case Libc.ECANCELED -> State.CANCELLED;
            default -> State.FAILED;
        };
    }

    /** The result of a request that is not in progress: its byte count or -errno. */
    static long result(long block) {
        int error = aio_error(block);
        long bytes = aio_return(block);
        return error == 0 ? bytes : -error;
    }

    /** Waits until one of a list has ended; a zero is passed over. */
    static Wait await(long list, int count, @Nullable Pointer time) {
        if (aio_suspend(list, count, time) == 0) {
            return Wait.ENDED;
        }
        return switch (Libc.errno()) {
            case Libc.EAGAIN -> Wait.TIMED_OUT;
            case Libc.EINTR -> Wait.INTERRUPTED;
            default -> Wait.REFUSED;
        };
    }

    /** Cancels a request, or with 0 all of a descriptor. */
    static Cancellation cancel(int descriptor, long block) {
        return switch (aio_cancel(descriptor, block)) {
            case AIO_CANCELED -> Cancellation.ENDS;
            case AIO_NOTCANCELED -> Cancellation.GOES_ON;
            case AIO_ALLDONE -> Cancellation.HAD_ENDED;
            default -> Cancellation.UNKNOWN;
        };
    }

    private static Taken taken(int result) {
        if (result == 0) {
            return Taken.QUEUED;
        }
        return Libc.errno() == Libc.EAGAIN ? Taken.NO_RESOURCES : Taken.REFUSED;
    }
}
