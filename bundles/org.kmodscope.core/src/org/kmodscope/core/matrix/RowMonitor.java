/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The progress of one kernel: cancelled with the whole, and told to the listener. Used by one
 * thread.
 */
final class RowMonitor extends NullProgressMonitor {

    private final Whole whole;
    private final String kernelId;

    RowMonitor(Whole whole, String kernelId) {
        this.whole = whole;
        this.kernelId = kernelId;
    }

    void started(MatrixStep step) {
        whole.listener.started(kernelId, step);
    }

    void ended(MatrixStep step, MatrixCell cell) {
        whole.worked();
        whole.listener.ended(kernelId, step, cell);
    }

    void ended(MatrixRow row) {
        whole.listener.ended(row);
    }

    @Override
    public boolean isCanceled() {
        return whole.monitor.isCanceled();
    }

    @Override
    public void subTask(@Nullable String name) {
        if (name != null && !name.isEmpty()) {
            whole.listener.progress(kernelId, name);
        }
    }

    /** All kernels together. The monitor of the caller is not made for several threads. */
    static final class Whole {

        private final IProgressMonitor monitor;
        private final MatrixListener listener;

        Whole(IProgressMonitor monitor, int kernels, MatrixListener listener) {
            this.monitor = monitor;
            this.listener = listener;
            monitor.beginTask("Examining the driver", kernels * MatrixStep.values().length);
        }

        private synchronized void worked() {
            monitor.worked(1);
        }
    }
}
