/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord.Trouble;

/**
 * A job whose result goes into the history, failures included: the view of results tells them, so
 * that no dialog does. A cancel interrupts it.
 */
abstract class RunJob extends Job implements RunHistory.Activity {

    private final RunHistory history;
    private volatile String phase = "";

    RunJob(String name, RunHistory history) {
        super(name);
        this.history = history;
        setPriority(Job.LONG);
        setUser(false);
    }

    /** Does it, and keeps what came of it. */
    abstract void work(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, CoreException;

    /** Keeps why nothing came of it. */
    abstract void failed(Trouble trouble);

    final RunHistory history() {
        return history;
    }

    @Override
    public final String title() {
        return getName();
    }

    @Override
    public final String phase() {
        return phase;
    }

    /** Tells what is under way. */
    final void begin(String what) {
        phase = what;
        history.changed();
    }

    @Override
    public final void stop() {
        cancel();
    }

    @Override
    protected final IStatus run(@Nullable IProgressMonitor monitor) {
        history.began(this);
        try {
            work(monitor == null ? new NullProgressMonitor() : monitor);
            return Status.OK_STATUS;
        } catch (OperationCanceledException | InterruptedException stopped) {
            failed(Trouble.STOPPED);
            return Status.CANCEL_STATUS;
        } catch (KmodscopeException failure) {
            failed(Trouble.of(failure));
            return Status.OK_STATUS;
        } catch (CoreException failure) {
            return Failures.status(getName(), failure);
        } finally {
            history.ended(this);
            // The interrupt of a late cancel must not reach the pool's next job.
            Thread.interrupted();
        }
    }

    @Override
    protected final void canceling() {
        Thread worker = getThread();
        if (worker != null) {
            worker.interrupt();
        }
    }
}
