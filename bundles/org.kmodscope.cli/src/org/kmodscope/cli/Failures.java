/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes a message and an exit code. */
final class Failures {

    private final Terminal terminal;
    private final Interruption interruption;

    Failures(Terminal terminal, Interruption interruption) {
        this.terminal = terminal;
        this.interruption = interruption;
    }

    /** Says what went wrong and returns the exit code. */
    int report(Throwable failure) {
        // Whatever else broke while a command was being cancelled broke because of that.
        if (interruption.isCancelled()
                || failure instanceof OperationCanceledException
                || failure instanceof InterruptedException) {
            terminal.message("kmodscope: interrupted");
            return Exit.INTERRUPTED.code();
        }
        Exit exit =
                switch (failure) {
                    case KmodscopeException known -> known(known);
                    case ParameterException wrong -> usage(wrong);
                    case InvalidPathException wrong -> path(wrong);
                    default -> unexpected(failure);
                };
        detail(failure);
        return exit.code();
    }

    private Exit known(KmodscopeException failure) {
        terminal.error(text(failure), failure.remedy());
        return Exit.of(failure.kind());
    }

    private Exit usage(ParameterException wrong) {
        if (wrong.getCause() instanceof InvalidPathException path) {
            return path(path);
        }
        CommandLine command = wrong.getCommandLine();
        terminal.error(text(wrong), suggestion(wrong, command));
        return Exit.USAGE;
    }

    private static String suggestion(ParameterException wrong, CommandLine command) {
        String help = "See " + command.getCommandSpec().qualifiedName() + " --help.";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                return "Did you mean " + String.join(" or ", near) + "?\n" + help;
            }
        }
        return help;
    }

    private Exit path(InvalidPathException wrong) {
        terminal.error(
                "The path cannot be used: " + text(wrong),
                "Where it holds letters outside ASCII, the locale must have them: LC_ALL=C.UTF-8.");
        return Exit.USAGE;
    }

    private Exit unexpected(Throwable failure) {
        if (diskFull(failure)) {
            terminal.error(
                    "The disk is full: " + text(failure),
                    "Make room, for instance with kmodscope kernels --remove ID, and run this"
                            + " again; nothing half-made is used.");
            return Exit.MISSING;
        }
        terminal.error(
                "An error in kmodscope itself: " + failure,
                terminal.verbosity() == Terminal.Verbosity.VERBOSE
                        ? "Please report it with the lines below."
                        : "Run it again with --verbose and report what that prints.");
        return Exit.BROKEN;
    }

    private static boolean diskFull(Throwable failure) {
        return causes(failure).anyMatch(cause -> text(cause).contains("No space left on device"));
    }

    private void detail(Throwable failure) {
        if (failure instanceof ParameterException) {
            return;
        }
        StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        stack.toString().lines().forEach(terminal::detail);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        Stream.Builder<Throwable> causes = Stream.builder();
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes.build();
    }

    private static String text(Throwable failure) {
        return Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
    }
}
