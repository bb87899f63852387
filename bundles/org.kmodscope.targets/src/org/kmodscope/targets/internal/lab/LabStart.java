/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.targets.internal.agent.AgentSession;
import org.kmodscope.targets.internal.agent.Greeting;
import org.kmodscope.targets.internal.agent.NativePrograms;

/** Boots a lab. */
public final class LabStart {

    private static final Duration BOOTS_WITHIN = Duration.ofSeconds(90);
    private static final int TAIL_LINES = 20;

    private final CacheDirectory cache;
    private final Duration bootsWithin;

    /**
     * @param cache where programs, disks and runs are kept
     */
    public LabStart(CacheDirectory cache) {
        this(cache, BOOTS_WITHIN);
    }

    /** The same for labs that are given up when they are not up in so long. */
    public LabStart within(Duration limit) {
        return new LabStart(cache, limit);
    }

    LabStart(CacheDirectory cache, Duration bootsWithin) {
        this.cache = cache;
        this.bootsWithin = bootsWithin;
    }

    /**
     * Boots the kernel and waits until the agent in it answers.
     *
     * @param hypervisor what it runs on
     * @param bridge what to attach a disk for; empty for a lab without one
     * @throws KmodscopeException MISSING when busybox, a compiler or a module is not here; LAB with
     *     the end of the console when the agent does not answer in time
     */
    public TargetSession boot(
            Kernel kernel, Hypervisor hypervisor, Optional<GuestBridge> bridge, SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        progress.setWorkRemaining(100);
        Path image =
                kernel.image()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                Kind.MISSING,
                                                "The kernel " + kernel.id() + " has no image.",
                                                "Choose one that can be booted: kmodscope kernels"
                                                        + " lists them."));
        NativePrograms programs = NativePrograms.require(cache, progress.split(10));
        Path agent = agent(kernel, programs, progress.split(5));
        Optional<BridgeDisk> disk = Optional.empty();
        if (bridge.isPresent()) {
            if (kernel.cross().isPresent()) {
                throw new KmodscopeException(
                        Kind.MISSING,
                        "The bridge needs Java, and this machine's does not run on "
                                + kernel.cross().get().arch()
                                + '.',
                        "Use the agent there (--source agent).");
            }
            disk = Optional.of(BridgeDisk.require(bridge.get(), cache, progress.split(40)));
        }
        Optional<Path> diskFile = disk.map(BridgeDisk::image);
        Optional<Path> files = files(kernel, hypervisor.wiring(), progress.split(5));
        progress.subTask("Booting " + kernel.id() + " in " + hypervisor.title());
        String name = "kmodscope-lab " + kernel.id();
        Lab lab =
                Lab.start(
                        name,
                        RunDirectory.create(cache),
                        run -> {
                            Path initramfs = run.path().resolve("initramfs");
                            BootImage.write(
                                    initramfs,
                                    kernel,
                                    agent,
                                    hypervisor.wiring(),
                                    diskFile.isPresent(),
                                    files.isPresent());
                            List<String> machine =
                                    hypervisor.commandLine(
                                            new Hypervisor.Parts(
                                                    image, initramfs, run, diskFile, files));
                            return Machine.start(name, programs.supervisor(), machine, run.path());
                        },
                        progress.split(10));
        boolean up = false;
        try {
            Greeting greeting = greeting(lab, progress);
            TargetInfo info =
                    new TargetInfo(
                            hypervisor.title() + " · " + kernel.id(),
                            greeting.release(),
                            greeting.machine(),
                            hypervisor.acceleration(),
                            hypervisor.note());
            up = true;
            return new AgentSession(info, new LabPlace(lab, hypervisor.wiring(), disk));
        } finally {
            if (!up) {
                lab.close();
            }
        }
    }

    private Path agent(Kernel kernel, NativePrograms programs, SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        return kernel.cross().isPresent()
                ? NativePrograms.agent(cache, kernel.cross().get().compiler(), progress)
                : programs.agent();
    }

    /** What programs may read is an extra: a kernel that cannot read it has a lab without. */
    private Optional<Path> files(Kernel kernel, Wiring wiring, SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        List<String> needed = wiring.fileModules();
        return !needed.isEmpty() && ModuleTree.of(kernel).has(needed)
                ? FileDisk.find(cache, progress)
                : Optional.empty();
    }

    private Greeting greeting(Lab lab, SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        try {
            return lab.client().handshake(bootsWithin, progress.split(40));
        } catch (KmodscopeException e) {
            throw new KmodscopeException(
                    e.kind(),
                    "The lab did not come up. "
                            + e.getMessage()
                            + "\nThe end of its console:\n"
                            + lab.machine().console().tail(TAIL_LINES),
                    e.remedy(),
                    e);
        }
    }
}
