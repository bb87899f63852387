/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * The private directory (0700) of one run of a lab. Removed at the run's end; a lock in it tells
 * those that an owner who was killed left behind, and the next run removes them.
 */
final class RunDirectory implements AutoCloseable {

    /** What sun_path holds (unix(7)), less the NUL. */
    private static final int SOCKET_PATH_MAX = 107;

    private static final int NAME_ROOM =
            "/run-1234567-123456789-12345678901234567890/control.sock".length();
    private static final String LOCK = "lock";

    /** Of the names of all runs of this process; its number alone may have been another's. */
    private static final String OURS =
            "run-" + ProcessHandle.current().pid() + '-' + started() + '-';

    /** Of the names of directories beside the system's temporary files that hold runs. */
    private static final String ELSEWHERE = "kmodscope-";

    private static final String UNBORN = "new-";
    private static final Duration BORN_WITHIN = Duration.ofMinutes(1);

    private final Path path;
    private final FileChannel lock;

    private RunDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** A new one, in the cache, or beside the system's temporary files where its path is long. */
    static RunDirectory create(CacheDirectory cache) throws KmodscopeException {
        return create(cache, Path.of(System.getProperty("java.io.tmpdir")));
    }

    static RunDirectory create(CacheDirectory cache, Path temporary) throws KmodscopeException {
        Path parent = cache.directory("runs");
        try {
            removeAbandoned(parent);
            if (bytes(parent) + NAME_ROOM <= SOCKET_PATH_MAX) {
                return create(parent);
            }
            removeAbandonedHomes(temporary, Files.getOwner(parent));
            return create(Files.createTempDirectory(temporary, ELSEWHERE + OURS));
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "No directory for this run can be made in "
                            + parent
                            + ": "
                            + Reason.of(e)
                            + ".",
                    "Free space there, or set XDG_CACHE_HOME to another directory.",
                    e);
        }
    }

    /** It gets its name when it is locked: by that name alone it could be taken for abandoned. */
    private static RunDirectory create(Path home) throws IOException {
        Path unborn = Files.createTempDirectory(home, UNBORN);
        FileChannel lock =
                FileChannel.open(
                        unborn.resolve(LOCK),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
        lock.lock();
        Path path = home.resolve(OURS + shortened(unborn));
        Files.move(unborn, path, StandardCopyOption.ATOMIC_MOVE);
        return new RunDirectory(path, lock);
    }

    /** Its random number in fewer digits: up to twenty do not fit twice into a socket's path. */
    private static String shortened(Path unborn) {
        String number = unborn.getFileName().toString().substring(UNBORN.length());
        return Long.toUnsignedString(Long.parseUnsignedLong(number), Character.MAX_RADIX);
    }

    Path path() {
        return path;
    }

    Path socket(Port port) {
        return path.resolve(port.name().toLowerCase(Locale.ROOT) + ".sock");
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            Directories.delete(path);
            Path home = path.getParent();
            if (home.getFileName().toString().startsWith(ELSEWHERE + OURS)) {
                Directories.delete(home);
            }
        }
    }

    private static String started() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Long.toString(start.toEpochMilli(), Character.MAX_RADIX))
                .orElse("0");
    }

    /** Those beside the system's temporary files, where others have theirs, too. */
    private static void removeAbandonedHomes(Path temporary, UserPrincipal owner)
            throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(BORN_WITHIN));
        try (DirectoryStream<Path> homes =
                Files.newDirectoryStream(temporary, ELSEWHERE + "run-*")) {
            for (Path home : homes) {
                try {
                    boolean own =
                            Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)
                                    && Files.getOwner(home, LinkOption.NOFOLLOW_LINKS)
                                            .equals(owner);
                    if (!own || home.getFileName().toString().startsWith(ELSEWHERE + OURS)) {
                        continue;
                    }
                    removeAbandoned(home);
                    if (Files.getLastModifiedTime(home).compareTo(limit) < 0) {
                        // Only when nothing is left in it.
                        Files.deleteIfExists(home);
                    }
                } catch (NoSuchFileException | DirectoryNotEmptyException e) {
                    continue; // removed by another process just now, or in use
                }
            }
        }
    }

    private static void removeAbandoned(Path parent) throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(BORN_WITHIN));
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(parent, "{run,new}-*")) {
            for (Path run : runs) {
                if (isAbandoned(run, limit)) {
                    Directories.delete(run);
                }
            }
        }
    }

    private static boolean isAbandoned(Path run, FileTime limit) throws IOException {
        String name = run.getFileName().toString();
        try {
            if (name.startsWith(UNBORN)) {
                return Files.getLastModifiedTime(run).compareTo(limit) < 0;
            }
            // Ours are not even looked at: a process that closes a file gives up its locks on it
            // (fcntl(2)), and the lock would be that of a run which goes on.
            return !name.startsWith(OURS) && isUnlocked(run.resolve(LOCK));
        } catch (NoSuchFileException e) {
            return false; // another process removes it just now
        }
    }

    private static boolean isUnlocked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
