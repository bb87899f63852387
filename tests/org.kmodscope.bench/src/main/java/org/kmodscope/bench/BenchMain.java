/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./kmodscope bench}: the report on standard output, all else on standard error. */
@Command(
        name = "kmodscope bench",
        description = {
            "Measures the bridge, the hand-off and the model of kmodscope against their budgets,"
                    + " beside C programs that it compiles, all in one run. Leave the machine alone"
                    + " meanwhile: some minutes.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all budgets are kept",
            "1:a budget was missed",
            "2:wrong usage",
            "3:the machine lacks something",
            "130:interrupted"
        })
final class BenchMain implements Callable<Integer> {

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Write the report as Markdown, too.")
    private Optional<Path> markdown = Optional.empty();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to make the file that is read; on a local disk. Default: /var/tmp")
    private Path place = Path.of("/var/tmp");

    @Option(
            names = "--quick",
            description =
                    "Shows in a minute or two that all works; too short to trust the figures.")
    private boolean quick;

    @Option(names = "--quiet", description = "Say nothing but errors beside the report.")
    private boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and exit.")
    private boolean help;

    private final PrintStream out;
    private final PrintStream err;

    private BenchMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs it and exits with one of the codes that its help lists. */
    public static void main(String[] args) {
        BenchMain bench = new BenchMain(System.out, System.err);
        CommandLine line = new CommandLine(bench);
        line.setExecutionExceptionHandler((failure, command, result) -> bench.failed(failure));
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        for (Path file : Stream.concat(json.stream(), markdown.stream()).toList()) {
            if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
                throw new KmodscopeException(
                        Kind.USAGE,
                        "There is no directory for " + file + ".",
                        "Make it, or name a file elsewhere.");
            }
        }
        Machine machine = Machine.whenQuiet(this::say);
        machine.tooBusy().ifPresent(this::say);
        Path directory = Files.createTempDirectory(place, "kmodscope-bench");
        Thread interrupted = new Thread(() -> delete(directory), "bench-interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            return measure(machine, directory);
        } finally {
            Runtime.getRuntime().removeShutdownHook(interrupted);
            delete(directory);
        }
    }

    private int measure(Machine machine, Path directory)
            throws KmodscopeException, InterruptedException, IOException {
        Benchmarks.Size size = quick ? Benchmarks.Size.QUICK : Benchmarks.Size.FULL;
        List<Row> rows = new Benchmarks(size, directory, this::say).run();
        Report report = new Report(machine.after(), quick, rows);
        out.print(report.text());
        out.flush();
        write(json, report.json());
        write(markdown, report.markdown());
        return report.ok() ? 0 : 1;
    }

    private void say(String text) {
        if (!quiet) {
            err.println("==> " + text);
        }
    }

    private int failed(Exception failure) {
        if (failure instanceof InterruptedException) {
            return 130;
        }
        err.println("kmodscope: " + failure.getMessage());
        if (failure instanceof KmodscopeException known) {
            if (!known.remedy().isEmpty()) {
                err.println("  " + known.remedy());
            }
            return switch (known.kind()) {
                case FAILED -> 1;
                case USAGE -> 2;
                case MISSING -> 3;
                case LAB -> 4;
            };
        }
        failure.printStackTrace(err);
        return 4;
    }

    private static void write(Optional<Path> file, String text) throws IOException {
        if (file.isPresent()) {
            Files.writeString(file.get(), text, StandardCharsets.UTF_8);
        }
    }

    private void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            err.println("kmodscope: " + directory + " is left behind: " + e.getMessage());
        }
    }
}
