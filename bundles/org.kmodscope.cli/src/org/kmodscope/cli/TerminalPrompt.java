/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.target.Prompt;

/** Asks on the terminal that the command was started from; nobody where there is none. */
final class TerminalPrompt implements Prompt {

    private final Terminal terminal;

    TerminalPrompt(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public boolean accept(Question question) {
        terminal.status("");
        return console()
                .map(console -> console.readLine("%s [yes/no] ", question.text()))
                .map(answer -> answer.strip().toLowerCase(Locale.ROOT))
                .filter("yes"::equals)
                .isPresent();
    }

    @Override
    public Optional<String> secret(Secret wanted) {
        terminal.status("");
        String again = wanted.again() ? "That was not it. " : "";
        return console()
                .map(console -> console.readPassword("%s%s: ", again, wanted.text()))
                .map(String::new)
                .filter(secret -> !secret.isEmpty());
    }

    private Optional<Console> console() {
        return Optional.ofNullable(System.console()).filter(console -> terminal.errFace().tty());
    }
}
