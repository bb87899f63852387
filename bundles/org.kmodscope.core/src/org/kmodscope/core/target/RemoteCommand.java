/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;

/** A program that runs in the target. */
public interface RemoteCommand extends AutoCloseable {

    /**
     * Waits for its end; all output was handed over by then.
     *
     * @return its exit status, or 128 + the signal that ended it
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled;
     *     the program is killed first
     */
    int waitFor(IProgressMonitor monitor) throws KmodscopeException, InterruptedException;

    /** Writes to its standard input. */
    void write(byte[] bytes) throws KmodscopeException, InterruptedException;

    /** Ends its standard input. */
    void closeInput() throws KmodscopeException, InterruptedException;

    /** Sends it a signal, by its number in the target. */
    void signal(int number) throws KmodscopeException, InterruptedException;

    /** Kills it when it still runs. */
    @Override
    void close();
}
