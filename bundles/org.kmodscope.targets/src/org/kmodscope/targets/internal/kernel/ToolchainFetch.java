/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * Makes the build tools of a Debian release: an unpacked root with its compiler, make and shell,
 * for kernels that this machine's own tools are too old for. Kernels of one release share them.
 *
 * <pre>
 * toolchains/SUITE-COMPILER/toolchain.properties, usr/ …   complete
 *            .SUITE-COMPILER_*                             being made
 * </pre>
 *
 * <p>Whoever adds or removes one holds the lock of the suite's apt directory.
 */
final class ToolchainFetch {

    private static final Pattern COMPILER = Pattern.compile("(gcc-\\d+)(?:-for-host)?");

    /** What makefiles and scripts of a kernel call, beside the compiler and kbuild's libraries. */
    private static final List<String> PROGRAMS =
            List.of(
                    "base-files",
                    "bash",
                    "coreutils",
                    "dash",
                    "diffutils",
                    "findutils",
                    "grep",
                    "gzip",
                    "make",
                    "mawk",
                    "perl-base",
                    "sed");

    private static final String SPARSE = "sparse";

    private final CacheDirectory cache;
    private final Path toolchains;
    private final Map<String, String> variables;

    ToolchainFetch(CacheDirectory cache, Map<String, String> variables) throws KmodscopeException {
        this.cache = cache;
        this.toolchains = cache.directory("toolchains");
        this.variables = variables;
    }

    /**
     * The tools that a kernel's headers ask for, made when they are not here.
     *
     * @param suite the release that they are of, whose lock is held
     * @param newer the release that comes after it
     */
    Tools require(
            AptRoot apt,
            DebianSuite suite,
            Optional<DebianSuite> newer,
            KernelPackages kernel,
            SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        Matcher compiler =
                kernel.headers().depends().stream()
                        .map(each -> COMPILER.matcher(each.name()))
                        .filter(Matcher::matches)
                        .findFirst()
                        .orElseThrow(
                                () -> KernelPackages.unexpected(kernel.headers(), "a compiler"));
        Tools tools = new Tools(suite.name() + "-" + compiler.group(1), compiler.group(1));
        Path place = toolchains.resolve(tools.name());
        if (tools.complete(place)) {
            return tools;
        }
        progress.setWorkRemaining(100).subTask("Finding the build tools of Debian " + suite.name());
        List<String> wanted = new ArrayList<>(PROGRAMS);
        wanted.add(tools.compiler());
        kernel.kbuild().depends().forEach(each -> wanted.add(each.name()));
        List<DebianPackage> packages = new ArrayList<>(apt.closure(wanted, progress.split(10)));
        KernelFetch.sweep(toolchains, tools.name());
        Path fresh = Files.createTempDirectory(toolchains, KernelFetch.prefix(tools.name()));
        try {
            Packages.install(apt, packages, fresh, progress.split(60));
            packages.addAll(addSparse(apt, newer, fresh, progress.split(30)));
            finish(fresh, packages);
            if (!tools.complete(fresh)) {
                throw new KmodscopeException(
                        Kind.MISSING,
                        "The packages of the build tools "
                                + tools.name()
                                + " do not hold make and "
                                + tools.compiler()
                                + " where they are expected.",
                        "Report this; use another kernel meanwhile.");
            }
            if (progress.isCanceled()) {
                throw new OperationCanceledException();
            }
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(place, fresh.resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            Directories.delete(place.resolve("damaged"));
        } finally {
            Directories.delete(fresh);
        }
        return tools;
    }

    /**
     * Adds the checker. A release's own is older than the kernels in its backports, and does not
     * understand their headers, so the next release's is taken where it runs with this one's libc.
     * It is taken without the packages that it depends on: those are for graphical programs and
     * wrapper scripts beside the one program that is wanted.
     */
    private List<DebianPackage> addSparse(
            AptRoot own, Optional<DebianSuite> newer, Path root, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        progress.setWorkRemaining(100);
        if (newer.isPresent()) {
            String name = newer.get().name();
            try (CacheDirectory.Locked lock = KernelFetch.lock(cache, name, progress)) {
                AptRoot apt = new AptRoot(cache.directory("apt", name), variables);
                progress.subTask("Reading the package lists of Debian " + name);
                apt.update(newer.get(), progress.split(50));
                List<DebianPackage> sparse = apt.known(List.of(SPARSE), progress.split(10));
                Packages.install(apt, sparse, root, progress.split(10));
                Directories.delete(apt.debs());
                if (!sparse.isEmpty() && runs(root, progress.split(10))) {
                    return sparse;
                }
            }
        }
        List<DebianPackage> sparse = own.known(List.of(SPARSE), progress.split(10));
        Packages.install(own, sparse, root, progress.split(10));
        return sparse;
    }

    /** Whether the libc of the tools is new enough for their sparse. */
    private static boolean runs(Path root, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        HostCommand sparse =
                HostCommand.of(
                        root.resolve("usr/lib64/ld-linux-x86-64.so.2").toString(),
                        "--library-path",
                        root.resolve("usr/lib/x86_64-linux-gnu").toString(),
                        root.resolve("usr/bin").resolve(SPARSE).toString(),
                        "--version");
        return sparse.locate().isPresent() && sparse.capture(monitor).exit() == 0;
    }

    /** Does what the packages' own scripts would do, as far as the tools need it. */
    private static void finish(Path root, List<DebianPackage> packages) throws IOException {
        Path awk = root.resolve("usr/bin/awk");
        if (!Files.exists(awk, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(awk, Path.of("mawk"));
        }
        for (String unread : List.of("doc", "info", "locale", "man")) {
            Directories.delete(root.resolve("usr/share").resolve(unread));
        }
        // The package base-files has its own idea of who may look into a root directory.
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        Properties written = new Properties();
        written.setProperty("bytes", Long.toString(Packages.size(root)));
        written.setProperty(
                "packages", String.join(" ", packages.stream().map(DebianPackage::exact).toList()));
        try (Writer writer = Files.newBufferedWriter(root.resolve(Tools.MANIFEST))) {
            written.store(writer, null);
        }
    }
}
