/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.Toolchain;
import org.kmodscope.core.process.HostCommand;

/**
 * Where a project is built for a kernel, and with what.
 *
 * @param project its real path
 * @param directory of the cache, for this project, kernel and variant alone
 * @param output where its modules go
 * @param compiler one program
 * @param room what the tools run in; empty for this machine's own tools
 */
record BuildPlace(
        Path project, Path directory, Path output, String compiler, Optional<ToolRoom> room) {

    private static final Pattern KBUILD_PATH = Pattern.compile("[A-Za-z0-9_./@+~,-]+");
    private static final Pattern COMPILER = Pattern.compile("[A-Za-z0-9_./+][A-Za-z0-9_./+-]*");

    /**
     * Where a request is built.
     *
     * @throws KmodscopeException USAGE when this cannot be a driver's directory or the kernel's
     *     headers are gone, MISSING when the compiler is not there
     */
    static BuildPlace of(CacheDirectory cache, BuildRequest request) throws KmodscopeException {
        Path project = project(request.project());
        Path headers = request.kernel().headers();
        if (!Files.isRegularFile(headers.resolve("Makefile"))) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The headers of " + request.kernel().id() + " are not in " + headers + ".",
                    "Fetch the kernel again: kmodscope kernels --fetch " + request.kernel().id());
        }
        // Kbuild would fail on it with a message that names neither the path nor the cause.
        requirePlain(headers, "the kernel's headers");
        requirePlain(cache.root(), "the cache");
        String key = Sha256.of(project.toString(), request.kernel().id(), request.variant());
        Path output = project.resolve(request.project().relativize(request.output()));
        Path directory = cache.directory("builds", key.substring(0, 24));
        Optional<ToolRoom> room =
                request.kernel().toolchain().map(tools -> new ToolRoom(tools, directory));
        return new BuildPlace(project, directory, output, compiler(request), room);
    }

    private static Path project(Path named) throws KmodscopeException {
        try {
            Path project = named.toRealPath();
            if (Files.isRegularFile(project.resolve("Kbuild"))
                    || Files.isRegularFile(project.resolve("Makefile"))) {
                return project;
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "There is no directory " + named + ".",
                    "Name the directory of a driver, or make one: kmodscope new "
                            + named
                            + " --name NAME",
                    e);
        }
        throw new KmodscopeException(
                Kind.USAGE,
                named + " is not the directory of a driver: it has neither Kbuild nor Makefile.",
                "Name the directory that holds them.");
    }

    private static void requirePlain(Path path, String what) throws KmodscopeException {
        if (!KBUILD_PATH.matcher(path.toString()).matches()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "Kbuild cannot work with the path of "
                            + what
                            + ", "
                            + path
                            + ": only ASCII letters, digits and _ . / @ + ~ , - may be in it.",
                    "Set XDG_CACHE_HOME to a directory with a plain path.");
        }
    }

    private static String compiler(BuildRequest request) throws KmodscopeException {
        Kernel kernel = request.kernel();
        Optional<String> chosen = request.compiler().or(kernel::compiler);
        String compiler;
        if (chosen.isPresent()) {
            compiler = chosen.get();
        } else if (kernel.cross().isPresent()) {
            compiler = kernel.cross().get().compiler();
        } else {
            compiler = KernelDirectory.compilerOf(kernel.headers()).orElse("gcc");
        }
        if (!COMPILER.matcher(compiler).matches()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "\"" + compiler + "\" is no compiler: one program without options is meant.",
                    "Name one, such as gcc-12 or clang.");
        }
        Optional<Toolchain> toolchain = kernel.toolchain();
        if (toolchain.isPresent()) {
            if (!toolchain.get().has(compiler)) {
                throw new KmodscopeException(
                        Kind.MISSING,
                        "The compiler "
                                + compiler
                                + " is not among the build tools of "
                                + kernel.id()
                                + ", and those of this machine are too old for it.",
                        "Leave the choice of the compiler to the kernel.");
            }
        } else if (HostCommand.of(compiler).locate().isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The compiler " + compiler + " is not on this machine.",
                    "Install it: sudo apt install " + MissingTool.packageOf(compiler));
        }
        return compiler;
    }

    /** What is built: equal to the project's sources, with what make adds. */
    Path sources() {
        return file("src");
    }

    /** What the last build was made of. */
    Path record() {
        return file("record.properties");
    }

    /** All that make said. */
    Path log() {
        return file("build.log");
    }

    Path file(String name) {
        return directory.resolve(name);
    }
}
