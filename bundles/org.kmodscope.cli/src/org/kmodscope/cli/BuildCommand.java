/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelDirectory;
import org.kmodscope.core.kernel.KernelStore;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code build}: compiles the module. */
@Command(
        name = "build",
        description =
                "Builds the module; diagnostics on standard output as"
                        + " file:line:col: severity: text.")
final class BuildCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(paramLabel = "DIR", description = "The project.")
    private Path directory = Path.of("");

    @ArgGroup(exclusive = true)
    private Against against = new Against();

    @Option(names = "--cc", paramLabel = "CC", description = "The compiler, as make's CC=.")
    private Optional<String> compiler = Optional.empty();

    BuildCommand(Tool tool) {
        this.tool = tool;
    }

    /** What to build against. */
    static final class Against {

        @Option(
                names = "--kernel",
                paramLabel = "ID",
                description =
                        "A kernel of `kmodscope kernels`; default " + KernelStore.DEFAULT_ID + ".")
        Optional<String> kernel = Optional.empty();

        @Option(
                names = "--kdir",
                paramLabel = "PATH",
                description = "A configured kernel tree or headers, as make's -C.")
        Optional<Path> tree = Optional.empty();
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        Path project = Project.existing(directory);
        Steps steps = tool.steps();
        Kernel kernel =
                against.tree.isPresent()
                        ? ofDirectory(against.tree.get())
                        : new KernelSteps(tool, steps)
                                .require(against.kernel.orElse(KernelStore.DEFAULT_ID));
        Path module = new BuildSteps(tool, steps).module(project, kernel, compiler);
        tool.terminal().message("Built " + module);
        return Exit.SUCCESS.code();
    }

    private static Kernel ofDirectory(Path tree) throws KmodscopeException {
        KernelDirectory directory = KernelDirectory.read(tree);
        return directory.asKernel(directory.release());
    }
}
