/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.build.Diagnostic.Severity;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.process.HostCommand;

/**
 * Builds modules out of tree: {@code make -C HEADERS M=… W=1 modules}
 * (Documentation/kbuild/modules.rst).
 *
 * <p>Kbuild cannot build where a path has blanks or non-ASCII letters, and it litters the
 * directory. So each project has, per kernel, a mapped directory in the cache that is kept equal to
 * its sources; the modules alone go back to the project. Safe to use from several threads and
 * processes: builds of the same project for the same kernel wait for each other.
 */
public final class ModuleBuild {

    private static final Pattern KBUILD_PATH = Pattern.compile("[A-Za-z0-9_./@+~,-]+");
    private static final Pattern COMPILER = Pattern.compile("[A-Za-z0-9_./+][A-Za-z0-9_./+-]*");

    /** What would change a build behind its back, if the user's shell happens to have it. */
    private static final String[] FOREIGN = {
        "ARCH",
        "CROSS_COMPILE",
        "KCFLAGS",
        "KAFLAGS",
        "KCPPFLAGS",
        "MAKEFLAGS",
        "MFLAGS",
        "GNUMAKEFLAGS",
        "MAKELEVEL",
        "MAKEFILES",
        "KBUILD_OUTPUT",
        "KBUILD_EXTMOD",
        "KBUILD_VERBOSE",
        "KBUILD_EXTRA_WARN",
        "KBUILD_EXTRA_SYMBOLS",
        "KBUILD_MODPOST_WARN",
        "KBUILD_CFLAGS",
        "LLVM",
        "LLVM_IAS",
        "GCC_COLORS",
        "DEBIAN_KERNEL_USE_CCACHE"
    };

    private final CacheDirectory cache;

    /**
     * @param cache where the mapped directories are
     */
    public ModuleBuild(CacheDirectory cache) {
        this.cache = cache;
    }

    /**
     * Builds what is stale. A module that does not compile is a result without a module; one that
     * an earlier build put into the project is removed then, so that nobody loads it by mistake.
     *
     * @param output takes each line that make prints, on a thread of the build's
     * @throws KmodscopeException USAGE when this cannot be a driver's directory or the kernel's
     *     headers are gone, MISSING when a tool is not on this machine or the disk is full
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled;
     *     make is gone by then
     */
    public BuildResult build(
            BuildRequest request, Consumer<String> output, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Mapped mapped = map(request);
        try (CacheDirectory.Locked lock = cache.lock(mapped.file("lock"), monitor)) {
            monitor.subTask("Building for " + request.kernel().id());
            SourceMirror sources = SourceMirror.read(mapped.project);
            String digest = sources.digest();
            String options = options(request, mapped.compiler);
            Optional<BuildRecord> last = BuildRecord.read(mapped.record());
            if (last.isPresent() && last.get().holds(digest, options, mapped.output)) {
                return upToDate(request, mapped, last.get());
            }
            boolean incremental =
                    last.filter(record -> record.options().equals(options) && record.quiet())
                            .isPresent();
            Files.deleteIfExists(mapped.record());
            sources.writeTo(mapped.sources(), incremental);
            BuildResult result = make(request, mapped, output, monitor);
            Map<String, String> products = result.module().isPresent() ? publish(mapped) : Map.of();
            removeOthers(mapped.output, products);
            new BuildRecord(
                            digest,
                            options,
                            result.diagnostics().isEmpty(),
                            result.module().map(SourceMirror::fileName).orElse(""),
                            products)
                    .write(mapped.record());
            return result;
        } catch (IOException e) {
            throw BuildRecord.storage(mapped.directory, e);
        }
    }

    /**
     * Whether {@link #build} would have nothing to do.
     *
     * @throws KmodscopeException as {@link #build}
     */
    public boolean upToDate(BuildRequest request) throws KmodscopeException {
        Mapped mapped = map(request);
        try {
            Optional<BuildRecord> last = BuildRecord.read(mapped.record());
            return last.isPresent()
                    && last.get()
                            .holds(
                                    SourceMirror.read(mapped.project).digest(),
                                    options(request, mapped.compiler),
                                    mapped.output);
        } catch (IOException e) {
            throw BuildRecord.storage(mapped.directory, e);
        }
    }

    private Mapped map(BuildRequest request) throws KmodscopeException {
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
        Optional<String> chosen = request.compiler().or(() -> request.kernel().compiler());
        String compiler =
                chosen.isPresent()
                        ? chosen.get()
                        : KernelDirectory.compilerOf(headers).orElse("gcc");
        if (!COMPILER.matcher(compiler).matches()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "\"" + compiler + "\" is no compiler: one program without options is meant.",
                    "Name one, such as gcc-12 or clang.");
        }
        if (HostCommand.of(compiler).locate().isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The compiler " + compiler + " is not on this machine.",
                    "Install it: sudo apt install "
                            + compiler.substring(compiler.lastIndexOf('/') + 1));
        }
        String key = Sha256.of(project.toString(), request.kernel().id()).substring(0, 24);
        Path output = project.resolve(request.project().relativize(request.output()));
        return new Mapped(project, cache.directory("builds", key), output, compiler);
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

    private BuildResult make(
            BuildRequest request, Mapped mapped, Consumer<String> output, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        Naming naming = new Naming(mapped.sources(), request.kernel().headers());
        DiagnosticParser parser = new DiagnosticParser(naming);
        AtomicReference<@Nullable KmodscopeException> lacking = new AtomicReference<>();
        int exit;
        try (Writer log = Files.newBufferedWriter(mapped.log())) {
            exit =
                    command(request, mapped)
                            .run(
                                    (channel, line) -> {
                                        keep(log, line);
                                        parser.line(line);
                                        MissingTool.read(line)
                                                .ifPresent(
                                                        failure ->
                                                                lacking.compareAndSet(
                                                                        null, failure));
                                        output.accept(line);
                                    },
                                    monitor);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<Diagnostic> diagnostics = new ArrayList<>(parser.diagnostics());
        if (exit == 0) {
            List<Path> modules = modules(mapped);
            if (!modules.isEmpty()) {
                return new BuildResult(
                        Optional.of(
                                mapped.output.resolve(SourceMirror.fileName(modules.getFirst()))),
                        diagnostics,
                        false);
            }
            diagnostics.add(error("Kbuild made no module: does \"obj-m\" in Kbuild name one?"));
        }
        KmodscopeException tool = lacking.get();
        if (tool != null) {
            throw tool;
        }
        if (diagnostics.stream().noneMatch(one -> one.severity() == Severity.ERROR)) {
            diagnostics.add(error("make ended with status " + exit + " and did not say why"));
        }
        return new BuildResult(Optional.empty(), diagnostics, false);
    }

    private static HostCommand command(BuildRequest request, Mapped mapped) {
        List<String> argv = new ArrayList<>();
        argv.add("make");
        argv.add("--no-print-directory");
        // Keeps the messages of one compilation together.
        argv.add("--output-sync=target");
        argv.add("-j" + Runtime.getRuntime().availableProcessors());
        argv.add("-C");
        argv.add(request.kernel().headers().toString());
        argv.add("M=" + mapped.sources());
        argv.add("W=1");
        argv.add("CC=" + mapped.compiler);
        // Type information for BPF needs pahole and the kernel's own vmlinux, and no one reads it.
        argv.add("CONFIG_DEBUG_INFO_BTF_MODULES=");
        if (request.debugInfo()) {
            argv.add("KCFLAGS=-g");
        }
        argv.add("modules");
        return HostCommand.of(argv)
                .in(mapped.directory)
                .without(FOREIGN)
                .providedBy("make")
                .merged();
    }

    private static BuildResult upToDate(BuildRequest request, Mapped mapped, BuildRecord record)
            throws IOException {
        DiagnosticParser parser =
                new DiagnosticParser(new Naming(mapped.sources(), request.kernel().headers()));
        if (!record.quiet()) {
            Files.readAllLines(mapped.log()).forEach(parser::line);
        }
        return new BuildResult(
                Optional.of(mapped.output.resolve(record.main())), parser.diagnostics(), true);
    }

    /** What modpost listed, in the order of obj-m; 6.1 names the .ko, later kernels the .o. */
    private static List<Path> modules(Mapped mapped) throws IOException {
        Path order = mapped.sources().resolve("modules.order");
        if (!Files.isRegularFile(order)) {
            return List.of();
        }
        List<Path> modules = new ArrayList<>();
        for (String line : Files.readAllLines(order)) {
            if (!line.isBlank()) {
                Path module = mapped.sources().resolve(line.strip().replaceFirst("\\.k?o$", ".ko"));
                if (Files.isRegularFile(module)) {
                    modules.add(module);
                }
            }
        }
        return modules;
    }

    private static Map<String, String> publish(Mapped mapped) throws IOException {
        Files.createDirectories(mapped.output);
        Map<String, String> products = new LinkedHashMap<>();
        for (Path module : modules(mapped)) {
            byte[] content = Files.readAllBytes(module);
            String name = SourceMirror.fileName(module);
            Path fresh = mapped.output.resolve("." + name + ".new");
            Files.write(fresh, content);
            Files.move(
                    fresh,
                    mapped.output.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            products.put(name, Sha256.of(content));
        }
        return products;
    }

    private static void removeOthers(Path output, Map<String, String> products) throws IOException {
        if (Files.isDirectory(output)) {
            try (var files = Files.newDirectoryStream(output, "*.ko")) {
                for (Path file : files) {
                    if (!products.containsKey(SourceMirror.fileName(file))) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private static String options(BuildRequest request, String compiler) {
        return Sha256.of(
                request.kernel().release(),
                request.kernel().headers().toString(),
                compiler,
                Boolean.toString(request.debugInfo()));
    }

    private static void keep(Writer log, String line) {
        try {
            log.write(line);
            log.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Diagnostic error(String text) {
        return new Diagnostic("", 0, 0, Severity.ERROR, text);
    }

    /** Where a project is built. */
    private record Mapped(Path project, Path directory, Path output, String compiler) {

        Path sources() {
            return file("src");
        }

        Path record() {
            return file("record.properties");
        }

        Path log() {
            return file("build.log");
        }

        Path file(String name) {
            return directory.resolve(name);
        }
    }
}
