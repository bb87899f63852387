/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.kernel;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.ProgressMonitorWrapper;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.ide.Failures;

/**
 * Fetches or removes one kernel. It belongs to the workbench, not to the page that started it: a
 * fetch goes on when that is closed, and {@link #running} finds it again. A failure is the job's
 * result, which the platform shows.
 */
public final class KernelJob extends Job {

    /** What is to be done with the store. */
    @FunctionalInterface
    private interface Work {
        void run(IProgressMonitor monitor) throws KmodscopeException, InterruptedException;
    }

    /**
     * How far a job is.
     *
     * @param fraction from 0 to 1
     * @param step what it does now, for people; empty before it began
     */
    public record Progress(double fraction, String step) {}

    private final String kernel;
    private final Work work;
    private volatile Progress progress = new Progress(0, "");

    private KernelJob(String name, String kernel, Work work) {
        super(name);
        this.kernel = kernel;
        this.work = work;
    }

    /** A job that fetches a kernel, to be scheduled. */
    public static KernelJob fetch(KernelStore store, String kernel) {
        return new KernelJob("Fetch " + kernel, kernel, monitor -> store.require(kernel, monitor));
    }

    /** A job that has the store list a kernel build directory, to be scheduled. */
    public static KernelJob add(KernelStore store, Path directory) {
        return new KernelJob(
                "Add " + directory, directory.toString(), monitor -> store.add(directory));
    }

    /** A job that removes a kernel from the store, to be scheduled. */
    public static KernelJob remove(KernelStore store, String kernel) {
        return new KernelJob("Remove " + kernel, kernel, monitor -> store.remove(kernel));
    }

    /** All that wait or run. */
    public static List<KernelJob> running() {
        return Arrays.stream(Job.getJobManager().find(KernelJob.class))
                .map(KernelJob.class::cast)
                .toList();
    }

    /** The one that waits or runs for a kernel. */
    public static Optional<KernelJob> running(String kernel) {
        return running().stream().filter(job -> job.kernel.equals(kernel)).findFirst();
    }

    /** The kernel's identifier. */
    public String kernel() {
        return kernel;
    }

    /** How far it is now. Any thread. */
    public Progress progress() {
        return progress;
    }

    @Override
    public boolean belongsTo(@Nullable Object family) {
        return family == KernelJob.class;
    }

    @Override
    protected IStatus run(@Nullable IProgressMonitor monitor) {
        try {
            work.run(new Watched(monitor == null ? new NullProgressMonitor() : monitor));
            return Status.OK_STATUS;
        } catch (KmodscopeException | InterruptedException | OperationCanceledException e) {
            return Failures.status(getName(), e);
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

    /** Keeps what passes on its way to the platform's own monitor. */
    private final class Watched extends ProgressMonitorWrapper {

        private double total = 1;
        private double done;

        Watched(IProgressMonitor monitor) {
            super(monitor);
        }

        @Override
        public void beginTask(@Nullable String name, int totalWork) {
            super.beginTask(name, totalWork);
            total = Math.max(1, totalWork);
            tell(name);
        }

        @Override
        public void internalWorked(double work) {
            super.internalWorked(work);
            done += work;
            tell(progress.step());
        }

        @Override
        public void worked(int work) {
            super.worked(work);
            done += work;
            tell(progress.step());
        }

        @Override
        public void subTask(@Nullable String name) {
            super.subTask(name);
            tell(name);
        }

        private void tell(@Nullable String step) {
            progress = new Progress(Math.min(1, done / total), step == null ? "" : step);
        }
    }
}
