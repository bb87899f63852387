/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.function.Consumer;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.ide.Failures;

/**
 * One operation in the background. A failure goes to the owner, who shows it where the user looks,
 * in place of a dialog; cancelling also wakes what waits without looking at a monitor.
 */
final class ScopeJob extends Job {

    /** What is to be done. */
    @FunctionalInterface
    interface Work {
        void run(SubMonitor monitor) throws KmodscopeException, InterruptedException, CoreException;
    }

    private final Work work;
    private final Consumer<IStatus> failed;
    private final Runnable cancelled;

    ScopeJob(String name, Work work, Consumer<IStatus> failed) {
        this(name, work, failed, () -> {});
    }

    ScopeJob(String name, Work work, Consumer<IStatus> failed, Runnable cancelled) {
        super(name);
        this.work = work;
        this.failed = failed;
        this.cancelled = cancelled;
    }

    @Override
    protected IStatus run(@Nullable IProgressMonitor monitor) {
        SubMonitor progress = SubMonitor.convert(monitor, getName(), 100);
        try {
            work.run(progress);
            return Status.OK_STATUS;
        } catch (KmodscopeException
                | CoreException
                | InterruptedException
                | OperationCanceledException e) {
            IStatus status = Failures.status(getName(), e);
            if (status.getSeverity() == IStatus.CANCEL || progress.isCanceled()) {
                cancelled.run();
                return Status.CANCEL_STATUS;
            }
            failed.accept(status);
            // Told already: an error here would be told again by a dialog that is in the way.
            return Status.info(status.getMessage());
        } finally {
            // The interrupt of a late cancel must not reach the pool's next job.
            Thread.interrupted();
        }
    }

    @Override
    protected void canceling() {
        Thread worker = getThread();
        if (worker != null) {
            worker.interrupt();
        }
    }
}
