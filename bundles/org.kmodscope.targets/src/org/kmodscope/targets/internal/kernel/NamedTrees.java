/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.KernelEntry;

/**
 * The kernel directories that a user has named. The store reads them and owns none: what is kept is
 * their paths, one a line, in {@code kernels/trees}. A kernel's identifier is its path.
 */
public final class NamedTrees {

    private static final String FILE = "trees";

    private final CacheDirectory cache;

    /** Those of a cache. */
    public NamedTrees(CacheDirectory cache) {
        this.cache = cache;
    }

    /** Their lines in the list, in the order in which they were named. */
    public List<KernelEntry> entries() throws KmodscopeException {
        List<KernelEntry> entries = new ArrayList<>();
        for (String tree : read()) {
            entries.add(entry(tree));
        }
        return entries;
    }

    private static KernelEntry entry(String tree) {
        try {
            Kernel kernel = KernelDirectory.read(Path.of(tree)).asKernel(tree);
            String use = kernel.image().isPresent() ? "" : ", to build for: it has no image";
            return new KernelEntry(
                    tree, "your own, " + kernel.release() + use, KernelEntry.State.READY, 0);
        } catch (KmodscopeException gone) {
            String title = "your own; " + gone.getMessage();
            return new KernelEntry(tree, title, KernelEntry.State.LACKING, 0);
        }
    }

    /**
     * Names one; once is enough.
     *
     * @throws KmodscopeException USAGE when it is no kernel build directory
     */
    public void add(Path directory, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String tree = KernelDirectory.read(directory).headers().toString();
        if (tree.indexOf('\n') >= 0) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The path of " + tree + " has a line break in it.",
                    "Give that directory another name.");
        }
        change(
                trees -> {
                    List<String> all = new ArrayList<>(trees);
                    if (!all.contains(tree)) {
                        all.add(tree);
                    }
                    return all;
                },
                monitor);
    }

    /** Whether one is named so. */
    public boolean contains(String id) throws KmodscopeException {
        return read().contains(id);
    }

    /** Forgets one; nothing of it is touched. */
    public void remove(String id, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        change(trees -> trees.stream().filter(tree -> !tree.equals(id)).toList(), monitor);
    }

    private List<String> read() throws KmodscopeException {
        Path file = file();
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw KernelFetch.storage(file, e);
        }
    }

    private void change(UnaryOperator<List<String>> change, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path file = file();
        Path fresh = file.resolveSibling(FILE + ".new");
        try (CacheDirectory.Locked lock =
                cache.lock(file.resolveSibling(FILE + ".lock"), monitor)) {
            Files.write(fresh, change.apply(read()));
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw KernelFetch.storage(file, e);
        }
    }

    private Path file() throws KmodscopeException {
        return cache.directory("kernels").resolve(FILE);
    }
}
