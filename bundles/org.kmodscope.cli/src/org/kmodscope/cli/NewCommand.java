/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.kmodscope.cli.internal.terminal.Quantity;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.CiSystem;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.core.driver.TemplateRenderer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code new}: scaffolds a driver project. */
@Command(name = "new", description = "Scaffolds a driver project.")
final class NewCommand implements Callable<Integer> {

    private final Tool tool;

    @Parameters(paramLabel = "DIR", description = "Where to create it; must not exist or be empty.")
    private Path directory = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            required = true,
            description = "The module's name: NAME.ko, and the device node /dev/NAME.")
    private String name = "";

    @Option(
            names = "--template",
            paramLabel = "TEMPLATE",
            defaultValue = "globalfifo",
            description = "The driver to start from: globalfifo (default), sampler or nullzero.")
    private String template = "";

    @Option(
            names = "--features",
            paramLabel = "LIST",
            description =
                    "What the driver can do, such as fasync,poll,aio=none; default: all that"
                            + " the template has by default.")
    private Optional<String> features = Optional.empty();

    @Option(
            names = "--kernel-min",
            paramLabel = "VERSION",
            description = "The oldest kernel it has to build for.")
    private Optional<String> kernelMin = Optional.empty();

    @Option(
            names = "--probes",
            paramLabel = "LIST",
            description = "The user-space probes to add, or none; default: those that fit.")
    private Optional<String> probes = Optional.empty();

    @Option(names = "--author", paramLabel = "TEXT", description = "For MODULE_AUTHOR.")
    private Optional<String> author = Optional.empty();

    @Option(
            names = "--license",
            paramLabel = "SPDX",
            description = "The SPDX expression, such as GPL-2.0.")
    private Optional<String> licence = Optional.empty();

    @Option(
            names = "--ci",
            paramLabel = "SYSTEM",
            description = "Add a workflow file that runs the matrix: github or gitlab.")
    private Optional<String> ci = Optional.empty();

    NewCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws KmodscopeException {
        Optional<CiSystem> system =
                ci.isPresent() ? Optional.of(system(ci.get())) : Optional.empty();
        TemplateRenderer renderer = tool.parts().templates();
        DriverSpec.Builder spec = renderer.begin(template, name);
        if (features.isPresent()) {
            spec.features(renderer.parse(template, features.get()));
        }
        kernelMin.ifPresent(spec::kernelMin);
        author.ifPresent(spec::author);
        licence.ifPresent(spec::licence);
        probes.ifPresent(
                list -> spec.probes(list.equals("none") ? List.of() : List.of(list.split(","))));
        GeneratedTree tree = renderer.render(spec.build());
        if (system.isPresent()) {
            tree = tree.with(system.get().path(), renderer.workflow(system.get()));
        }
        tree.writeTo(directory);
        announce(tree);
        return Exit.SUCCESS.code();
    }

    /** The CI system of that name. */
    static CiSystem system(String word) throws KmodscopeException {
        return CiSystem.parse(word)
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.USAGE,
                                        "There is no workflow file for \"" + word + "\".",
                                        "Say github or gitlab; elsewhere, run kmodscope matrix."));
    }

    private void announce(GeneratedTree tree) {
        Terminal terminal = tool.terminal();
        for (String path : tree.paths()) {
            String size = Quantity.bytes(tree.bytes(path).orElseThrow().length);
            terminal.data(String.format("  %8s  %s", size, directory.resolve(path)));
        }
        terminal.message(
                "Made the driver " + name + " in " + directory + ". Next, run it in a lab:");
        terminal.message(
                terminal.errFace().paint(Style.COMMAND, "  kmodscope watch " + quoted(directory)));
    }

    /** As a shell has to read it. */
    static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./+:@%,=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
