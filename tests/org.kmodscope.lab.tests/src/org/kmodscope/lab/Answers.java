/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.target.Prompt;

/** Who is asked: says what a test wants, and remembers what it was asked. */
final class Answers implements Prompt {

    /** The texts of the questions for yes or no. */
    final List<String> questions = new ArrayList<>();

    /** What secrets were asked for. */
    final List<Secret> wanted = new ArrayList<>();

    /** What is said to that, in turn. */
    final List<String> secrets = new ArrayList<>();

    /** What is said to questions. */
    boolean agree;

    /** What happens while a question is open. */
    Event meanwhile = () -> {};

    /** Something that happens. */
    interface Event {
        void happen() throws IOException;
    }

    /** How often something was asked. */
    int asked() {
        return questions.size() + wanted.size();
    }

    @Override
    public synchronized boolean accept(Question question) {
        questions.add(question.text());
        pass();
        return agree;
    }

    @Override
    public synchronized Optional<String> secret(Secret secret) {
        wanted.add(secret);
        pass();
        return secrets.isEmpty() ? Optional.empty() : Optional.of(secrets.removeFirst());
    }

    private void pass() {
        try {
            meanwhile.happen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
