/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.cli.internal.terminal.Question;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.AsRoot;
import org.kmodscope.core.target.PrivilegedLoader;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code local}: what running drivers in this machine's own kernel needs. */
@Command(
        name = "local",
        description = {
            "Prepares this machine for --target local, which loads drivers into its own kernel.%n",
            "Modules are loaded by a small helper that runs as root, started by pkexec or sudo for"
                    + " each module. It takes modules of the calling user's own and unloads only"
                    + " what that user loaded with it. All else is done as yourself."
        })
final class LocalCommand implements Callable<Integer> {

    private final Tool tool;

    @ArgGroup(exclusive = true)
    private Change change = new Change();

    @Option(
            names = {"-y", "--yes"},
            description = "Do it without asking.")
    private boolean yes;

    LocalCommand(Tool tool) {
        this.tool = tool;
    }

    /** At most one change at a time. */
    static final class Change {

        @Option(names = "--install", description = "Compile the helper and install it, as root.")
        boolean install;

        @Option(names = "--remove", description = "Remove the helper, as root.")
        boolean remove;
    }

    @Override
    public Integer call() throws KmodscopeException, InterruptedException {
        PrivilegedLoader helper = tool.parts().local();
        if (change.install) {
            carryOut(
                    "The helper is compiled. These commands put it where only root can change it:",
                    helper.installation(new NullProgressMonitor()));
        } else if (change.remove) {
            carryOut("These commands remove the helper:", helper.removal());
        }
        tool.terminal()
                .data(
                        helper.isInstalled()
                                ? "The helper is installed: " + helper.place()
                                : "The helper is not installed: there is no " + helper.place());
        return Exit.SUCCESS.code();
    }

    private void carryOut(String what, List<List<String>> commands)
            throws KmodscopeException, InterruptedException {
        AsRoot root =
                AsRoot.onTerminal()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                Kind.MISSING,
                                                "There is neither sudo nor pkexec to become root"
                                                        + " with.",
                                                "Run this as root: kmodscope local --install"));
        Terminal terminal = tool.terminal();
        terminal.message(what);
        commands.forEach(argv -> terminal.message("  " + String.join(" ", root.command(argv))));
        if (!yes) {
            Optional<Boolean> answer = Question.console(terminal).ask("Run them now?");
            if (!answer.orElse(false)) {
                throw new KmodscopeException(
                        Kind.USAGE,
                        "Nothing was changed.",
                        "Run the commands above yourself"
                                + (answer.isPresent() ? "." : ", or say --yes."));
            }
        }
        root.run(commands, new NullProgressMonitor());
    }
}
