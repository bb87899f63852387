/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;

/**
 * The helper that loads modules into this machine's own kernel, and how it gets to where root
 * trusts it. Nothing is done here: the commands are for root, by whatever way its user chooses.
 */
public interface PrivilegedLoader {

    /** Where it is when it is installed. */
    Path place();

    /** Whether it is installed, root's alone, and of this version. */
    boolean isInstalled() throws InterruptedException;

    /**
     * The commands that install it, each an argument vector; first it is compiled.
     *
     * @throws KmodscopeException MISSING when there is no compiler or no room
     */
    List<List<String>> installation(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /** The commands that remove it. */
    List<List<String>> removal();
}
