/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** Gets packages onto the disk: enough space, all downloads, then unpacking them into a tree. */
final class Packages {

    private static final long SPARE_BYTES = 32L << 20;
    private static final double MEBI = 1 << 20;

    private Packages() {}

    /**
     * Downloads packages and unpacks them.
     *
     * @param root the directory that their files go to
     * @throws KmodscopeException MISSING when the disk is too small, the network fails, or a
     *     package is not what the archive's list promises
     */
    static void install(AptRoot apt, List<DebianPackage> packages, Path root, SubMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        SubMonitor progress = monitor.setWorkRemaining(100);
        if (packages.isEmpty()) {
            return;
        }
        long bytes = packages.stream().mapToLong(DebianPackage::bytes).sum();
        long unpacked = packages.stream().mapToLong(DebianPackage::unpackedBytes).sum();
        requireSpace(apt.directory(), bytes + unpacked + SPARE_BYTES);
        apt.download(packages, progress.split(70));
        Files.createDirectories(root);
        SubMonitor unpacking = progress.split(30).setWorkRemaining(packages.size());
        for (DebianPackage each : packages) {
            progress.subTask("Unpacking " + each.name());
            Path deb = apt.deb(each);
            verify(deb, each);
            unpack(deb, root, unpacking.split(1));
        }
    }

    /**
     * Refuses to begin what would not fit.
     *
     * @throws KmodscopeException MISSING when the disk has less free
     */
    static void requireSpace(Path directory, long bytes) throws IOException, KmodscopeException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < bytes) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    String.format(
                            "The disk is full: %s has %.0f MiB free and %.0f MiB are needed.",
                            directory, free / MEBI, bytes / MEBI),
                    "Free space there, or set XDG_CACHE_HOME to a directory with space.");
        }
    }

    /** What the files in a directory take. */
    static long size(Path root) throws IOException {
        long bytes = 0;
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.toList()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }

    /** apt takes a file of the right size for one that it has verified before. */
    private static void verify(Path deb, DebianPackage promised)
            throws KmodscopeException, IOException {
        if (!Sha256.of(deb).equals(promised.sha256())) {
            Files.delete(deb);
            throw new KmodscopeException(
                    Kind.MISSING,
                    deb.getFileName() + " is not what the archive's signed list promises.",
                    "Try again: the package is fetched anew.");
        }
    }

    private static void unpack(Path deb, Path root, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Captured end =
                HostCommand.of("dpkg-deb", "-x", deb.toString(), root.toString())
                        .providedBy("dpkg")
                        .capture(monitor);
        if (end.exit() != 0) {
            // tar may report a full disk as a short write only.
            boolean full =
                    Stream.of("No space left", "Wrote only", "quota exceeded")
                            .anyMatch(end.words()::contains);
            String reason = full ? "No space left on the disk" : AptFailure.firstLine(end.words());
            throw new KmodscopeException(
                    Kind.MISSING,
                    deb.getFileName() + " cannot be unpacked: " + reason + ".",
                    full
                            ? "Free space where " + root.getParent() + " is."
                            : "Try again: the package is fetched anew.");
        }
    }
}
