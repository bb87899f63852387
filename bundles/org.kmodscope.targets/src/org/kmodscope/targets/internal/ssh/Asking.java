/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.session.SessionContext;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.kmodscope.core.target.Prompt;

/**
 * Questions of one connection, to whoever can be asked. When the user gives one up, so is the
 * connection.
 */
// The library takes null for an answer.
@NonNullByDefault({})
final class Asking implements UserInteraction, FilePasswordProvider {

    private static final int PASSPHRASE_TRIES = 3;
    private static final Pattern ASKS_FOR_PASSWORD =
            Pattern.compile("(?i)(\\S+'s )?password[^?]{0,40}:?");

    private final Prompt prompt;
    private final String account;

    /** What was given, by its identifier: being asked again means that it was refused. */
    private final Set<String> given = new HashSet<>();

    private Thread asking;
    private boolean givenUp;

    /**
     * @param account {@code USER@HOST} or {@code USER@HOST:PORT}
     */
    Asking(Prompt prompt, String account) {
        this.prompt = prompt;
        this.account = account;
    }

    /** Whether a password was given, so that a refusal is one of it. */
    synchronized boolean gavePassword() {
        return !given.isEmpty();
    }

    /** Whether the user gave up, or {@link #giveUp} was called. */
    synchronized boolean givenUp() {
        return givenUp;
    }

    /** Nobody waits for an answer any more. */
    synchronized void giveUp() {
        givenUp = true;
        if (asking != null) {
            asking.interrupt();
        }
    }

    /** For what the connection asks itself: {@link Prompt#accept}, no when given up. */
    boolean accept(Prompt.Question question) {
        return ask(() -> Optional.of(prompt.accept(question))).orElse(false);
    }

    @Override
    public String resolveAuthPasswordAttempt(ClientSession session) {
        return orNull(password("ssh " + account, "Password of " + account));
    }

    @Override
    public String[] interactive(
            ClientSession session,
            String name,
            String instruction,
            String language,
            String[] questions,
            boolean[] echo) {
        String[] answers = new String[questions.length];
        for (int i = 0; i < questions.length; i++) {
            String question = questions[i].strip();
            boolean password = ASKS_FOR_PASSWORD.matcher(question).matches();
            // Codes that are good for once come this way, too, and must not be taken for it.
            String id = "ssh " + account + (password ? "" : " " + question);
            Optional<String> answer =
                    password(id, account + ": " + question.replaceFirst(":$", ""));
            if (answer.isEmpty()) {
                return null;
            }
            answers[i] = answer.get();
        }
        return answers;
    }

    @Override
    public String getUpdatedPassword(ClientSession session, String text, String language) {
        return null;
    }

    @Override
    public String getPassword(SessionContext session, NamedResource key, int tries) {
        String text = "Passphrase of the key " + key.getName();
        Prompt.Secret wanted = new Prompt.Secret("key " + key.getName(), text, tries > 0);
        return orNull(ask(() -> prompt.secret(wanted)));
    }

    @Override
    public ResourceDecodeResult handleDecodeAttemptResult(
            SessionContext session,
            NamedResource key,
            int tries,
            String passphrase,
            Exception failure) {
        return failure == null
                ? ResourceDecodeResult.TERMINATE
                : tries + 1 < PASSPHRASE_TRIES && !givenUp()
                        ? ResourceDecodeResult.RETRY
                        : ResourceDecodeResult.IGNORE;
    }

    /** A password or a code; the one that was given before for the same was wrong. */
    private Optional<String> password(String id, String text) {
        boolean again;
        synchronized (this) {
            again = given.contains(id);
        }
        Optional<String> answer = ask(() -> prompt.secret(new Prompt.Secret(id, text, again)));
        if (answer.isPresent()) {
            synchronized (this) {
                given.add(id);
            }
        }
        return answer;
    }

    private <T> Optional<T> ask(Supplier<Optional<T>> question) {
        synchronized (this) {
            if (givenUp) {
                return Optional.empty();
            }
            asking = Thread.currentThread();
        }
        try {
            return question.get();
        } catch (OperationCanceledException cancelled) {
            synchronized (this) {
                givenUp = true;
            }
            return Optional.empty();
        } finally {
            synchronized (this) {
                asking = null;
                // Meant for the question that is answered: the library's thread goes on.
                Thread.interrupted();
            }
        }
    }

    private static String orNull(Optional<String> answer) {
        return answer.isPresent() ? answer.get() : null;
    }
}
