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
                public boolean accept(Question question) {
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
     * @throws org.eclipse.core.runtime.OperationCanceledException when the user gives up what this
     *     is asked for, or the thread that waits for the answer was interrupted
     */
    boolean accept(Question question);

    /**
     * What the user enters; empty when nothing, which may be tried.
     *
     * @throws org.eclipse.core.runtime.OperationCanceledException as for {@link #accept}
     */
    Optional<String> secret(Secret wanted);

    /**
     * Something that is risky.
     *
     * @param title what it is about, in a word or two
     * @param text some lines that end with a question
     * @param agree what agreeing does, one word or two for a button, such as {@code Connect}
     */
    record Question(String title, String text, String agree) {}

    /**
     * A password or the like.
     *
     * @param id the same for the same secret, to keep it by where that is safe
     * @param text what to ask for, such as {@code Password of root@pi}
     * @param again whether the one that was given last was wrong
     */
    record Secret(String id, String text, boolean again) {}
}
