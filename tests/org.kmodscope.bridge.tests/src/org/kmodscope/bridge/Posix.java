/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the tests do to descriptors and signals, beyond what the bridge itself needs of libc. */
final class Posix {

    static {
        Native.register(Posix.class, NativeLibrary.getProcess());
    }

    private static final int O_RDWR_NOCTTY_NONBLOCK = 2 | 0x100 | Descriptor.O_NONBLOCK;

    private Posix() {}

    private static native int socketpair(int domain, int type, int protocol, Pointer ends);

    private static native int posix_openpt(int flags);

    private static native int grantpt(int descriptor);

    private static native int unlockpt(int descriptor);

    private static native int ptsname_r(int descriptor, Pointer name, long bytes);

    static native int eventfd(int count, int flags);

    static native int kill(int process, int signal);

    static native int dup2(int from, int to);

    static native int prctl(int option, long a, long b, long c, long d);

    static native int prctl(int option, long a, Pointer b, long c, long d);

    /** Two connected descriptors: what is written to the one can be read from the other. */
    record Ends(int reader, int writer) implements AutoCloseable {

        void write(int bytes) {
            Posix.write(writer, bytes);
        }

        @Override
        public void close() {
            Libc.close(reader);
            Libc.close(writer);
        }
    }

    /** A pipe; both ends non-blocking. */
    static Ends pipe() {
        Pointer ends = Libc.zeroed(8);
        assertEquals(0, Libc.pipe2(ends, Descriptor.O_NONBLOCK | Descriptor.O_CLOEXEC));
        return new Ends(ends.getInt(0), ends.getInt(4));
    }

    /** A pipe; calls on both ends wait. */
    static Ends waitingPipe() {
        Pointer ends = Libc.zeroed(8);
        assertEquals(0, Libc.pipe2(ends, Descriptor.O_CLOEXEC));
        return new Ends(ends.getInt(0), ends.getInt(4));
    }

    /** Calls on this descriptor do not wait any more. */
    static void unblock(int descriptor) {
        assertEquals(0, Libc.fcntl(descriptor, Descriptor.F_SETFL, Descriptor.O_NONBLOCK));
    }

    /** A pair of connected stream sockets, non-blocking. */
    static Ends sockets() {
        Pointer ends = Libc.zeroed(8);
        int type = 1 | Descriptor.O_NONBLOCK | Descriptor.O_CLOEXEC;
        assertEquals(0, socketpair(1, type, 0, ends));
        return new Ends(ends.getInt(0), ends.getInt(4));
    }

    /** The master of a new pseudo-terminal, non-blocking. */
    static int terminalMaster() {
        int master = posix_openpt(O_RDWR_NOCTTY_NONBLOCK);
        assertTrue(master >= 0);
        assertEquals(0, grantpt(master));
        assertEquals(0, unlockpt(master));
        return master;
    }

    /** The path of a pseudo-terminal's other end. */
    static String terminalPath(int master) {
        Pointer name = Libc.zeroed(64);
        assertEquals(0, ptsname_r(master, name, 64));
        return name.getString(0);
    }

    /** Writes so many bytes at once; newlines, so that a terminal passes them on. */
    static void write(int descriptor, int bytes) {
        Pointer buffer = Libc.zeroed(bytes);
        buffer.setMemory(0, bytes, (byte) '\n');
        assertEquals(bytes, Libc.write(descriptor, buffer, bytes));
    }

    /** Writes until there is no more room. */
    static void fill(int descriptor) {
        Pointer buffer = Libc.zeroed(4096);
        long written;
        do {
            written = Libc.write(descriptor, buffer, 4096);
        } while (written > 0);
        assertEquals(Libc.EAGAIN, Libc.errno());
    }

    /** How many descriptors of this process refer to what this one refers to. */
    static long shares(int descriptor) throws IOException {
        Path same = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
        return count(same.toString());
    }

    /** Waits until so many descriptors of this process refer to what this one refers to. */
    static void awaitShares(int descriptor, long count) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (shares(descriptor) != count) {
            assertTrue(System.nanoTime() < deadline, "still " + shares(descriptor));
            Thread.onSpinWait();
        }
    }

    /** How many descriptors of this process refer to a file, as /proc names it. */
    static long count(String file) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                try {
                    count += Files.readSymbolicLink(link).toString().equals(file) ? 1 : 0;
                } catch (NoSuchFileException e) {
                    // Closed by another thread meanwhile, so it refers to nothing.
                    continue;
                }
            }
        }
        return count;
    }

    /** Reads and forgets what is there. */
    static void empty(int descriptor) {
        Pointer buffer = Libc.zeroed(4096);
        long address = Libc.address(buffer);
        while (Libc.read(descriptor, address, 4096) > 0) {
            buffer.setByte(0, (byte) 0);
        }
    }

    /** Sets both limits of queued signals, for good. */
    static void limitSignals(long limit) {
        Pointer limits = Libc.zeroed(16);
        limits.setLong(0, limit);
        limits.setLong(8, limit);
        assertEquals(0, Libc.prlimit(0, 11, limits, null));
    }
}
