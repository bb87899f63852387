/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;

/**
 * The kernels of this machine. A kernel is complete or absent, never half: it is prepared beside
 * its place and moved there in one step. Safe to use from several threads and several processes.
 */
public interface KernelStore {

    /** The kernel that is used when none is named. */
    String DEFAULT_ID = "debian-6.1";

    /** All kernels that are here or can be had, in the order to show them. */
    List<KernelEntry> list() throws KmodscopeException;

    /** The kernel if it is complete here; never fetches. */
    Optional<Kernel> find(String id) throws KmodscopeException;

    /**
     * The kernel, fetched first when it is not here.
     *
     * @throws KmodscopeException USAGE for an id that nobody knows, MISSING when it cannot be had
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    Kernel require(String id, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /** Removes the kernel; absent already is success. */
    void remove(String id) throws KmodscopeException;
}
