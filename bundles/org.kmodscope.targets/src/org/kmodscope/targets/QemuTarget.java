/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetInfo.Acceleration;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.internal.lab.LabStart;
import org.kmodscope.targets.internal.lab.Qemu;

/**
 * Labs: virtual machines of QEMU that boot a stock kernel with nothing but busybox and the agent.
 * No root, no network, no disk of this machine; a lab ends with the process that opened it, however
 * that ends. Sessions are independent of each other.
 *
 * <p>Machines are emulated (TCG) for the time being, also where there is KVM.
 */
public final class QemuTarget implements Target {

    private final KernelStore kernels;
    private final Optional<GuestBridge> bridge;
    private final LabStart labs;

    /**
     * @param cache where the agent, disks and runs are kept
     * @param kernels where kernels come from
     * @param bridge what runs in a lab that is opened with the bridge; empty where there is none
     */
    public QemuTarget(CacheDirectory cache, KernelStore kernels, Optional<GuestBridge> bridge) {
        this.kernels = kernels;
        this.bridge = bridge;
        this.labs = new LabStart(cache);
    }

    @Override
    public boolean accepts(TargetSpec spec) {
        return spec instanceof TargetSpec.Qemu;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Fetches the kernel first when it is not here. Booting takes 4 to 20 seconds.
     */
    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (!(spec instanceof TargetSpec.Qemu qemu)) {
            throw new IllegalArgumentException("not for QEMU: " + spec);
        }
        if (qemu.bridge() && bridge.isEmpty()) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.MISSING,
                    "The bridge is not installed, so it cannot run in a lab.",
                    "Install all of kmodscope, or use the agent (--source agent).");
        }
        SubMonitor progress = SubMonitor.convert(monitor, "Starting a lab", 100);
        Kernel kernel = kernels.require(qemu.kernelId(), progress.split(50));
        Qemu machine = new Qemu(Qemu.locate(), qemu.size(), Acceleration.TCG, Optional.empty());
        Optional<GuestBridge> attached = qemu.bridge() ? bridge : Optional.empty();
        return labs.boot(kernel, machine, attached, progress.split(50));
    }
}
