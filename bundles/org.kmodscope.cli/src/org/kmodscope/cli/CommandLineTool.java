/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** All commands, and what running one of them returns. */
final class CommandLineTool {

    private final Tool tool;
    private final Failures failures;
    private final KmodscopeCommand top;
    private final CommandLine commands;

    CommandLineTool(Tool tool) {
        this.tool = tool;
        failures = new Failures(tool.terminal(), tool.interruption());
        top = new KmodscopeCommand(tool);
        commands = new CommandLine(top);
        commands.addSubcommand(new NewCommand(tool));
        commands.addSubcommand(new BuildCommand(tool));
        commands.addSubcommand(new ProbeCommand(tool));
        commands.addSubcommand(new WatchCommand(tool));
        commands.addSubcommand(new MatrixCommand(tool));
        commands.addSubcommand(new KernelsCommand(tool));
        commands.addSubcommand(new LocalCommand(tool));
        commands.addSubcommand(new BenchCommand());
        commands.addSubcommand(new DoctorCommand(tool));
        commands.addSubcommand(new DemoCommand(tool));
        // After the subcommands: these settings are handed down to those that are there.
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setUsageHelpAutoWidth(false);
        commands.setOut(tool.terminal().pages());
        commands.setExecutionStrategy(this::execute);
        commands.setParameterExceptionHandler((wrong, args) -> failures.report(wrong));
        commands.setExecutionExceptionHandler(
                (failure, command, result) -> failures.report(failure));
    }

    /** Runs one command line. */
    int run(String... arguments) {
        try {
            return commands.execute(arguments);
        } catch (RuntimeException | Error broken) {
            return failures.report(broken);
        }
    }

    private int execute(ParseResult result) {
        top.apply();
        Ansi ansi = tool.terminal().outFace().colour() ? Ansi.ON : Ansi.OFF;
        commands.setColorScheme(Help.defaultColorScheme(ansi));
        return new RunLast().execute(result);
    }
}
