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
final class LabStart {

    private static final int TAIL_LINES = 20;

    private final CacheDirectory cache;

    /**
     * @param cache where programs, disks and runs are kept
     */
    LabStart(CacheDirectory cache) {
        this.cache = cache;
    }

    /**
     * Boots the kernel and waits until the agent in it answers.
     *
     * @param image the kernel's file
     * @param hypervisor what it runs on
     * @param bridge what to attach a disk for; empty for a lab without one
     * @param limit how long booting may take
     * @throws KmodscopeException MISSING when busybox, a compiler or a module is not here; LAB with
     *     the end of the console when the agent does not answer in time
     */
    TargetSession boot(
            Kernel kernel,
            Path image,
            Hypervisor hypervisor,
            Optional<GuestBridge> bridge,
            Duration limit,
            SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        progress.setWorkRemaining(100);
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
            Greeting greeting = greeting(lab, limit, progress);
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
        return needed.isEmpty() || ModuleTree.of(kernel).has(needed)
                ? FileDisk.find(cache, progress)
                : Optional.empty();
    }

    private static Greeting greeting(Lab lab, Duration limit, SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        try {
            return lab.client().handshake(limit, progress.split(40));
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
