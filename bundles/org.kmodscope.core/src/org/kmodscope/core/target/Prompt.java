/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.util.Optional;

/**
 * Asks the user what only the user knows, while a target is opened. Called on a thread of the
 * target's, which waits for the answer.
 */
public interface Prompt {

    /** Where nobody can be asked: nothing is accepted, no secret is known. */
    Prompt NOBODY =
            new Prompt() {
                @Override
                public boolean accept(String question) {
                    return false;
                }

                @Override
                public Optional<String> secret(Secret wanted) {
                    return Optional.empty();
                }
            };

    /**
     * Whether the user agrees.
     *
     * @param question some lines that end with a question
     */
    boolean accept(String question);

    /** What the user enters; empty when nothing. */
    Optional<String> secret(Secret wanted);

    /**
     * A password or the like.
     *
     * @param id the same for the same secret, to keep it by where that is safe
     * @param text what to ask for, such as {@code Password of root@pi}
     * @param again whether the one that was given last was wrong
     */
    record Secret(String id, String text, boolean again) {}
}
