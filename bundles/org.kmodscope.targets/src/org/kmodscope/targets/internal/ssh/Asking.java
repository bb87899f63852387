/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * connection. A server that waits for an answer gives the connection up before long
 * (sshd_config(5), LoginGraceTime), and then what was answered is for the {@linkplain #next next}
 * one.
 */
// The library takes null for an answer.
@NonNullByDefault({})
final class Asking implements UserInteraction, FilePasswordProvider {

    private static final int PASSPHRASE_TRIES = 3;
    private static final Pattern ASKS_FOR_PASSWORD =
            Pattern.compile("(?i)(\\S+'s )?password[^?]{0,40}:?");

    private final Prompt prompt;
    private final String account;

    /** What was given on the connection before this one, by its identifier; each is taken once. */
    private final Map<String, String> kept;

    /** What was given on this one: being asked again means that it was refused. */
    private final Map<String, String> given = new HashMap<>();

    private Thread asking;
    private boolean answered;
    private boolean gavePassword;
    private boolean givenUp;

    /**
     * @param account {@code USER@HOST} or {@code USER@HOST:PORT}
     */
    Asking(Prompt prompt, String account) {
        this(prompt, account, Map.of());
    }

    private Asking(Prompt prompt, String account, Map<String, String> kept) {
        this.prompt = prompt;
        this.account = account;
        this.kept = new HashMap<>(kept);
    }

    /**
     * The questions of the next connection, when this one broke after the user answered: what was
     * given is not asked for again. Empty when the user answered nothing here, and so another one
     * would break for the same reason.
     */
    synchronized Optional<Asking> next() {
        return answered ? Optional.of(new Asking(prompt, account, given)) : Optional.empty();
    }

    /** The user was let in: secrets need not be kept any more. */
    synchronized void forget() {
        kept.clear();
        given.clear();
    }

    /** Whether a password was given, so that a refusal is one of it. */
    synchronized boolean gavePassword() {
        return gavePassword;
    }

    /** Whether the user is being asked. */
    synchronized boolean open() {
        return asking != null;
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
        return orNull(secret(new Prompt.Secret("key " + key.getName(), text, tries > 0)));
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
            again = given.containsKey(id);
        }
        Optional<String> password = secret(new Prompt.Secret(id, text, again));
        synchronized (this) {
            gavePassword |= password.isPresent();
        }
        return password;
    }

    private Optional<String> secret(Prompt.Secret wanted) {
        Optional<String> secret;
        synchronized (this) {
            secret = Optional.ofNullable(kept.remove(wanted.id()));
        }
        if (secret.isEmpty()) {
            secret = ask(() -> prompt.secret(wanted));
        }
        synchronized (this) {
            secret.ifPresent(text -> given.put(wanted.id(), text));
        }
        return secret;
    }

    private <T> Optional<T> ask(Supplier<Optional<T>> question) {
        synchronized (this) {
            if (givenUp) {
                return Optional.empty();
            }
            asking = Thread.currentThread();
        }
        try {
            Optional<T> answer = question.get();
            synchronized (this) {
                answered |= answer.isPresent();
            }
            return answer;
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
