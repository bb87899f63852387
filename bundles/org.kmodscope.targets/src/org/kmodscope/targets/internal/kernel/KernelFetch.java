/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * Fetches one kernel into the store: lists, packages, unpacking beside its place, one rename. The
 * caller holds the kernel's lock.
 */
public final class KernelFetch {

    private static final long LISTS_BYTES = 100L << 20;
    private static final String BUSYBOX = "busybox-static";

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
     * Fetches a kernel, and the tools to build for it, to a directory that is not there.
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
            List<KmodscopeException> lacking = new ArrayList<>();
            for (DebianSuite suite : release.suites()) {
                progress.setWorkRemaining(100);
                Optional<KmodscopeException> failure = fetch(release, suite, place, progress);
                if (failure.isEmpty()) {
                    return;
                }
                lacking.add(failure.get());
            }
            // What the first suite lacks is what a user should hear of.
            throw lacking.getFirst();
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
                "The kernels in " + kernels + " cannot be read or written: " + Reason.of(e) + ".",
                "Free space or correct permissions there, or set XDG_CACHE_HOME to another"
                        + " directory.",
                e);
    }

    /** What guards the lists of a suite and its build tools, which its kernels share. */
    static CacheDirectory.Locked lock(CacheDirectory cache, String suite, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return cache.lock(cache.directory("apt", suite).resolve("lock"), monitor);
    }

    /** Fetches it from a suite; the answer is the reason when the suite does not have it. */
    private Optional<KmodscopeException> fetch(
            DebianRelease release, DebianSuite suite, Path place, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        String lists =
                release.foreign() ? suite.name() + '-' + release.architecture() : suite.name();
        AptRoot apt = new AptRoot(cache.directory("apt", lists), release.architecture(), variables);
        try (CacheDirectory.Locked lock = lock(cache, suite.name(), progress)) {
            Packages.requireSpace(apt.directory(), LISTS_BYTES);
            progress.subTask("Reading the package lists of Debian " + suite.name());
            apt.update(suite, progress.split(15));
            Optional<KernelPackages> found = KernelPackages.find(apt, release, progress.split(5));
            if (found.isEmpty()) {
                return Optional.of(apt.notInArchive(release.imagePattern()));
            }
            Path fresh = Files.createTempDirectory(place.getParent(), prefix(release.id()));
            try {
                complete(apt, release, suite, found.get(), new KernelTree(fresh), progress);
                if (progress.isCanceled()) {
                    throw new OperationCanceledException();
                }
                Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Directories.delete(fresh);
            }
            Directories.delete(apt.debs());
            return Optional.empty();
        }
    }

    private void complete(
            AptRoot apt,
            DebianRelease release,
            DebianSuite suite,
            KernelPackages packages,
            KernelTree tree,
            SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        Optional<Tools> tools =
                release.hostCompiler().isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                new ToolchainFetch(cache, variables)
                                        .require(
                                                apt,
                                                suite,
                                                release.after(suite),
                                                packages,
                                                progress.split(40)));
        progress.setWorkRemaining(50);
        if (release.foreign()) {
            installForeign(apt, suite, packages, tree.root(), progress.split(40));
        } else {
            Packages.install(apt, packages.all(), tree.root(), progress.split(40));
        }
        progress.subTask("Preparing " + release.id());
        tree.complete(release.id(), packages, tools, progress.split(10));
    }

    /**
     * The programs that build modules have to run here, whatever they build for: they are taken
     * from the same release for this machine. And a lab needs a busybox that runs there.
     */
    private void installForeign(
            AptRoot apt, DebianSuite suite, KernelPackages packages, Path root, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        progress.setWorkRemaining(100);
        List<DebianPackage> there = new ArrayList<>(packages.all());
        there.remove(packages.kbuild());
        there.addAll(apt.show(List.of(BUSYBOX), progress.split(5)));
        Packages.install(apt, there, root, progress.split(50));
        AptRoot own = new AptRoot(cache.directory("apt", suite.name()), variables);
        own.update(suite, progress.split(20));
        List<DebianPackage> kbuild =
                own.show(List.of(packages.kbuild().exact()), progress.split(5));
        Packages.install(own, kbuild, root, progress.split(20));
        Directories.delete(own.debs());
    }
}
