/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * A small read-only ext4 disk with one file, for programs that need a real file system: O_DIRECT,
 * and with it true asynchronous I/O on files, is nothing that a root in memory has. The guest finds
 * it by its serial number and mounts it at {@code /mnt/disk}. Made once, kept in the cache.
 *
 * <pre>
 * hello.txt   two blocks of 4096 bytes, lines of text
 * </pre>
 */
final class FileDisk {

    /** What the disk answers when it is asked who it is. */
    static final String SERIAL = "files";

    /** Raised with what is on it. */
    private static final String NAME = "files-1.ext4";

    private static final int FILE_SIZE = 8192;

    private FileDisk() {}

    /**
     * The disk's image, made first when it is not in the cache; empty on a machine without mke2fs,
     * on which labs work without it.
     *
     * @throws KmodscopeException MISSING when it cannot be made
     */
    static Optional<Path> find(CacheDirectory cache, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path parent = cache.directory("labs");
        Path image = parent.resolve(NAME);
        if (Files.exists(image)) {
            return Optional.of(image);
        }
        // Not every user has the administrator's directories on the path.
        for (String program : List.of("mke2fs", "/usr/sbin/mke2fs", "/sbin/mke2fs")) {
            if (HostCommand.of(program).locate().isPresent()) {
                try (CacheDirectory.Locked lock =
                        cache.lock(parent.resolve("files.lock"), monitor)) {
                    make(program, image, monitor);
                    return Optional.of(image);
                } catch (IOException e) {
                    throw cannotBeMade(parent, e.toString());
                }
            }
        }
        return Optional.empty();
    }

    private static void make(String program, Path image, IProgressMonitor monitor)
            throws IOException, KmodscopeException, InterruptedException {
        if (Files.exists(image)) {
            return;
        }
        Path parent = image.toAbsolutePath().getParent();
        Path work = Files.createTempDirectory(parent, "new-");
        try {
            Path root = Files.createDirectory(work.resolve("root"));
            String line = "This line is read from a disk, past the page cache.\n";
            String text = line.repeat(FILE_SIZE / line.length() + 1).substring(0, FILE_SIZE);
            Files.writeString(root.resolve("hello.txt"), text);
            Path file = work.resolve("image");
            Captured done =
                    HostCommand.of(
                                    program,
                                    "-q",
                                    "-t",
                                    "ext4",
                                    "-b",
                                    "4096",
                                    "-m",
                                    "0",
                                    "-O",
                                    "^has_journal",
                                    "-d",
                                    root.toString(),
                                    file.toString(),
                                    "4M")
                            .capture(monitor);
            if (done.exit() != 0) {
                throw cannotBeMade(parent, done.words());
            }
            Files.move(file, image, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Directories.delete(work);
        }
    }

    private static KmodscopeException cannotBeMade(Path parent, String why) {
        return new KmodscopeException(
                Kind.MISSING,
                "The lab's disk with a file cannot be made in " + parent + ": " + why,
                "Free space there, or set XDG_CACHE_HOME to another directory.");
    }
}
