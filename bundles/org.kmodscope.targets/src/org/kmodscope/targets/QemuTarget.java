/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetInfo.Acceleration;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.internal.lab.LabStart;
import org.kmodscope.targets.internal.lab.Qemu;
import org.kmodscope.targets.internal.lab.QemuProgram;

/**
 * Labs: virtual machines of QEMU that boot a stock kernel with nothing but busybox and the agent.
 * No root, no network, no disk of this machine; a lab ends with the process that opened it, however
 * that ends. Sessions are independent of each other.
 *
 * <p>A machine runs by KVM where a trial boot has shown that this works, else it is emulated (TCG).
 * A kernel's first lab is the trial; its result is remembered ({@link KvmTrials}).
 */
public final class QemuTarget implements Target {

    /** A kernel that works is up in two seconds; one that hangs must not be waited for. */
    private static final Duration TRIAL = Duration.ofSeconds(15);

    private final KernelStore kernels;
    private final Optional<GuestBridge> bridge;
    private final LabStart labs;
    private final KvmTrials trials;
    private final Path device;

    /**
     * @param cache where the agent, disks and runs are kept
     * @param kernels where kernels come from
     * @param bridge what runs in a lab that is opened with the bridge; empty where there is none
     */
    public QemuTarget(CacheDirectory cache, KernelStore kernels, Optional<GuestBridge> bridge) {
        this(cache, kernels, bridge, Path.of("/dev/kvm"));
    }

    /** One with another device in place of KVM's. */
    QemuTarget(
            CacheDirectory cache, KernelStore kernels, Optional<GuestBridge> bridge, Path device) {
        this.kernels = kernels;
        this.bridge = bridge;
        this.labs = new LabStart(cache);
        this.trials = new KvmTrials(cache);
        this.device = device;
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
        Optional<GuestBridge> attached = qemu.bridge() ? bridge : Optional.empty();
        Boot boot =
                new Boot(
                        kernel,
                        QemuProgram.locate(kernel, progress.split(1)),
                        qemu.size(),
                        attached);
        if (kernel.cross().isPresent()) {
            String why = "The kernel is for another kind of processor, which is emulated.";
            return boot.emulated(Optional.of(why), progress);
        }
        if (!Files.exists(device)) {
            return boot.emulated(Optional.empty(), progress);
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            String why = "You may not use " + device + ", so the lab is emulated, which is slower.";
            return boot.emulated(Optional.of(why + " Join the group kvm."), progress);
        }
        return boot.accelerated(progress);
    }

    /** One boot, with KVM or without. */
    private final class Boot {

        private final Kernel kernel;
        private final QemuProgram program;
        private final MachineSize size;
        private final Optional<GuestBridge> attached;

        Boot(Kernel kernel, QemuProgram program, MachineSize size, Optional<GuestBridge> attached) {
            this.kernel = kernel;
            this.program = program;
            this.size = size;
            this.attached = attached;
        }

        TargetSession emulated(Optional<String> note, SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            Qemu machine = new Qemu(program, size, Acceleration.TCG, note);
            return labs.boot(kernel, machine, attached, progress.split(45));
        }

        /** By KVM unless it failed before, or fails now. */
        TargetSession accelerated(SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            Optional<Boolean> known = trials.answer(kernel);
            if (known.equals(Optional.of(false))) {
                return emulated(Optional.of(failed()), progress);
            }
            Qemu machine = new Qemu(program, size, Acceleration.KVM, Optional.empty());
            LabStart limited = known.isPresent() ? labs : labs.within(TRIAL);
            try {
                TargetSession session = limited.boot(kernel, machine, attached, progress.split(25));
                if (known.isEmpty()) {
                    trials.remember(kernel, true);
                }
                return session;
            } catch (KmodscopeException failure) {
                if (failure.kind() != KmodscopeException.Kind.LAB) {
                    throw failure;
                }
            }
            TargetSession session = emulated(Optional.of(failed()), progress);
            // Only now it is known that it was not the kernel's fault.
            trials.remember(kernel, false);
            return session;
        }

        private String failed() {
            return "KVM did not start "
                    + kernel.id()
                    + " on this machine, so the lab is emulated, which is slower. Try KVM again"
                    + " with --retry-kvm, or on the preference page Linux Drivers.";
        }
    }
}
