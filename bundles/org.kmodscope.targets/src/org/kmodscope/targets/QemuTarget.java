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
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetInfo.Acceleration;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.internal.lab.Labs;
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

    private static final Duration BOOTS_WITHIN = Duration.ofSeconds(90);

    /** The debug kernel takes half a minute on an idle machine. */
    private static final Duration DEBUG_BOOTS_WITHIN = Duration.ofMinutes(6);

    /**
     * By KVM a kernel that works is up in a small part of that time; one that hangs must not be
     * waited for.
     */
    private static final int TRIAL_PART = 6;

    private final Labs labs;
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
        this.labs = new Labs(cache, kernels, bridge);
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
     * <p>Fetches the kernel first when it is not here. Booting takes 4 to 20 seconds, of the debug
     * kernel half a minute and more.
     */
    @Override
    public TargetSession open(TargetSpec spec, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (!(spec instanceof TargetSpec.Qemu qemu)) {
            throw new IllegalArgumentException("not for QEMU: " + spec);
        }
        SubMonitor progress = SubMonitor.convert(monitor, "Starting a lab", 100);
        Labs.Ready lab = labs.ready(qemu.kernelId(), qemu.bridge(), progress.split(50));
        QemuProgram program = QemuProgram.locate(lab.kernel(), progress.split(1));
        Boot boot = new Boot(lab, program, qemu);
        if (lab.kernel().cross().isPresent()) {
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

        private final Labs.Ready lab;
        private final QemuProgram program;
        private final TargetSpec.Qemu spec;
        private final Duration limit;

        Boot(Labs.Ready lab, QemuProgram program, TargetSpec.Qemu spec) {
            this.lab = lab;
            this.program = program;
            this.spec = spec;
            this.limit = spec.findsFaults() ? DEBUG_BOOTS_WITHIN : BOOTS_WITHIN;
        }

        private Qemu machine(Acceleration acceleration, Optional<String> note) {
            return new Qemu(program, spec.size(), acceleration, note, spec.findsFaults());
        }

        TargetSession emulated(Optional<String> note, SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            return lab.boot(machine(Acceleration.TCG, note), limit, progress.split(45));
        }

        /** By KVM unless it failed before, or fails now. */
        TargetSession accelerated(SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            Optional<Boolean> known = trials.answer(lab.kernel());
            if (known.equals(Optional.of(false))) {
                return emulated(Optional.of(failed()), progress);
            }
            Qemu machine = machine(Acceleration.KVM, Optional.empty());
            Duration patience = known.isPresent() ? limit : limit.dividedBy(TRIAL_PART);
            try {
                TargetSession session = lab.boot(machine, patience, progress.split(25));
                if (known.isEmpty()) {
                    trials.remember(lab.kernel(), true);
                }
                return session;
            } catch (KmodscopeException failure) {
                if (failure.kind() != KmodscopeException.Kind.LAB) {
                    throw failure;
                }
            }
            TargetSession session = emulated(Optional.of(failed()), progress);
            // Only now it is known that it was not the kernel's fault.
            trials.remember(lab.kernel(), false);
            return session;
        }

        private String failed() {
            return "KVM did not start "
                    + lab.kernel().id()
                    + " on this machine, so the lab is emulated, which is slower. Try KVM again"
                    + " with --retry-kvm, or on the preference page Linux Drivers.";
        }
    }
}
