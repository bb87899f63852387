/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.LocalBridge;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.internal.local.LocalStart;

/**
 * This machine's own kernel: no lab. Modules are loaded by a small helper that pkexec or sudo runs
 * as root ({@link InstallableLoader}); all else is done as the user: the agent is a child process,
 * the bridge is in this one. A fault of a driver is this machine's fault here: ask the user first
 * ({@link org.kmodscope.core.build.LabPasses}).
 */
public final class LocalTarget implements Target {

    private final LocalStart start;

    /**
     * @param cache where the agent is kept
     * @param bridge the bridge of this process, if there is one
     * @param leftovers told of a module that is still loaded when its session has ended; on the
     *     thread that closes the session
     */
    public LocalTarget(
            CacheDirectory cache,
            Optional<LocalBridge> bridge,
            Consumer<KmodscopeException> leftovers) {
        this.start = new LocalStart(cache, bridge, leftovers, Path.of("/"));
    }

    @Override
    public boolean accepts(TargetSpec spec) {
        return spec instanceof TargetSpec.Local;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where the kernel's log is for root alone, the user is asked for a password here already.
     */
    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (!(spec instanceof TargetSpec.Local)) {
            throw new IllegalArgumentException("not this machine: " + spec);
        }
        return start.open(monitor);
    }
}
