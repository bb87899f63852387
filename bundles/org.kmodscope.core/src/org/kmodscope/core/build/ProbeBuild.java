/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.build.Diagnostic.Severity;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.process.HostCommand;

/**
 * Builds user-space probes with the host's compiler, statically, so that they run in a target that
 * has no library at all. A probe finds headers in its own directory, in {@code probes/} and at the
 * top of the project; the libraries it needs follow from the headers that it includes.
 */
public final class ProbeBuild {

    private static final List<String> FLAGS =
            List.of(
                    "-std=gnu11",
                    "-O2",
                    "-g",
                    "-Wall",
                    "-Wextra",
                    "-static",
                    "-pthread",
                    "-fdiagnostics-color=never");

    private static final Pattern INCLUDE =
            Pattern.compile("(?m)^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");

    /** Libraries by the header that a program includes to use them. */
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "libaio.h", "-laio",
                    "liburing.h", "-luring",
                    "aio.h", "-lrt",
                    "mqueue.h", "-lrt",
                    "pty.h", "-lutil",
                    "math.h", "-lm");

    private static final Map<String, String> PACKAGES =
            Map.of("libaio.h", "libaio-dev", "liburing.h", "liburing-dev");

    private static final String COMPILER = "gcc";

    private final CacheDirectory cache;

    /**
     * @param cache where records of builds are
     */
    public ProbeBuild(CacheDirectory cache) {
        this.cache = cache;
    }

    /**
     * Builds the probe if it is stale, to {@code build/probes/NAME} in its project. One that does
     * not compile is a result without a program.
     *
     * @param output takes each line that the compiler prints, on a thread of the build's
     * @throws KmodscopeException MISSING when the compiler or a library is not on this machine,
     *     USAGE when the project has no such probe
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    public ProbeProgram build(ProbeSpec spec, Consumer<String> output, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return build(spec, Optional.empty(), output, monitor);
    }

    /**
     * As {@link #build(ProbeSpec, Consumer, IProgressMonitor)}, for another kind of processor: to
     * {@code build/probes-ARCH/NAME}.
     */
    public ProbeProgram build(
            ProbeSpec spec,
            Optional<CrossBuild> cross,
            Consumer<String> output,
            IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<Path> sources = spec.sources();
        String compiler = cross.map(CrossBuild::compiler).orElse(COMPILER);
        String place = cross.map(other -> "probes-" + other.arch()).orElse("probes");
        String key = Sha256.of(spec.project().toString(), place, spec.name()).substring(0, 24);
        Path directory = cache.directory("builds", key);
        Path target = spec.project().resolve("build").resolve(place);
        try (CacheDirectory.Locked lock = cache.lock(directory.resolve("lock"), monitor)) {
            monitor.subTask("Building the probe " + spec.name());
            Set<String> included = new TreeSet<>();
            String digest = digest(spec, sources, included);
            String options = Sha256.of(compiler, String.join(" ", FLAGS));
            Path record = directory.resolve("record.properties");
            Optional<BuildRecord> last = BuildRecord.read(record);
            if (last.isPresent() && last.get().holds(digest, options, target)) {
                return new ProbeProgram(
                        Optional.of(target.resolve(spec.name())),
                        parse(spec, Files.readAllLines(directory.resolve("build.log"))),
                        true);
            }
            Files.deleteIfExists(record);
            List<String> said = new ArrayList<>();
            Path made = directory.resolve("probe");
            int exit =
                    HostCommand.of(argv(compiler, spec, sources, included, made))
                            .in(spec.project())
                            .without("GCC_COLORS", "CPATH", "LIBRARY_PATH", "C_INCLUDE_PATH")
                            .providedBy(MissingTool.packageOf(compiler))
                            .merged()
                            .run(
                                    (channel, line) -> {
                                        said.add(line);
                                        output.accept(line);
                                    },
                                    monitor);
            Files.write(directory.resolve("build.log"), said);
            List<Diagnostic> diagnostics = parse(spec, said);
            if (exit != 0) {
                Files.deleteIfExists(target.resolve(spec.name()));
                return new ProbeProgram(
                        Optional.empty(), explained(diagnostics, compiler, exit), false);
            }
            Path program = publish(made, target, spec.name());
            Map<String, String> products =
                    Map.of(spec.name(), Sha256.of(Files.readAllBytes(program)));
            new BuildRecord(digest, options, diagnostics.isEmpty(), spec.name(), products)
                    .write(record);
            return new ProbeProgram(Optional.of(program), diagnostics, false);
        } catch (IOException e) {
            throw BuildRecord.storage(directory, e);
        }
    }

    private static List<String> argv(
            String compiler, ProbeSpec spec, List<Path> sources, Set<String> included, Path made) {
        List<String> argv = new ArrayList<>();
        argv.add(compiler);
        argv.addAll(FLAGS);
        argv.add("-I.");
        argv.add("-Iprobes");
        argv.add("-o");
        argv.add(made.toString());
        // Relative names, so that messages name files as the user does.
        sources.forEach(source -> argv.add(spec.project().relativize(source).toString()));
        Set<String> libraries = new LinkedHashSet<>();
        included.forEach(
                header -> {
                    String library = LIBRARIES.get(header);
                    if (library != null) {
                        libraries.add(library);
                    }
                });
        argv.addAll(libraries);
        return argv;
    }

    private static Path publish(Path made, Path target, String name) throws IOException {
        Files.createDirectories(target);
        Path fresh = target.resolve("." + name + ".new");
        Files.copy(made, fresh, StandardCopyOption.REPLACE_EXISTING);
        return Files.move(
                fresh,
                target.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<Diagnostic> parse(ProbeSpec spec, List<String> said) {
        DiagnosticParser parser = new DiagnosticParser(new Naming(spec.project(), spec.project()));
        said.forEach(parser::line);
        return parser.diagnostics();
    }

    /** Adds what to install where a header of a library is not there. */
    private static List<Diagnostic> explained(
            List<Diagnostic> diagnostics, String compiler, int exit) {
        List<Diagnostic> all = new ArrayList<>(diagnostics);
        for (Diagnostic one : diagnostics) {
            PACKAGES.forEach(
                    (header, name) -> {
                        if (one.text().startsWith(header + ": No such file")) {
                            all.add(
                                    new Diagnostic(
                                            one.file(),
                                            one.line(),
                                            0,
                                            Severity.NOTE,
                                            "install it: sudo apt install " + name));
                        }
                    });
        }
        if (all.stream().noneMatch(one -> one.severity() == Severity.ERROR)) {
            all.add(
                    new Diagnostic(
                            "",
                            0,
                            0,
                            Severity.ERROR,
                            compiler + " ended with status " + exit + " and did not say why"));
        }
        return all;
    }

    /** Of the probe's sources and of every header that they may see; collects what they include. */
    private static String digest(ProbeSpec spec, List<Path> sources, Set<String> included)
            throws IOException {
        Set<Path> files = new TreeSet<>(sources);
        Path probes = spec.project().resolve("probes");
        for (Path place : List.of(spec.project(), probes, probes.resolve(spec.name()))) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> children = Files.list(place)) {
                    children.filter(child -> child.toString().endsWith(".h"))
                            .filter(Files::isRegularFile)
                            .forEach(files::add);
                }
            }
        }
        MessageDigest digest = Sha256.digest();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            digest.update((file.toString() + '\0').getBytes(StandardCharsets.UTF_8));
            digest.update(content);
            Matcher matcher = INCLUDE.matcher(new String(content, StandardCharsets.UTF_8));
            while (sources.contains(file) && matcher.find()) {
                included.add(matcher.group(1));
            }
        }
        return Sha256.hex(digest);
    }
}
