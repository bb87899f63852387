/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * The source of a debug kernel, unpacked and patched, and the tools to build it that this machine
 * may lack.
 *
 * <pre>
 * WORK/source/  the kernel's source
 *      tools/   flex, bison, m4 and libelf, where this machine has none
 * </pre>
 */
final class DebugSource {

    private static final String SUITE = "bookworm";
    private static final String PACKAGE = "linux-source-6.12";
    private static final List<String> TOOLS = List.of("flex", "bison", "m4");

    /** Tells that this machine has what objtool is built with. */
    private static final Path LIBELF = Path.of("/usr/include/gelf.h");

    /** The tools, what m4 needs beside itself, and libelf. */
    private static final List<String> TOOL_PACKAGES =
            List.of("flex", "bison", "m4", "libsigsegv2", "libelf-dev", "libelf1");

    /** Large parts that nothing here is built from; the rest of the source refers to none. */
    private static final List<String> LEFT_OUT =
            List.of(
                    "Documentation/*/*",
                    "drivers/gpu/drm/amd/include",
                    "tools/testing",
                    "arch/arm64/boot/dts",
                    "arch/arm/boot/dts");

    private static final String PATCH = "throttle.patch";
    private static final long NEEDED_BYTES = 3L << 30;

    private final CacheDirectory cache;
    private final Path work;
    private final Map<String, String> variables;

    DebugSource(CacheDirectory cache, Path work, Map<String, String> variables) {
        this.cache = cache;
        this.work = work;
        this.variables = variables;
    }

    /**
     * Gets what is not there.
     *
     * @return what the environment of make needs
     */
    Map<String, String> require(SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        progress.setWorkRemaining(100);
        Path tools = work.resolve("tools");
        Path source = work.resolve("source");
        boolean lacking =
                !Files.exists(LIBELF)
                        || TOOLS.stream().anyMatch(each -> HostCommand.of(each).locate().isEmpty());
        if (!Files.isDirectory(source) || lacking && !Files.isDirectory(tools)) {
            fetch(source, tools, lacking, progress);
        }
        return lacking ? environment(tools) : Map.of();
    }

    private void fetch(Path source, Path tools, boolean lacking, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        AptRoot apt = new AptRoot(cache.directory("apt", SUITE), variables);
        try (CacheDirectory.Locked lock = KernelFetch.lock(cache, SUITE, progress)) {
            Packages.requireSpace(apt.directory(), NEEDED_BYTES);
            progress.subTask("Reading Debian's package lists");
            apt.update(DebianSuite.of(SUITE), progress.split(15));
            Path fresh = Files.createTempDirectory(Files.createDirectories(work), "new-");
            try {
                if (lacking && !Files.isDirectory(tools)) {
                    Path root = fresh.resolve("tools");
                    install(apt, TOOL_PACKAGES, root, progress.split(5));
                    Files.move(root, tools, StandardCopyOption.ATOMIC_MOVE);
                }
                if (!Files.isDirectory(source)) {
                    install(apt, List.of(PACKAGE), fresh.resolve("package"), progress.split(40));
                    progress.subTask("Unpacking the kernel's source");
                    untar(fresh, progress.split(40));
                    Files.move(fresh.resolve(PACKAGE), source, StandardCopyOption.ATOMIC_MOVE);
                }
            } finally {
                Directories.delete(fresh);
            }
            Directories.delete(apt.debs());
        }
    }

    private static void install(AptRoot apt, List<String> names, Path root, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        progress.setWorkRemaining(10);
        Packages.install(apt, apt.show(names, progress.split(1)), root, progress.split(9));
    }

    private static void untar(Path fresh, SubMonitor progress)
            throws KmodscopeException, InterruptedException, IOException {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "tar",
                                "-xJf",
                                fresh.resolve("package/usr/src/" + PACKAGE + ".tar.xz").toString(),
                                "-C",
                                fresh.toString()));
        LEFT_OUT.forEach(each -> argv.add("--exclude=" + PACKAGE + '/' + each));
        check(
                HostCommand.of(argv).providedBy("tar xz-utils").capture(progress.split(90)),
                "The kernel's source cannot be unpacked");
        Path patch = fresh.resolve(PATCH);
        Files.write(patch, DebugFlavour.resource(PATCH));
        check(
                HostCommand.of("patch", "-p1", "-i", patch.toString())
                        .in(fresh.resolve(PACKAGE))
                        .providedBy("patch")
                        .capture(progress.split(10)),
                "The kernel's source cannot be patched");
    }

    private static void check(Captured done, String what) throws KmodscopeException {
        if (done.exit() != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    what + ": " + AptFailure.firstLine(done.words()) + ".",
                    "Free space if there is none, and try again; what was done is kept.");
        }
    }

    private static Map<String, String> environment(Path tools) {
        Path usr = tools.resolve("usr");
        Map<String, String> all = new LinkedHashMap<>();
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        all.put("PATH", usr.resolve("bin") + ":" + path);
        all.put("BISON_PKGDATADIR", usr.resolve("share/bison").toString());
        all.put("M4", usr.resolve("bin/m4").toString());
        String libraries = usr.resolve("lib/x86_64-linux-gnu").toString();
        all.put("LD_LIBRARY_PATH", libraries);
        all.put("LIBRARY_PATH", libraries);
        all.put("C_INCLUDE_PATH", usr.resolve("include").toString());
        return all;
    }
}
