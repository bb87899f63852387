/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.ConfigFile;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.KernelEntry;

/**
 * The kernel directories that a user has named. The store reads them and owns none: what is kept is
 * their paths, one a line, in a file that is not the cache's: a user typed them. A kernel's
 * identifier is its path.
 */
public final class NamedTrees {

    private final ConfigFile file;
    private final CacheDirectory cache;

    /**
     * @param file has them
     * @param cache has the lock that those hold who change it
     */
    public NamedTrees(ConfigFile file, CacheDirectory cache) {
        this.file = file;
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
        try {
            // People may have edited it.
            return file.read().orElse("").lines().filter(line -> line.startsWith("/")).toList();
        } catch (IOException e) {
            throw storage(e);
        }
    }

    private void change(UnaryOperator<List<String>> change, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Path guard = cache.directory("kernels").resolve("named.lock");
        try (CacheDirectory.Locked lock = cache.lock(guard, monitor)) {
            StringBuilder text = new StringBuilder();
            change.apply(read()).forEach(tree -> text.append(tree).append('\n'));
            file.replace(text.toString());
        } catch (IOException e) {
            throw storage(e);
        }
    }

    private KmodscopeException storage(IOException e) {
        return new KmodscopeException(
                Kind.MISSING,
                "The list of your kernel directories in "
                        + file.path()
                        + " cannot be read or written: "
                        + Reason.of(e)
                        + ".",
                "Free space, or correct the permissions there.",
                e);
    }
}
