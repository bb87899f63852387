/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * The kernels of the cache: a directory each, there with its manifest or not there.
 *
 * <pre>
 * kernels/ID/manifest.properties, root/    a complete kernel
 *         .ID_*                            being made, or being removed
 *         ID.lock                          held by whoever changes ID
 * </pre>
 */
public final class StoredKernels {

    private final CacheDirectory cache;

    /** The kernels of a cache. */
    public StoredKernels(CacheDirectory cache) {
        this.cache = cache;
    }

    /** Where a kernel is, or will be. */
    public Path place(DebianRelease release) throws KmodscopeException {
        return cache.directory("kernels").resolve(release.id());
    }

    /** The kernel if it is complete. */
    public Optional<Kernel> find(DebianRelease release) throws KmodscopeException {
        Path place = place(release);
        Path toolchains = toolchains();
        return manifest(release)
                .map(manifest -> manifest.kernel(place, release.hostCompiler(), toolchains));
    }

    /** Its line in the list. */
    public KernelEntry entry(DebianRelease release) throws KmodscopeException {
        return manifest(release)
                .map(
                        manifest ->
                                new KernelEntry(
                                        release.id(),
                                        release.title() + ", " + manifest.release(),
                                        KernelEntry.State.READY,
                                        manifest.bytes()))
                .orElseGet(
                        () ->
                                new KernelEntry(
                                        release.id(),
                                        release.title(),
                                        KernelEntry.State.AVAILABLE,
                                        0,
                                        release.downloadBytes()));
    }

    /** Waits for the right to change this kernel. */
    public CacheDirectory.Locked lock(DebianRelease release, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return cache.lock(cache.directory("kernels").resolve(release.id() + ".lock"), monitor);
    }

    /**
     * Takes a kernel, complete or damaged, away from its place in one step. The caller holds its
     * lock, and has {@link KernelFetch#sweep} delete it.
     */
    public void setAside(DebianRelease release) throws KmodscopeException {
        Path place = place(release);
        Path kernels = cache.directory("kernels");
        try {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                Path aside = Files.createTempDirectory(kernels, KernelFetch.prefix(release.id()));
                Files.move(place, aside.resolve("removed"), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw KernelFetch.storage(kernels, e);
        }
    }

    /**
     * Deletes the build tools that no kernel uses any more.
     *
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    public void removeUnusedTools(DebianRelease removed, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path toolchains = toolchains();
        for (DebianSuite suite : removed.suites()) {
            // A fetch that is just going to use them holds this lock until its kernel is there.
            try (CacheDirectory.Locked lock = KernelFetch.lock(cache, suite.name(), monitor);
                    Stream<Path> all = Files.list(toolchains)) {
                Set<String> used = usedTools();
                for (Path each : all.toList()) {
                    String name = String.valueOf(each.getFileName());
                    if (name.startsWith(suite.name() + "-") && !used.contains(name)) {
                        Directories.delete(each);
                    }
                }
            } catch (IOException e) {
                throw KernelFetch.storage(toolchains, e);
            }
        }
    }

    private Set<String> usedTools() throws KmodscopeException {
        Set<String> used = new HashSet<>();
        for (DebianRelease each : DebianRelease.all()) {
            manifest(each).flatMap(KernelManifest::tools).ifPresent(with -> used.add(with.name()));
        }
        return used;
    }

    private Path toolchains() throws KmodscopeException {
        return cache.directory("toolchains");
    }

    private Optional<KernelManifest> manifest(DebianRelease release) throws KmodscopeException {
        Path toolchains = toolchains();
        try {
            return KernelManifest.read(place(release))
                    .filter(manifest -> manifest.id().equals(release.id()))
                    .filter(
                            manifest ->
                                    manifest.tools()
                                            .map(
                                                    with ->
                                                            with.complete(
                                                                    toolchains.resolve(
                                                                            with.name())))
                                            .orElse(release.hostCompiler().isPresent()));
        } catch (IOException e) {
            throw KernelFetch.storage(place(release), e);
        }
    }
}
