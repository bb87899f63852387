/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * The kernel's source as Debian packages it, {@code linux-source-6.12}: 140 MB to download, of
 * which some files, or all, are unpacked. Nothing of the package itself is kept.
 */
public final class LinuxSource {

    /** The series that is taken, and where it is. */
    public static final String SERIES = "6.12";

    private static final DebianSuite SUITE = DebianSuite.of("bookworm");
    private static final String PACKAGE = "linux-source-" + SERIES;

    private final CacheDirectory cache;
    private final Map<String, String> variables;

    /**
     * @param variables added to the environment of apt
     */
    public LinuxSource(CacheDirectory cache, Map<String, String> variables) {
        this.cache = cache;
        this.variables = variables;
    }

    /**
     * Unpacks files of the source into a directory that is there.
     *
     * @param files their paths in the source tree; none for all of it
     * @return the version of the package
     * @throws KmodscopeException MISSING when it cannot be had
     */
    public String unpack(List<String> files, Path directory, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        SubMonitor progress = SubMonitor.convert(monitor, 100);
        AptRoot apt = new AptRoot(cache.directory("apt", SUITE.name()), variables);
        try (CacheDirectory.Locked lock = KernelFetch.lock(cache, SUITE.name(), progress)) {
            progress.subTask("Reading the package lists of Debian " + SUITE.name());
            apt.update(SUITE, progress.split(10));
            List<DebianPackage> packages = apt.show(List.of(PACKAGE), progress.split(5));
            Path root = Files.createTempDirectory(apt.directory(), "source-");
            try {
                Packages.install(apt, packages, root, progress.split(65));
                progress.subTask("Unpacking the kernel's source");
                extract(
                        root.resolve("usr/src/" + PACKAGE + ".tar.xz"),
                        files,
                        directory,
                        progress.split(20));
            } finally {
                Directories.delete(root);
            }
            // What a fetch that was broken off has got stays: the next one goes on with it.
            Directories.delete(apt.debs());
            return packages.getFirst().version();
        }
    }

    private static void extract(
            Path archive, List<String> files, Path directory, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<String> argv = new ArrayList<>();
        argv.addAll(List.of("tar", "--extract", "--xz", "--strip-components=1"));
        argv.addAll(List.of("--no-same-owner", "--directory=" + directory));
        argv.add("--file=" + archive);
        if (!files.isEmpty()) {
            // Ends when all are found, and not at the end of the archive.
            argv.add("--occurrence=1");
            files.forEach(file -> argv.add(PACKAGE + "/" + file));
        }
        Captured end = HostCommand.of(argv).providedBy("tar").capture(monitor);
        if (end.exit() != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The kernel's source could not be unpacked: "
                            + AptFailure.firstLine(end.words()),
                    "Install xz-utils, free space in " + directory + ", and try again.");
        }
    }
}
