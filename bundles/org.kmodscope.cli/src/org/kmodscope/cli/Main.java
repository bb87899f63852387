/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.Map;
import org.kmodscope.cli.internal.terminal.Face;
import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Terminal;

/** Where the process starts. */
public final class Main {

    private Main() {}

    /**
     * Runs the command that the arguments name, and exits with its code.
     *
     * @param arguments as typed after {@code kmodscope}
     */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Interruption interruption =
                new Interruption(
                        Thread.currentThread(), () -> Runtime.getRuntime().halt(Interruption.EXIT));
        interruption.listen();
        Terminal terminal =
                new Terminal(
                        System.out,
                        Face.of(1, System.out.charset(), environment),
                        System.err,
                        Face.of(2, System.err.charset(), environment));
        Composition composition =
                new Composition(
                        environment,
                        new TerminalPrompt(terminal),
                        failure -> terminal.warning(failure.getMessage() + " " + failure.remedy()));
        Tool tool = new Tool(terminal, interruption, composition);
        System.exit(new CommandLineTool(tool).run(arguments));
    }
}
