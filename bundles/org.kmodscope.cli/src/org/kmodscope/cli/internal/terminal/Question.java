/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Locale;
import java.util.Optional;

/** Asks a person for a yes or a no. */
public final class Question {

    private final Terminal terminal;
    private final Optional<BufferedReader> answers;

    /**
     * @param answers what a person types; empty where there is none
     */
    public Question(Terminal terminal, Optional<BufferedReader> answers) {
        this.terminal = terminal;
        this.answers = answers;
    }

    /** One to whoever is at the terminal that this process reads from. */
    public static Question console(Terminal terminal) {
        return new Question(
                terminal,
                Face.leadsToTerminal(0)
                        ? Optional.of(new BufferedReader(new InputStreamReader(System.in)))
                        : Optional.empty());
    }

    /**
     * The answer, no unless it is yes; empty where nobody can be asked.
     *
     * @param text ends with a question mark
     */
    public Optional<Boolean> ask(String text) {
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        terminal.prompt(text + " [y/N] ");
        try {
            String answer = Optional.ofNullable(answers.get().readLine()).orElse("");
            return Optional.of(answer.strip().toLowerCase(Locale.ROOT).matches("y|yes"));
        } catch (IOException nobody) {
            return Optional.empty();
        }
    }
}
