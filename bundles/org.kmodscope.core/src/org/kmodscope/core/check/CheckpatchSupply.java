/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.check;

import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;

/** Where the kernel's style checker comes from. */
public interface CheckpatchSupply {

    /** The script, if it is here; its word lists lie beside it. Never fetches. */
    Optional<Path> find() throws KmodscopeException;

    /**
     * The script, fetched first when it is not here.
     *
     * @throws KmodscopeException MISSING when it cannot be had
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    Path require(IProgressMonitor monitor) throws KmodscopeException, InterruptedException;
}
