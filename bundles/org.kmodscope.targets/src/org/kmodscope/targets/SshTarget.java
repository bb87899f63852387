/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.nio.file.Path;
import java.util.Map;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.Prompt;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.internal.ssh.BoardStart;
import org.kmodscope.targets.internal.ssh.Login;

/**
 * Boards, and any other Linux machines, by SSH. Nothing need be installed there; a session puts the
 * agent into a private directory, and takes it away at its end. Drivers there can crash the board.
 */
public final class SshTarget implements Target {

    private final BoardStart boards;

    /**
     * @param cache where agents are kept that were compiled for boards
     * @param environment of this process
     * @param prompt who is asked for passwords, and about hosts that are not known
     */
    public SshTarget(CacheDirectory cache, Map<String, String> environment, Prompt prompt) {
        this(cache, environment, prompt, Path.of(System.getProperty("user.home", "/"), ".ssh"));
    }

    /**
     * @param ssh the directory that has the user's configuration, keys and known hosts
     */
    public SshTarget(
            CacheDirectory cache, Map<String, String> environment, Prompt prompt, Path ssh) {
        boards = new BoardStart(cache, new Login(ssh, environment, prompt));
    }

    @Override
    public boolean accepts(TargetSpec spec) {
        return spec instanceof TargetSpec.Ssh;
    }

    /**
     * {@inheritDoc}
     *
     * <p>May ask the user. A session whose connection was lost has ended; this opens the next one.
     */
    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (!(spec instanceof TargetSpec.Ssh ssh)) {
            throw new IllegalArgumentException("not for SSH: " + spec);
        }
        return boards.open(ssh.board(), monitor);
    }
}
