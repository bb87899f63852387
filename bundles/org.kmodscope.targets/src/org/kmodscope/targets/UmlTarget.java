/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.time.Duration;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.internal.lab.Labs;
import org.kmodscope.targets.internal.lab.Sandbox;
import org.kmodscope.targets.internal.lab.Uml;

/**
 * The debug lab: user-mode Linux with KASAN, lockdep, kmemleak, debug objects and fault injection.
 * It starts in about a second, needs no virtualisation and no root, is confined where the machine
 * allows that ({@link org.kmodscope.core.target.TargetInfo#note} says where not), and ends with the
 * process that opened it.
 */
public final class UmlTarget implements Target {

    private static final Duration BOOTS_WITHIN = Duration.ofSeconds(90);

    private final Labs labs;

    /**
     * @param cache where the agent, disks and runs are kept
     * @param kernels where the debug kernel comes from
     * @param bridge what runs in a lab that is opened with the bridge; empty where there is none
     */
    public UmlTarget(CacheDirectory cache, KernelStore kernels, Optional<GuestBridge> bridge) {
        this.labs = new Labs(cache, kernels, bridge);
    }

    @Override
    public boolean accepts(TargetSpec spec) {
        return spec instanceof TargetSpec.Uml;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Builds the debug kernel first when it is not here, which takes 10 to 25 minutes.
     */
    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (!(spec instanceof TargetSpec.Uml uml)) {
            throw new IllegalArgumentException("not for user-mode Linux: " + spec);
        }
        SubMonitor progress = SubMonitor.convert(monitor, "Starting a debug lab", 100);
        Labs.Ready lab = labs.ready(uml.kernelId(), uml.bridge(), progress.split(50));
        Uml machine = new Uml(Sandbox.of(lab.image(), progress.split(10)));
        return lab.boot(machine, BOOTS_WITHIN, progress.split(40));
    }
}
