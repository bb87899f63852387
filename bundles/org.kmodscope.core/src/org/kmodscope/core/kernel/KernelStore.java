/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

import java.nio.file.Path;
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

    /**
     * Has the list name a kernel build directory of the user's. Its identifier is its real path.
     *
     * @throws KmodscopeException USAGE when it is no kernel build directory
     */
    void add(Path directory) throws KmodscopeException;

    /**
     * Removes the kernel; absent already is success. A directory of the user's is taken out of the
     * list, and stays as it is.
     */
    void remove(String id) throws KmodscopeException;
}
