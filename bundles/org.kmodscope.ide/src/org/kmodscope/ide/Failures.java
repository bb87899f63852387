/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide;

import java.lang.reflect.InvocationTargetException;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.MultiStatus;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.Status;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;

/** The one place where the IDE turns what went wrong into an {@link IStatus}. */
public final class Failures {

    private static final String BUNDLE = "org.kmodscope.ide";

    private Failures() {}

    /**
     * The status of a failed action. A cancelled one is {@link Status#CANCEL_STATUS}: it is not an
     * error. What a user can do about a failure is the status' child, so that a dialog shows it
     * below the message.
     *
     * @param action what was being done, for failures that do not say so themselves, such as {@code
     *     "Build globalfifo"}
     */
    public static IStatus status(String action, Throwable failure) {
        return switch (failure) {
            case OperationCanceledException e -> Status.CANCEL_STATUS;
            case InterruptedException e -> Status.CANCEL_STATUS;
            case InvocationTargetException e when e.getCause() instanceof Throwable cause ->
                    status(action, cause);
            case KmodscopeException e -> explained(e);
            case CoreException e -> e.getStatus();
            default -> Status.error(action + " failed unexpectedly: " + failure, failure);
        };
    }

    private static IStatus explained(KmodscopeException failure) {
        var message = String.valueOf(failure.getMessage());
        int code = failure.kind().ordinal();
        if (failure.remedy().isEmpty()) {
            return new Status(IStatus.ERROR, BUNDLE, code, message, failure.getCause());
        }
        var remedy = new Status(IStatus.INFO, BUNDLE, code, failure.remedy(), null);
        return new Explained(code, message, remedy, failure.getCause());
    }

    /** An error whose child is advice: a MultiStatus alone would take the advice's severity. */
    private static final class Explained extends MultiStatus {

        Explained(int code, String message, IStatus remedy, @Nullable Throwable cause) {
            super(BUNDLE, code, new IStatus[] {remedy}, message, cause);
            setSeverity(IStatus.ERROR);
        }
    }
}
