/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The one place outside projects and workspaces where kmodscope keeps files. Every directory in it
 * belongs to the user alone (0700), because programs are run from it; all of it may be deleted
 * while kmodscope does not run. It may itself be a symbolic link of the user's to another place.
 *
 * <pre>
 * ${XDG_CACHE_HOME:-~/.cache}/kmodscope
 *   kernels/ID     complete kernels
 *   apt/SUITE      apt's lists of one Debian release
 *   builds/HASH    the mapped directory of one project for one kernel
 *   labs, runs     what labs keep, and what one run of a lab needs
 * </pre>
 *
 * <p>One instance serves a whole JVM: locks between its threads live in the instance, locks between
 * processes in the file system.
 */
public final class CacheDirectory {

    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private static final long RETRY_MILLIS = 50;

    private final Path root;
    private final Map<Path, Semaphore> threads = new ConcurrentHashMap<>();

    private CacheDirectory(Path root) {
        this.root = root;
    }

    /**
     * The cache of the user whose environment this is.
     *
     * @throws KmodscopeException USAGE when neither XDG_CACHE_HOME nor HOME gives an absolute path
     */
    public static CacheDirectory of(Map<String, String> environment) throws KmodscopeException {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG base directory specification has relative paths ignored.
        if (cache.startsWith("/")) {
            return at(Path.of(cache, "kmodscope"));
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.startsWith("/")) {
            return at(Path.of(home, ".cache", "kmodscope"));
        }
        throw new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "There is no place for the cache: neither XDG_CACHE_HOME nor HOME is an absolute"
                        + " path.",
                "Set HOME, or XDG_CACHE_HOME to a directory you may write to.");
    }

    /** The cache at a path, which is made when it is first needed. */
    public static CacheDirectory at(Path root) {
        return new CacheDirectory(root.toAbsolutePath().normalize());
    }

    /** Its absolute path; it need not exist yet. */
    public Path root() {
        return root;
    }

    /**
     * A directory of the cache, made with mode 0700 when it is not there. Others lose what
     * permissions they have on it and on those of the cache above it.
     *
     * @throws KmodscopeException MISSING when it cannot be made, USAGE when it or one above it in
     *     the cache belongs to somebody else or is a symbolic link
     */
    public Path directory(String first, String... more) throws KmodscopeException {
        Path directory = root.resolve(Path.of(first, more)).normalize();
        if (!directory.startsWith(root)) {
            throw new IllegalArgumentException(directory + " is not in " + root);
        }
        try {
            Path parent = root.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Path made = root;
            make(made);
            checkOwner(made);
            secure(made.toRealPath());
            for (Path name : root.relativize(directory)) {
                made = made.resolve(name);
                make(made);
                secure(made);
            }
            return directory;
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.MISSING,
                    "The cache directory " + directory + " cannot be made: " + reason(e) + ".",
                    "Free space or correct the permissions there, or set XDG_CACHE_HOME to another"
                            + " directory.",
                    e);
        }
    }

    /**
     * Waits until no other thread and no other process holds the lock, and takes it. A process that
     * dies gives its locks back.
     *
     * @param file the lock's file, made when it is not there and never removed
     * @throws OperationCanceledException when the monitor was cancelled while waiting
     */
    public Locked lock(Path file, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path key = file.toAbsolutePath().normalize();
        Semaphore turn = threads.computeIfAbsent(key, path -> new Semaphore(1));
        while (!turn.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
            check(monitor);
        }
        try {
            FileChannel channel = channel(key, monitor);
            return () -> {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new IllegalStateException("cannot unlock " + key, e);
                } finally {
                    turn.release();
                }
            };
        } catch (IOException e) {
            turn.release();
            throw new KmodscopeException(
                    KmodscopeException.Kind.MISSING,
                    "The lock " + key + " cannot be taken: " + reason(e) + ".",
                    "Keep the cache on a file system that you may write to and that has locks.",
                    e);
        } catch (InterruptedException | RuntimeException e) {
            turn.release();
            throw e;
        }
    }

    private static FileChannel channel(Path file, IProgressMonitor monitor)
            throws IOException, InterruptedException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // fcntl locks cannot be waited for together with a monitor, so it is asked again and again.
        Semaphore never = new Semaphore(0);
        try {
            while (tryLock(channel) == null) {
                check(monitor);
                never.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
            return channel;
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another instance for the same directory, in this JVM
        }
    }

    private static void check(IProgressMonitor monitor) {
        if (monitor.isCanceled()) {
            throw new OperationCanceledException();
        }
    }

    private static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            try {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
            } catch (java.nio.file.FileAlreadyExistsException e) {
                if (!Files.isDirectory(directory)) {
                    throw e;
                }
            }
        }
    }

    /** From the top down, so that nobody else can exchange what was looked at. */
    private static void secure(Path directory) throws IOException, KmodscopeException {
        checkOwner(directory);
        PosixFileAttributes found =
                Files.readAttributes(
                        directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (found.isSymbolicLink()) {
            throw refused(directory, "is a symbolic link");
        }
        Set<PosixFilePermission> own = EnumSet.copyOf(PRIVATE);
        own.retainAll(found.permissions());
        if (!own.equals(found.permissions())) {
            Files.setPosixFilePermissions(directory, own);
        }
    }

    private static void checkOwner(Path path) throws IOException, KmodscopeException {
        Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        // A process's directory belongs to whom the files that it makes belong to.
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(user)) {
            throw refused(path, "belongs to user " + owner + ", not to you (" + user + ")");
        }
    }

    private static KmodscopeException refused(Path path, String why) {
        return new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "The cache is not safe to run programs from: " + path + " " + why + ".",
                "Remove it, or set XDG_CACHE_HOME to a directory of your own.");
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + ", " + message;
    }

    /** A lock that is held until it is closed. */
    public interface Locked extends AutoCloseable {

        @Override
        void close();
    }
}
