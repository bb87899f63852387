/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core;

import java.util.Objects;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A failure a user can act on: what happened, and what to do about it.
 *
 * <p>It is the only checked exception of kmodscope. Its {@link Kind} is turned into an exit code by
 * the command line and into an {@code IStatus} by the IDE, each in one place. Cancellation is not a
 * failure: it is an {@link org.eclipse.core.runtime.OperationCanceledException} or an {@link
 * InterruptedException}.
 */
public final class KmodscopeException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What sort of failure this is; who has to act follows from it. */
    public enum Kind {
        /** The thing examined failed: a build, a load, a probe. */
        FAILED,
        /** The request makes no sense: a bad name, an unknown kernel, a missing directory. */
        USAGE,
        /** The machine lacks something; the remedy names what to install. */
        MISSING,
        /** The place the driver runs in broke: the kernel panicked, the lab vanished. */
        LAB
    }

    private final Kind kind;
    private final String remedy;

    /**
     * @param what one sentence that says what happened
     * @param remedy one sentence that says what to do; empty when there is nothing to do
     */
    public KmodscopeException(Kind kind, String what, String remedy) {
        this(kind, what, remedy, null);
    }

    /** As {@link #KmodscopeException(Kind, String, String)}, keeping the cause. */
    public KmodscopeException(Kind kind, String what, String remedy, @Nullable Throwable cause) {
        super(Objects.requireNonNull(what), cause);
        this.kind = Objects.requireNonNull(kind);
        this.remedy = Objects.requireNonNull(remedy);
    }

    /** What sort of failure this is. */
    public Kind kind() {
        return kind;
    }

    /** What to do about it, one sentence; may be empty. */
    public String remedy() {
        return remedy;
    }
}
