/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.ConfigFile;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.targets.internal.kernel.DebianRelease;
import org.kmodscope.targets.internal.kernel.DebugFlavour;
import org.kmodscope.targets.internal.kernel.DebugKernel;
import org.kmodscope.targets.internal.kernel.HostKernel;
import org.kmodscope.targets.internal.kernel.KernelFetch;
import org.kmodscope.targets.internal.kernel.NamedTrees;
import org.kmodscope.targets.internal.kernel.StoredKernels;

/**
 * Kernels from Debian's packages in the cache, the running kernel ({@code host}), and kernel
 * directories by their path; and the debug kernels, which are built from Debian's source. Needs no
 * root and installs nothing: packages are fetched by a private apt with the mirrors and keys of
 * this machine, and unpacked into the cache. A kernel that is there needs no network.
 */
public final class DebianKernelStore implements KernelStore {

    private final CacheDirectory cache;
    private final StoredKernels stored;
    private final KernelFetch fetch;
    private final HostKernel host = new HostKernel();
    private final NamedTrees trees;
    private final List<DebugKernel> debug;

    /**
     * The store in a cache.
     *
     * @param environment of this process: apt's variables, and where the user's configuration has
     *     the list of named directories, {@code kernels.txt}
     */
    public DebianKernelStore(CacheDirectory cache, Map<String, String> environment) {
        Map<String, String> variables = Map.copyOf(environment);
        this.cache = cache;
        this.stored = new StoredKernels(cache);
        this.fetch = new KernelFetch(cache, variables);
        this.trees = new NamedTrees(ConfigFile.of(variables, "kernels.txt"), cache);
        this.debug =
                Stream.of(DebugFlavour.values())
                        .map(flavour -> new DebugKernel(flavour, cache, variables))
                        .toList();
    }

    @Override
    public List<KernelEntry> list() throws KmodscopeException {
        List<KernelEntry> entries = new ArrayList<>();
        for (DebianRelease release : DebianRelease.all()) {
            entries.add(stored.entry(release));
        }
        entries.add(host.entry());
        for (DebugKernel each : debug) {
            entries.add(each.entry());
        }
        entries.addAll(trees.entries());
        return entries;
    }

    @Override
    public Optional<Kernel> find(String id) throws KmodscopeException {
        Optional<DebianRelease> release = release(id);
        if (release.isPresent()) {
            return stored.find(release.get());
        }
        if (id.equals(HostKernel.ID)) {
            return host.find();
        }
        Optional<DebugKernel> built = debug(id);
        if (built.isPresent()) {
            return built.get().find();
        }
        if (id.contains("/")) {
            return Optional.of(KernelDirectory.read(Path.of(id)).asKernel(id));
        }
        throw unknown(id);
    }

    @Override
    public Kernel require(String id, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Optional<Kernel> here = find(id);
        if (here.isPresent()) {
            return here.get();
        }
        if (id.equals(HostKernel.ID)) {
            throw host.missing();
        }
        Optional<DebugKernel> built = debug(id);
        if (built.isPresent()) {
            return built.get().require(monitor);
        }
        DebianRelease release = release(id).orElseThrow(() -> unknown(id));
        try (CacheDirectory.Locked lock = stored.lock(release, monitor)) {
            // Somebody else may have fetched it while this waited.
            Optional<Kernel> now = stored.find(release);
            if (now.isPresent()) {
                return now.get();
            }
            stored.setAside(release);
            fetch.fetch(release, stored.place(release), monitor);
            return stored.find(release)
                    .orElseThrow(() -> new IllegalStateException(id + " is not complete"));
        }
    }

    @Override
    public void add(Path directory) throws KmodscopeException {
        change(monitor -> trees.add(directory, monitor));
    }

    @Override
    public void remove(String id) throws KmodscopeException {
        Optional<DebugKernel> built = debug(id);
        if (built.isPresent()) {
            change(built.get()::remove);
            return;
        }
        if (trees.contains(id)) {
            change(monitor -> trees.remove(id, monitor));
            return;
        }
        DebianRelease release =
                release(id)
                        .orElseThrow(
                                () ->
                                        id.equals(HostKernel.ID)
                                                ? new KmodscopeException(
                                                        Kind.USAGE,
                                                        "The kernel "
                                                                + id
                                                                + " is not one of the store's.",
                                                        "Remove one that was fetched.")
                                                : unknown(id));
        change(monitor -> remove(release, monitor));
    }

    private void remove(DebianRelease release, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        try (CacheDirectory.Locked lock = stored.lock(release, monitor)) {
            stored.setAside(release);
            KernelFetch.sweep(cache.directory("kernels"), release.id());
            stored.removeUnusedTools(release, monitor);
        } catch (IOException e) {
            throw KernelFetch.storage(cache.directory("kernels"), e);
        }
    }

    /** Something that is over at once, unless somebody else holds its lock. */
    private interface Change {
        void by(IProgressMonitor monitor) throws KmodscopeException, InterruptedException;
    }

    private static void change(Change change) throws KmodscopeException {
        try {
            change.by(new NullProgressMonitor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationCanceledException();
        }
    }

    private static Optional<DebianRelease> release(String id) {
        return DebianRelease.all().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private Optional<DebugKernel> debug(String id) {
        return debug.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private static String usable() {
        return Stream.of(
                        DebianRelease.all().stream().map(DebianRelease::id),
                        Stream.of(HostKernel.ID),
                        Stream.of(DebugFlavour.values()).map(DebugFlavour::id))
                .flatMap(ids -> ids)
                .collect(Collectors.joining(", "));
    }

    private static KmodscopeException unknown(String id) {
        return new KmodscopeException(
                Kind.USAGE,
                "There is no kernel \"" + id + "\".",
                "Use one of these: "
                        + usable()
                        + "; or the path of a kernel build directory, with a slash in it.");
    }
}
