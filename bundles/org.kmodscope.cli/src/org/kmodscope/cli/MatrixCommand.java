/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.driver.CiSystem;
import org.kmodscope.core.matrix.Matrix;
import org.kmodscope.core.matrix.MatrixReport;
import org.kmodscope.core.matrix.MatrixRequest;
import org.kmodscope.core.matrix.MatrixVerdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code matrix}: the driver on several kernels. */
@Command(
        name = "matrix",
        description =
                "Builds the driver for several kernels, loads it on each in a lab, runs its probes,"
                        + " unloads it, and loads and unloads it again; a table on standard"
                        + " output.")
final class MatrixCommand implements Callable<Integer> {

    private static final Pattern SHARD = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

    private final Tool tool;

    @Parameters(paramLabel = "DIR", description = "The project.")
    private Path directory = Path.of("");

    @Option(
            names = "--kernels",
            paramLabel = "ID",
            split = ",",
            description = "Kernels of `kmodscope kernels`; default: all Debian kernels.")
    private List<String> kernels = List.of();

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "Only the I-th of N shares of the kernels, for N machines of a CI.")
    private Optional<String> shard = Optional.empty();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Run all probes N times on each kernel, with the driver loaded anew each time;"
                            + " default 1.")
    private int repeats = 1;

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Also write the results as JUnit XML, one suite per kernel.")
    private Optional<Path> junit = Optional.empty();

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also write the table, and what failed, as Markdown.")
    private Optional<Path> markdown = Optional.empty();

    @Option(
            names = "--write-ci",
            paramLabel = "SYSTEM",
            description = "Only write a workflow file into the project: github or gitlab.")
    private Optional<String> ci = Optional.empty();

    MatrixCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        for (Path file : List.of(junit, markdown).stream().flatMap(Optional::stream).toList()) {
            OutputFile.check(file);
        }
        if (repeats < 1 || repeats > MatrixRequest.MOST_REPEATS) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "--repeat " + repeats + " is not possible.",
                    "Give a number from 1 to " + MatrixRequest.MOST_REPEATS + ".");
        }
        Share share = shard.isPresent() ? Share.parse(shard.get()) : Share.ALL;
        Optional<CiSystem> system =
                ci.isPresent() ? Optional.of(NewCommand.system(ci.get())) : Optional.empty();
        Project project = Project.open(directory);
        if (system.isPresent()) {
            return writeWorkflow(project, system.get());
        }
        Parts parts = tool.parts();
        Matrix matrix =
                new Matrix(
                        parts.kernels(),
                        parts.modules(),
                        parts.sparse(),
                        parts.probes(),
                        parts.target(),
                        parts.checkpatch(),
                        new LabPasses(parts.cache()));
        MatrixRequest whole =
                new MatrixRequest(
                        project.directory(), kernels.isEmpty() ? matrix.defaultKernels() : kernels);
        MatrixRequest request = whole.repeated(repeats).shard(share.index(), share.count());
        MatrixReport report;
        try (MatrixDisplay display = new MatrixDisplay(tool.terminal(), request.kernels())) {
            report = matrix.run(request, display, new Cancelled(tool));
        }
        MatrixTable table = new MatrixTable(tool.terminal().outFace());
        table.end(report, directory).forEach(tool.terminal()::data);
        table.faults(report).forEach(tool.terminal()::message);
        write(report, project.directory());
        return exit(report.verdict()).code();
    }

    /** What is there may be the user's own work and is never replaced. */
    private int writeWorkflow(Project project, CiSystem system) throws KmodscopeException {
        Path file = project.directory().resolve(system.path());
        byte[] content = tool.parts().templates().workflow(system);
        try {
            Files.createDirectories(file.resolveSibling(""));
            Files.write(file, content, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException there) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The project has a file " + system.path() + " already.",
                    "Move it out of the way, or add to it what --write-ci would write into another"
                            + " project.",
                    there);
        } catch (IOException failure) {
            throw OutputFile.cannotBeWritten(file, failure);
        }
        tool.terminal().message("Wrote " + file);
        return Exit.SUCCESS.code();
    }

    private void write(MatrixReport report, Path project) throws KmodscopeException {
        if (junit.isPresent()) {
            try {
                report.writeJUnit(junit.get());
            } catch (IOException failure) {
                throw OutputFile.cannotBeWritten(junit.get(), failure);
            }
        }
        if (markdown.isPresent()) {
            try {
                byte[] text = report.markdown(project).getBytes(StandardCharsets.UTF_8);
                Files.write(markdown.get(), text);
            } catch (IOException failure) {
                throw OutputFile.cannotBeWritten(markdown.get(), failure);
            }
        }
    }

    private static Exit exit(MatrixVerdict verdict) {
        return switch (verdict) {
            case PASSED, SKIPPED -> Exit.SUCCESS;
            case MISSING -> Exit.MISSING;
            case BROKEN -> Exit.BROKEN;
            case FAILED -> Exit.FAILED;
        };
    }

    /** Which part of the kernels is this machine's. */
    private record Share(int index, int count) {

        static final Share ALL = new Share(1, 1);

        static Share parse(String text) throws KmodscopeException {
            Matcher matcher = SHARD.matcher(text);
            if (matcher.matches()) {
                int index = Integer.parseInt(matcher.group(1));
                int count = Integer.parseInt(matcher.group(2));
                if (index >= 1 && index <= count) {
                    return new Share(index, count);
                }
            }
            throw new KmodscopeException(
                    Kind.USAGE,
                    "\"" + text + "\" is no share of the kernels.",
                    "Say which of how many, such as --shard 1/5 and so on to --shard 5/5.");
        }
    }

    /** Cancelled by Ctrl-C; what is done is told by the display. */
    private static final class Cancelled extends NullProgressMonitor {

        private final Tool tool;

        Cancelled(Tool tool) {
            this.tool = tool;
        }

        @Override
        public boolean isCanceled() {
            return super.isCanceled() || tool.interruption().isCancelled();
        }
    }
}
