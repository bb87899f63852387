/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * One open descriptor of this process, and the user's three steps of asynchronous notification on
 * it: own it, choose the signal, set O_ASYNC (fcntl(2), "Managing signals").
 *
 * <pre>
 * struct f_owner_ex (8 bytes)
 * byte 0      4     8
 *      +------+-----+
 *      | type | pid |   type F_OWNER_TID: pid is a thread's number
 *      +------+-----+
 * </pre>
 */
final class Descriptor {

    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int F_SETFL = 4;

    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_ASYNC = 0x2000;
    private static final int F_GETFL = 3;
    private static final int F_SETSIG = 10;
    private static final int F_SETOWN_EX = 15;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_OWNER_TID = 0;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EBUSY = 16;

    private final int number;
    private final String title;

    private Descriptor(int number, String title) {
        this.number = number;
        this.title = title;
    }

    /**
     * Opens a device for reading and writing, without waiting and without becoming its terminal.
     */
    static Descriptor open(String path) throws KmodscopeException {
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "\"" + path.replace('\0', '?') + "\" cannot be a device's path.",
                    "Give the path of the device node, such as /dev/globalfifo.");
        }
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        Pointer name = Libc.zeroed(bytes.length + 1L);
        name.write(0, bytes, 0, bytes.length);
        int number = Libc.open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0);
        if (number >= 0) {
            return new Descriptor(number, path);
        }
        int error = Libc.errno();
        throw new KmodscopeException(
                Kind.FAILED,
                "The device " + path + " could not be opened: " + Libc.text(error) + ".",
                switch (error) {
                    case ENOENT ->
                            "Load its driver first, and compare the name with those in /dev.";
                    case EACCES -> "Give your user read and write permission on the device node.";
                    case EBUSY -> "Close the program that has it open; the driver allows only one.";
                    default -> "See the driver's open function and the kernel log.";
                });
    }

    /** As {@link #open}, but its calls wait. (The open function itself did not.) */
    static Descriptor openWaiting(String path) throws KmodscopeException {
        Descriptor opened = open(path);
        try {
            opened.setFlags(opened.flags() & ~(long) O_NONBLOCK);
            return opened;
        } catch (KmodscopeException e) {
            opened.close();
            throw e;
        }
    }

    /** A second number for an open file; closing either leaves the other as it is. */
    static Descriptor duplicateOf(int number) throws KmodscopeException {
        int copy = Libc.fcntl(number, F_DUPFD_CLOEXEC, 3L);
        if (copy < 0) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "Descriptor " + number + " cannot be used: " + Libc.text(Libc.errno()) + ".",
                    "Pass the number of a file that is open in this process.");
        }
        return new Descriptor(copy, "descriptor " + number);
    }

    int number() {
        return number;
    }

    /** For people: the path, or how it was given. */
    String title() {
        return title;
    }

    /**
     * Has the descriptor's signals sent to a thread.
     *
     * @throws KmodscopeException FAILED when the driver has no fasync function or refuses
     */
    void startSignals(int thread, int signal) throws KmodscopeException {
        Pointer owner = Libc.zeroed(8);
        owner.setInt(0, F_OWNER_TID);
        owner.setInt(4, thread);
        if (Libc.fcntl(number, F_SETOWN_EX, owner) < 0) {
            throw failed("F_SETOWN_EX");
        }
        if (Libc.fcntl(number, F_SETSIG, signal) < 0) {
            throw failed("F_SETSIG");
        }
        startNotification();
    }

    /**
     * Sees whether the driver has asynchronous notification, sending signals to nobody.
     *
     * @throws KmodscopeException as {@link #startSignals}
     */
    void checkNotification() throws KmodscopeException {
        startNotification();
        stopSignals();
    }

    /** No signal is generated once this has returned; those before it may still be queued. */
    void stopSignals() throws KmodscopeException {
        setFlags(flags() & ~(long) O_ASYNC);
    }

    private void setFlags(long flags) throws KmodscopeException {
        if (Libc.fcntl(number, F_SETFL, flags) < 0) {
            throw failed("F_SETFL");
        }
    }

    /** Whether it is a file on a disk, in which bytes have places. */
    boolean isRegularFile() {
        return Files.isRegularFile(Path.of("/proc/self/fd", Integer.toString(number)));
    }

    /** Whether read(2) returns at once. */
    boolean isNonBlocking() throws KmodscopeException {
        return (flags() & O_NONBLOCK) != 0;
    }

    /**
     * Gives the number back; all that refers to it must be gone. Where the file stays open through
     * another number, it no longer signals; if that cannot be had, the signals meet the handler of
     * {@link SignalHandlers}.
     */
    void close() {
        int flags = Libc.fcntl(number, F_GETFL, 0L);
        if (flags >= 0 && (flags & O_ASYNC) != 0) {
            Libc.fcntl(number, F_SETFL, flags & ~(long) O_ASYNC);
        }
        Libc.close(number);
    }

    private void startNotification() throws KmodscopeException {
        if (Libc.fcntl(number, F_SETFL, flags() | O_ASYNC) < 0) {
            throw failed("F_SETFL, hence the driver's fasync function,");
        }
        // The kernel does not say so when a file has no fasync function: the flag is just not kept.
        if ((flags() & O_ASYNC) == 0) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    title + " has no fasync: O_ASYNC was not kept, so it never signals.",
                    "Give the driver's file_operations a fasync function (fasync_helper).");
        }
    }

    private long flags() throws KmodscopeException {
        int flags = Libc.fcntl(number, F_GETFL, 0L);
        if (flags < 0) {
            throw failed("F_GETFL");
        }
        return flags;
    }

    private KmodscopeException failed(String call) {
        return new KmodscopeException(
                Kind.FAILED,
                call + " failed on " + title + ": " + Libc.text(Libc.errno()) + ".",
                "See the driver's fasync function and the kernel log.");
    }
}
