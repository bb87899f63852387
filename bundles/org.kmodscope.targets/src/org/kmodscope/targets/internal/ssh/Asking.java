/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.ssh;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.session.SessionContext;
import org.eclipse.jdt.annotation.NonNullByDefault;
import org.kmodscope.core.target.Prompt;

/** Passwords and passphrases for one connection, from whoever can be asked. */
// The library takes null for an answer.
@NonNullByDefault({})
final class Asking implements UserInteraction, FilePasswordProvider {

    private static final int PASSPHRASE_TRIES = 3;

    private final Prompt prompt;
    private final String account;
    private final AtomicInteger passwords = new AtomicInteger();

    /**
     * @param account {@code USER@HOST} or {@code USER@HOST:PORT}
     */
    Asking(Prompt prompt, String account) {
        this.prompt = prompt;
        this.account = account;
    }

    /** Whether a password was given, so that a refusal is one of it. */
    boolean gavePassword() {
        return passwords.get() > 0;
    }

    @Override
    public String resolveAuthPasswordAttempt(ClientSession session) {
        return orNull(password("Password of " + account));
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
            String text = account + ": " + questions[i].strip();
            Optional<String> answer = password(text.endsWith(":") ? chopped(text) : text);
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
        return orNull(prompt.secret(new Prompt.Secret("key " + key.getName(), text, tries > 0)));
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
                : tries + 1 < PASSPHRASE_TRIES
                        ? ResourceDecodeResult.RETRY
                        : ResourceDecodeResult.IGNORE;
    }

    private Optional<String> password(String text) {
        boolean again = passwords.get() > 0;
        Optional<String> answer = prompt.secret(new Prompt.Secret("ssh " + account, text, again));
        answer.ifPresent(given -> passwords.incrementAndGet());
        return answer;
    }

    private static String orNull(Optional<String> answer) {
        return answer.isPresent() ? answer.get() : null;
    }

    private static String chopped(String text) {
        return text.substring(0, text.length() - 1);
    }
}
