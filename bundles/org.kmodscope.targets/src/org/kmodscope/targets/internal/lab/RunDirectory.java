/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * The private directory (0700) of one run of a lab. Removed at the run's end; a lock in it tells
 * those that an owner who was killed left behind, and the next run removes them.
 */
final class RunDirectory implements AutoCloseable {

    /** What sun_path holds (unix(7)), less the NUL. */
    private static final int SOCKET_PATH_MAX = 107;

    private static final int NAME_ROOM = "/run-12345678901234567890/control.sock".length();
    private static final String LOCK = "lock";

    /** Older than any run that is between making its directory and locking it. */
    private static final Duration SURELY_LOCKED = Duration.ofMinutes(1);

    private final Path path;
    private final FileChannel lock;

    private RunDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** A new one, in the cache, or beside the system's temporary files where its path is long. */
    static RunDirectory create(CacheDirectory cache) throws KmodscopeException {
        Path parent = cache.directory("runs");
        try {
            removeAbandoned(parent);
            Path path =
                    bytes(parent) + NAME_ROOM <= SOCKET_PATH_MAX
                            ? Files.createTempDirectory(parent, "run-")
                            : Files.createTempDirectory("kmodscope-run-");
            FileChannel lock =
                    FileChannel.open(
                            path.resolve(LOCK),
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.WRITE);
            lock.lock();
            return new RunDirectory(path, lock);
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "No directory for this run can be made in " + parent + ": " + e + ".",
                    "Free space there, or set XDG_CACHE_HOME to another directory.",
                    e);
        }
    }

    Path path() {
        return path;
    }

    Path socket(Port port) {
        return path.resolve(port.name().toLowerCase(java.util.Locale.ROOT) + ".sock");
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            Directories.delete(path);
        }
    }

    private static void removeAbandoned(Path parent) throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(SURELY_LOCKED));
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(parent, "run-*")) {
            for (Path run : runs) {
                if (isAbandoned(run, limit)) {
                    Directories.delete(run);
                }
            }
        }
    }

    private static boolean isAbandoned(Path run, FileTime limit) throws IOException {
        Path file = run.resolve(LOCK);
        if (!Files.exists(file)) {
            return Files.exists(run) && Files.getLastModifiedTime(run).compareTo(limit) < 0;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // a run of this process
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
