/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * A file to read from, on the disk and not in the page cache.
 *
 * @param path where it is
 * @param blocks how many of {@link #BLOCK} bytes
 * @param direct whether it can be read past the page cache (O_DIRECT); a tmpfs before Linux 6.6 and
 *     some network file systems cannot
 */
record DataFile(Path path, long blocks, boolean direct) implements AutoCloseable {

    static final int BLOCK = 4096;

    private static final int CHUNK = 1 << 20;
    private static final int O_CLOEXEC = 0x80000;

    /** fcntl.h has another value for it on each architecture. */
    private static final int O_DIRECT =
            System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;

    /** Writes one of so many MiB, to the disk. */
    static DataFile create(Path path, int mebibytes) throws KmodscopeException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            for (int written = 0; written < mebibytes; written++) {
                chunk.clear();
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
            channel.force(true);
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "A file of " + mebibytes + " MiB cannot be written: " + e.getMessage(),
                    "Free space, or name another directory with --dir.",
                    e);
        }
        long blocks = (long) mebibytes * CHUNK / BLOCK;
        int descriptor = call("open", path.toString(), O_DIRECT | O_CLOEXEC);
        if (descriptor >= 0) {
            call("close", descriptor);
        }
        return new DataFile(path, blocks, descriptor >= 0);
    }

    /** An open descriptor, which {@link #release} closes. */
    int descriptor() throws KmodscopeException {
        int descriptor = call("open", path.toString(), (direct ? O_DIRECT : 0) | O_CLOEXEC);
        if (descriptor < 0) {
            throw new KmodscopeException(Kind.FAILED, path + " cannot be opened.", "");
        }
        return descriptor;
    }

    static void release(int descriptor) {
        call("close", descriptor);
    }

    /** Java's own channels do not tell the number of their descriptor. */
    private static int call(String function, Object... arguments) {
        Function called = NativeLibrary.getProcess().getFunction(function);
        return called.invokeInt(arguments);
    }

    @Override
    public void close() throws KmodscopeException {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING, path + " cannot be removed: " + e.getMessage(), "", e);
        }
    }
}
