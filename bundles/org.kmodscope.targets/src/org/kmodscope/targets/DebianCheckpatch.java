/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.targets.internal.agent.Directories;
import org.kmodscope.targets.internal.kernel.LinuxSource;

/**
 * The kernel's style checker out of Debian's package of the kernel's source, which no smaller
 * package holds. Three files of half a megabyte stay in the cache.
 *
 * <pre>
 * checkpatch/6.12/checkpatch.pl, spelling.txt, const_structs.checkpatch
 * </pre>
 */
public final class DebianCheckpatch implements CheckpatchSupply {

    private static final String SCRIPT = "checkpatch.pl";
    private static final List<String> FILES =
            List.of(
                    "scripts/" + SCRIPT,
                    "scripts/spelling.txt",
                    "scripts/const_structs.checkpatch");

    private final CacheDirectory cache;

    /**
     * @param cache where it is kept
     */
    public DebianCheckpatch(CacheDirectory cache) {
        this.cache = cache;
    }

    @Override
    public Optional<Path> find() throws KmodscopeException {
        Path script = place().resolve(SCRIPT);
        return Files.isRegularFile(script) ? Optional.of(script) : Optional.empty();
    }

    @Override
    public Path require(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        Path home = cache.directory("checkpatch");
        try (CacheDirectory.Locked lock = cache.lock(home.resolve("lock"), monitor)) {
            Optional<Path> here = find();
            if (here.isPresent()) {
                return here.get();
            }
            sweep(home);
            Path fresh = Files.createTempDirectory(home, "new-");
            try {
                new LinuxSource(cache, Map.of()).unpack(FILES, fresh, monitor);
                Files.move(fresh.resolve("scripts"), place(), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Directories.delete(fresh);
            }
            return find().orElseThrow(
                            () -> new IllegalStateException("no " + SCRIPT + " in the source"));
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "checkpatch.pl cannot be kept in " + home + ": " + Reason.of(e) + ".",
                    "Free space or correct permissions there.",
                    e);
        }
    }

    /** Removes what fetches that were killed left behind. */
    private static void sweep(Path home) throws IOException {
        try (Stream<Path> children = Files.list(home)) {
            for (Path child : children.filter(Files::isDirectory).toList()) {
                if (String.valueOf(child.getFileName()).startsWith("new-")) {
                    Directories.delete(child);
                }
            }
        }
    }

    private Path place() throws KmodscopeException {
        return cache.directory("checkpatch").resolve(LinuxSource.SERIES);
    }
}
