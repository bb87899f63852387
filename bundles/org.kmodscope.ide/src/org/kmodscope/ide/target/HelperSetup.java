/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.target;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.AsRoot;
import org.kmodscope.core.target.PrivilegedLoader;

/**
 * Puts the helper, which loads drivers into this machine's own kernel, where root trusts it, and
 * takes it away: only when asked, and as root by a dialog that is not ours.
 *
 * @param helper what is installed
 * @param root who asks for the password; empty where nobody can
 */
public record HelperSetup(PrivilegedLoader helper, Optional<AsRoot> root) {

    /**
     * How things are.
     *
     * @param installed whether the helper is
     * @param place where it is, or would be
     * @param commands what root runs to install it where it is not, to remove it where it is
     */
    public record State(boolean installed, Path place, List<List<String>> commands) {}

    /** Looks; compiles the helper when it is neither installed nor compiled. */
    public State look(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        boolean installed = helper.isInstalled();
        return new State(
                installed,
                helper.place(),
                installed ? helper.removal() : helper.installation(monitor));
    }

    /**
     * Has root run the commands of a state; returns how things are then.
     *
     * @throws KmodscopeException MISSING where nobody can ask for the password; FAILED when the
     *     right was not given, or a command failed
     */
    public State change(State before, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        AsRoot way =
                root.orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.MISSING,
                                        "Nothing here can ask for root's password in a dialog.",
                                        "Run the commands in a terminal."));
        way.run(before.commands(), monitor);
        return look(monitor);
    }
}
