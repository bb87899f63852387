/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.cli.internal.terminal.Terminal.Verbosity;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command above all others: it only holds the options that hold everywhere. */
@Command(
        name = "kmodscope",
        versionProvider = KmodscopeCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Scaffolds, builds and loads asynchronous Linux character drivers in a lab where they"
                    + " can do no harm, and shows live what they signal and complete.%n"
        },
        footer = {
            "",
            "From a checkout there are also `kmodscope ide` (the Eclipse workbench) and",
            "`kmodscope test` (all that CI runs).",
            "",
            "Start with: kmodscope demo"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:success",
            "  1:the thing examined failed (build, load, probe)",
            "  2:wrong usage",
            "  3:the machine lacks something; the message says what to install",
            "  4:the lab, or kmodscope itself, broke",
            "130:interrupted"
        })
final class KmodscopeCommand implements Runnable {

    private final Tool tool;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            description = "Say nothing but errors beside the data.")
    private boolean quiet;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Say what is run, and where an error came from.")
    private boolean verbose;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "Use no colours.")
    private boolean noColour;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this and exit.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version and exit.")
    private boolean version;

    KmodscopeCommand(Tool tool) {
        this.tool = tool;
    }

    /** The options as the terminal needs them; called once all are parsed. */
    void apply() {
        if (quiet && verbose) {
            throw new ParameterException(
                    spec.commandLine(), "--quiet and --verbose exclude each other");
        }
        Verbosity verbosity =
                quiet ? Verbosity.QUIET : verbose ? Verbosity.VERBOSE : Verbosity.NORMAL;
        Terminal terminal = tool.terminal();
        terminal.configure(verbosity, !noColour);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** The version of the bundle, where it comes from a jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            Package own = KmodscopeCommand.class.getPackage();
            String version = own.getImplementationVersion();
            return new String[] {
                "kmodscope " + (version == null ? "(built from source)" : version),
                "Java " + Runtime.version(),
                "picocli " + CommandLine.VERSION
            };
        }
    }
}
