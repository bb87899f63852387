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
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
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

    /**
     * Checkers, taken without the packages that they depend on: those are for graphical programs
     * and wrapper scripts beside the one program that is wanted.
     */
    private static final List<String> CHECKERS = List.of("sparse");

    private final Path toolchains;

    ToolchainFetch(CacheDirectory cache) throws KmodscopeException {
        this.toolchains = cache.directory("toolchains");
    }

    /** The tools that a kernel's headers ask for, made when they are not here. */
    Tools require(AptRoot apt, DebianSuite suite, KernelPackages kernel, SubMonitor progress)
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
        packages.addAll(apt.known(CHECKERS, progress.split(5)));
        KernelFetch.sweep(toolchains, tools.name());
        Path fresh = Files.createTempDirectory(toolchains, KernelFetch.prefix(tools.name()));
        try {
            Packages.install(apt, packages, fresh, progress.split(80));
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
