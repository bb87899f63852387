/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.targets.internal.kernel.DebianRelease;
import org.kmodscope.targets.internal.kernel.HostKernel;
import org.kmodscope.targets.internal.kernel.KernelFetch;
import org.kmodscope.targets.internal.kernel.StoredKernels;
import org.kmodscope.targets.internal.kernel.UmlKernel;

/**
 * Kernels from Debian's packages in the cache, the running kernel ({@code host}), and kernel
 * directories by their path; and the debug kernel, which is built from Debian's source. Needs no
 * root and installs nothing: packages are fetched by a private apt with the mirrors and keys of
 * this machine, and unpacked into the cache. A kernel that is there needs no network.
 */
public final class DebianKernelStore implements KernelStore {

    private final CacheDirectory cache;
    private final StoredKernels stored;
    private final KernelFetch fetch;
    private final UmlKernel uml;

    /** The store in a cache. */
    public DebianKernelStore(CacheDirectory cache) {
        this(cache, Map.of());
    }

    /**
     * The store in a cache.
     *
     * @param variables added to the environment of apt, such as APT_CONFIG
     */
    public DebianKernelStore(CacheDirectory cache, Map<String, String> variables) {
        this.cache = cache;
        this.stored = new StoredKernels(cache);
        this.fetch = new KernelFetch(cache, Map.copyOf(variables));
        this.uml = new UmlKernel(cache, variables);
    }

    @Override
    public List<KernelEntry> list() throws KmodscopeException {
        List<KernelEntry> entries = new ArrayList<>();
        for (DebianRelease release : DebianRelease.all()) {
            entries.add(stored.entry(release));
        }
        entries.add(HostKernel.entry());
        entries.add(uml.entry());
        return entries;
    }

    @Override
    public Optional<Kernel> find(String id) throws KmodscopeException {
        Optional<DebianRelease> release = release(id);
        if (release.isPresent()) {
            return stored.find(release.get());
        }
        if (id.equals(HostKernel.ID)) {
            return HostKernel.find();
        }
        if (id.equals(UmlKernel.ID)) {
            return uml.find();
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
            throw HostKernel.missing();
        }
        if (id.equals(UmlKernel.ID)) {
            return uml.require(monitor);
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
    public void remove(String id) throws KmodscopeException {
        if (id.equals(UmlKernel.ID)) {
            removeUml();
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
        try (CacheDirectory.Locked lock = stored.lock(release, new NullProgressMonitor())) {
            stored.setAside(release);
            KernelFetch.sweep(cache.directory("kernels"), id);
            stored.removeUnusedTools(release, new NullProgressMonitor());
        } catch (IOException e) {
            throw KernelFetch.storage(cache.directory("kernels"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationCanceledException();
        }
    }

    private void removeUml() throws KmodscopeException {
        try {
            uml.remove(new NullProgressMonitor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationCanceledException();
        }
    }

    private static Optional<DebianRelease> release(String id) {
        return DebianRelease.all().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private static String usable() {
        return DebianRelease.all().stream().map(DebianRelease::id).collect(Collectors.joining(", "))
                + ", "
                + HostKernel.ID
                + ", "
                + UmlKernel.ID;
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
