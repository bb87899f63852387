/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.internal.lab.LabStart;
import org.kmodscope.targets.internal.lab.Sandbox;
import org.kmodscope.targets.internal.lab.Uml;

/**
 * The debug lab: user-mode Linux with KASAN, lockdep, kmemleak, debug objects and fault injection.
 * It starts in about a second, needs no virtualisation and no root, is confined where the machine
 * allows that ({@link org.kmodscope.core.target.TargetInfo#note} says where not), and ends with the
 * process that opened it.
 */
public final class UmlTarget implements Target {

    private final KernelStore kernels;
    private final Optional<GuestBridge> bridge;
    private final LabStart labs;

    /**
     * @param cache where the agent, disks and runs are kept
     * @param kernels where the debug kernel comes from
     * @param bridge what runs in a lab that is opened with the bridge; empty where there is none
     */
    public UmlTarget(CacheDirectory cache, KernelStore kernels, Optional<GuestBridge> bridge) {
        this.kernels = kernels;
        this.bridge = bridge;
        this.labs = new LabStart(cache);
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
        if (uml.bridge() && bridge.isEmpty()) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.MISSING,
                    "The bridge is not installed, so it cannot run in a lab.",
                    "Install all of kmodscope, or use the agent (--source agent).");
        }
        SubMonitor progress = SubMonitor.convert(monitor, "Starting a debug lab", 100);
        Kernel kernel = kernels.require(uml.kernelId(), progress.split(50));
        Uml machine = new Uml(Sandbox.of(image(kernel), progress.split(10)));
        Optional<GuestBridge> attached = uml.bridge() ? bridge : Optional.empty();
        return labs.boot(kernel, machine, attached, progress.split(40));
    }

    private static Path image(Kernel kernel) throws KmodscopeException {
        return kernel.image()
                .orElseThrow(
                        () ->
                                new KmodscopeException(
                                        KmodscopeException.Kind.USAGE,
                                        "The kernel "
                                                + kernel.id()
                                                + " is not for user-mode Linux.",
                                        "Use " + TargetSpec.Uml.KERNEL_ID + "."));
    }
}
