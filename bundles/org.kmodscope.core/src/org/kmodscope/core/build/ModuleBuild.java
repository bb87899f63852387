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
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.build.Diagnostic.Severity;

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
        BuildPlace place = BuildPlace.of(cache, request);
        try (CacheDirectory.Locked lock = cache.lock(place.file("lock"), monitor)) {
            monitor.subTask("Building for " + request.kernel().id());
            SourceMirror sources = SourceMirror.read(place.project());
            String digest = sources.digest();
            String options = Make.options(request, place);
            Optional<BuildRecord> last = BuildRecord.read(place.record());
            if (last.isPresent() && last.get().holds(digest, options, place.output())) {
                return upToDate(request, place, last.get());
            }
            boolean incremental =
                    last.filter(record -> record.options().equals(options) && record.quiet())
                            .isPresent();
            Files.deleteIfExists(place.record());
            sources.writeTo(place.sources(), incremental);
            BuildResult result = make(request, place, output, monitor);
            Map<String, String> products = result.module().isPresent() ? publish(place) : Map.of();
            removeOthers(place.output(), products);
            new BuildRecord(
                            digest,
                            options,
                            result.diagnostics().isEmpty(),
                            result.module().map(SourceMirror::fileName).orElse(""),
                            products)
                    .write(place.record());
            return result;
        } catch (IOException e) {
            throw BuildRecord.storage(place.directory(), e);
        }
    }

    /**
     * Whether {@link #build} would have nothing to do.
     *
     * @throws KmodscopeException as {@link #build}
     */
    public boolean upToDate(BuildRequest request) throws KmodscopeException {
        BuildPlace place = BuildPlace.of(cache, request);
        try {
            Optional<BuildRecord> last = BuildRecord.read(place.record());
            return last.isPresent()
                    && last.get()
                            .holds(
                                    SourceMirror.read(place.project()).digest(),
                                    Make.options(request, place),
                                    place.output());
        } catch (IOException e) {
            throw BuildRecord.storage(place.directory(), e);
        }
    }

    private BuildResult make(
            BuildRequest request,
            BuildPlace place,
            Consumer<String> output,
            IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        Naming naming = new Naming(place.sources(), request.kernel().headers());
        DiagnosticParser parser = new DiagnosticParser(naming);
        AtomicReference<@Nullable KmodscopeException> lacking = new AtomicReference<>();
        int exit;
        try (Writer log = Files.newBufferedWriter(place.log())) {
            exit =
                    Make.modules(request, place)
                            .run(
                                    (channel, line) -> {
                                        keep(log, line);
                                        parser.line(line);
                                        MissingTool.read(line)
                                                .or(() -> ToolRoom.refusal(line))
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
            List<Path> modules = modules(place);
            if (!modules.isEmpty()) {
                return new BuildResult(
                        Optional.of(
                                place.output().resolve(SourceMirror.fileName(modules.getFirst()))),
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

    private static BuildResult upToDate(BuildRequest request, BuildPlace place, BuildRecord record)
            throws IOException {
        DiagnosticParser parser =
                new DiagnosticParser(new Naming(place.sources(), request.kernel().headers()));
        if (!record.quiet()) {
            Files.readAllLines(place.log()).forEach(parser::line);
        }
        return new BuildResult(
                Optional.of(place.output().resolve(record.main())), parser.diagnostics(), true);
    }

    /** What modpost listed, in the order of obj-m; 6.1 names the .ko, later kernels the .o. */
    private static List<Path> modules(BuildPlace place) throws IOException {
        Path order = place.sources().resolve("modules.order");
        if (!Files.isRegularFile(order)) {
            return List.of();
        }
        List<Path> modules = new ArrayList<>();
        for (String line : Files.readAllLines(order)) {
            if (!line.isBlank()) {
                Path module = place.sources().resolve(line.strip().replaceFirst("\\.k?o$", ".ko"));
                if (Files.isRegularFile(module)) {
                    modules.add(module);
                }
            }
        }
        return modules;
    }

    private static Map<String, String> publish(BuildPlace place) throws IOException {
        Files.createDirectories(place.output());
        Map<String, String> products = new LinkedHashMap<>();
        for (Path module : modules(place)) {
            byte[] content = Files.readAllBytes(module);
            String name = SourceMirror.fileName(module);
            Path fresh = place.output().resolve("." + name + ".new");
            Files.write(fresh, content);
            Files.move(
                    fresh,
                    place.output().resolve(name),
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
}
