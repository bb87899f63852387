/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.GuestBridge;
import org.kmodscope.core.target.TargetSession;

/**
 * What all labs have in common until they boot: a kernel that is here, and the bridge if wanted.
 */
public final class Labs {

    private final KernelStore kernels;
    private final Optional<GuestBridge> bridge;
    private final LabStart start;

    /**
     * @param cache where the agent, disks and runs are kept
     * @param kernels where kernels come from
     * @param bridge what runs in a lab that is opened with the bridge; empty where there is none
     */
    public Labs(CacheDirectory cache, KernelStore kernels, Optional<GuestBridge> bridge) {
        this.kernels = kernels;
        this.bridge = bridge;
        this.start = new LabStart(cache);
    }

    /**
     * Makes a lab ready to boot. Fetches the kernel, or builds it, when it is not here.
     *
     * @param withBridge whether the bridge will be asked for
     * @throws KmodscopeException MISSING when there is no bridge, or the kernel cannot be had or
     *     booted
     */
    public Ready ready(String kernelId, boolean withBridge, SubMonitor progress)
            throws KmodscopeException, InterruptedException {
        if (withBridge && bridge.isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The bridge is not installed, so it cannot run in a lab.",
                    "Install all of kmodscope, or use the agent (--source agent).");
        }
        Kernel kernel = kernels.require(kernelId, progress);
        Path image =
                kernel.image()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                Kind.MISSING,
                                                "The kernel " + kernel.id() + " has no image.",
                                                "Choose one that can be booted: kmodscope kernels"
                                                        + " lists them."));
        return new Ready(start, kernel, image, withBridge ? bridge : Optional.empty());
    }

    /** A lab that is ready to boot, as often as it takes. */
    public static final class Ready {

        private final LabStart start;
        private final Kernel kernel;
        private final Path image;
        private final Optional<GuestBridge> bridge;

        private Ready(LabStart start, Kernel kernel, Path image, Optional<GuestBridge> bridge) {
            this.start = start;
            this.kernel = kernel;
            this.image = image;
            this.bridge = bridge;
        }

        /** What it boots. */
        public Kernel kernel() {
            return kernel;
        }

        /** The kernel's file. */
        public Path image() {
            return image;
        }

        /**
         * Boots it and waits until the agent in it answers.
         *
         * @param limit how long that may take
         * @throws KmodscopeException MISSING when busybox, a compiler or a module is not here; LAB
         *     with the end of the console when the agent does not answer in time
         */
        public TargetSession boot(Hypervisor hypervisor, Duration limit, SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            return start.boot(kernel, image, hypervisor, bridge, limit, progress);
        }
    }
}
