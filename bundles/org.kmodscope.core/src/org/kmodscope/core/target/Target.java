/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;

/** A kind of place drivers run in; opens sessions on it. */
public interface Target {

    /** Whether {@link #open} understands this specification. */
    boolean accepts(TargetSpec spec);

    /**
     * Opens a session: boots the lab or connects to the board, and waits until its agent answers.
     *
     * @throws KmodscopeException MISSING when a tool or kernel is not here, LAB when it did not
     *     come up
     */
    TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;
}
