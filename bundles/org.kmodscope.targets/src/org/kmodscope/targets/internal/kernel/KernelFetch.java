/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * Fetches one kernel into the store: lists, packages, unpacking beside its place, one rename. The
 * caller holds the kernel's lock.
 */
public final class KernelFetch {

    private static final long LISTS_BYTES = 100L << 20;
    private static final long SPARE_BYTES = 32L << 20;
    private static final double MEBI = 1 << 20;

    private final CacheDirectory cache;
    private final Map<String, String> variables;

    /**
     * @param variables added to the environment of apt
     */
    public KernelFetch(CacheDirectory cache, Map<String, String> variables) {
        this.cache = cache;
        this.variables = variables;
    }

    /**
     * Fetches a kernel to a directory that is not there.
     *
     * @throws KmodscopeException MISSING when it cannot be had; nothing is left at its place then
     */
    public void fetch(DebianRelease release, Path place, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String arch = System.getProperty("os.arch", "");
        if (!arch.equals("amd64")) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "Debian's kernels come with build tools for amd64, and this machine is "
                            + arch
                            + ".",
                    "Use the running kernel: --kernel host.");
        }
        SubMonitor progress = SubMonitor.convert(monitor, "Fetching " + release.id(), 100);
        Path kernels = cache.directory("kernels");
        try {
            sweep(kernels, release.id());
            Path fresh = Files.createTempDirectory(kernels, prefix(release.id()));
            try {
                prepare(release, new KernelTree(fresh), progress);
                if (progress.isCanceled()) {
                    throw new OperationCanceledException();
                }
                Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Directories.delete(fresh);
            }
        } catch (IOException e) {
            throw storage(kernels, e);
        }
    }

    /** Removes what fetches that were killed left behind, and kernels that were set aside. */
    public static void sweep(Path kernels, String id) throws IOException {
        try (Stream<Path> children = Files.list(kernels)) {
            String start = kernels.resolve(prefix(id)).toString();
            for (Path child : children.toList()) {
                if (child.toString().startsWith(start) && Files.isDirectory(child)) {
                    Directories.delete(child);
                }
            }
        }
    }

    /** How the names of directories begin that are being made, or being removed, for a kernel. */
    public static String prefix(String id) {
        return "." + id + "_";
    }

    /** What to say when the store's files cannot be read or written. */
    public static KmodscopeException storage(Path kernels, IOException e) {
        return new KmodscopeException(
                Kind.MISSING,
                "The kernels in " + kernels + " cannot be read or written: " + e + ".",
                "Free space or correct permissions there, or set XDG_CACHE_HOME to another"
                        + " directory.",
                e);
    }

    private void prepare(DebianRelease release, KernelTree tree, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        Path directory = cache.directory("apt", release.suite());
        AptRoot apt = new AptRoot(directory, variables);
        List<DebianPackage> packages;
        // Kernels of one suite share its lists, so fetching them takes turns.
        try (CacheDirectory.Locked lock = cache.lock(directory.resolve("lock"), progress)) {
            requireSpace(directory, LISTS_BYTES);
            progress.subTask("Reading Debian's package lists");
            apt.update(release.suite(), progress.split(20));
            packages = resolve(apt, release, progress.split(5));
            long bytes = packages.stream().mapToLong(DebianPackage::bytes).sum();
            long unpacked = packages.stream().mapToLong(DebianPackage::unpackedBytes).sum();
            requireSpace(directory, bytes + unpacked + SPARE_BYTES);
            progress.subTask(
                    String.format(
                            "Downloading %d packages, %.0f MiB", packages.size(), bytes / MEBI));
            apt.download(packages, progress.split(45));
            SubMonitor unpacking = progress.split(20).setWorkRemaining(packages.size());
            for (DebianPackage each : packages) {
                progress.subTask("Unpacking " + each.name());
                tree.unpack(apt.deb(each), unpacking.split(1));
            }
            Directories.delete(apt.debs());
        }
        progress.subTask("Preparing " + release.id());
        tree.complete(
                release.id(),
                packages.getFirst().name().substring("linux-image-".length()),
                packages,
                progress.split(10));
    }

    /**
     * The packages of the newest kernel of a series, the image first: image and headers of the very
     * same version, and what the headers need of the kernel's own packages.
     */
    private static List<DebianPackage> resolve(
            AptRoot apt, DebianRelease release, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        DebianPackage meta = apt.show(List.of(release.meta()), monitor).getFirst();
        DebianPackage.Dependency newest =
                meta.depends().stream()
                        .filter(each -> each.name().startsWith("linux-image-"))
                        .findFirst()
                        .orElseThrow(() -> unexpected(meta, "an image"));
        String version = newest.version().isEmpty() ? meta.version() : newest.version();
        String headersName = newest.name().replaceFirst("^linux-image-", "linux-headers-");
        List<DebianPackage> found =
                new ArrayList<>(
                        apt.show(
                                List.of(newest.name() + "=" + version, headersName + "=" + version),
                                monitor));
        DebianPackage headers = found.get(1);
        List<String> more = new ArrayList<>();
        for (DebianPackage.Dependency each : headers.depends()) {
            if (each.name().startsWith("linux-headers-")
                    || each.name().startsWith("linux-kbuild-")) {
                more.add(
                        each.version().isEmpty()
                                ? each.name()
                                : each.name() + "=" + each.version());
            }
        }
        if (more.size() < 2) {
            throw unexpected(headers, "common headers and kbuild");
        }
        found.addAll(apt.show(more, monitor));
        return found;
    }

    private static KmodscopeException unexpected(DebianPackage meta, String what) {
        return new KmodscopeException(
                Kind.MISSING,
                "The Debian package "
                        + meta.exact()
                        + " does not depend on "
                        + what
                        + " as it always did.",
                "Report this; use another kernel meanwhile.");
    }

    private static void requireSpace(Path directory, long bytes)
            throws IOException, KmodscopeException {
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
}
