/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.nio.file.Path;

/** Which place a driver runs in. */
public sealed interface TargetSpec {

    /**
     * Whether it is a lab: a machine that is started for one use, whose start asks nobody anything
     * and touches nothing outside.
     */
    default boolean startsAlone() {
        return switch (this) {
            case Qemu qemu -> true;
            case Uml uml -> true;
            case Local local -> false;
            case Ssh ssh -> false;
            case Recorded recorded -> false;
        };
    }

    /** Whether its kernel reports what a driver does wrong, so that a debug run makes sense. */
    default boolean findsFaults() {
        return switch (this) {
            case Qemu qemu -> qemu.kernelId().equals(Qemu.DEBUG_KERNEL_ID);
            case Uml uml -> true;
            case Local local -> false;
            case Ssh ssh -> false;
            case Recorded recorded -> false;
        };
    }

    /** The same with the bridge in it, where that has to be said when it is opened, or without. */
    default TargetSpec withBridge(boolean bridge) {
        return switch (this) {
            case Qemu qemu -> new Qemu(qemu.kernelId, bridge, qemu.size);
            case Uml uml -> new Uml(uml.kernelId, bridge);
            case Local local -> local;
            case Ssh ssh -> ssh;
            case Recorded recorded -> recorded;
        };
    }

    /**
     * The lab that boots a kernel of the store: one of the debug kernels is a program, all others
     * boot in QEMU.
     */
    static TargetSpec lab(String kernelId, boolean bridge) {
        return kernelId.equals(Uml.KERNEL_ID)
                ? new Uml(kernelId, bridge)
                : new Qemu(kernelId, bridge);
    }

    /**
     * A virtual machine of QEMU with a kernel of the store.
     *
     * @param bridge whether {@link TargetSession#bridge} will be asked for: it puts a Java runtime
     *     into the machine, which takes longer to start
     * @param size its processors and memory
     */
    record Qemu(String kernelId, boolean bridge, MachineSize size) implements TargetSpec {

        /** The debug kernel of the store for machines with several processors. */
        public static final String DEBUG_KERNEL_ID = "qemu-debug";

        /** One of the usual size. */
        public Qemu(String kernelId, boolean bridge) {
            this(kernelId, bridge, MachineSize.DEFAULT);
        }

        /** One of the usual size without the bridge. */
        public Qemu(String kernelId) {
            this(kernelId, false);
        }
    }

    /**
     * The debug lab: user-mode Linux with all that the kernel has to find faults. One processor.
     *
     * @param kernelId the debug kernel
     * @param bridge as for {@link Qemu}
     */
    record Uml(String kernelId, boolean bridge) implements TargetSpec {

        /** The debug kernel of the store. */
        public static final String KERNEL_ID = "uml-debug";

        /** One without the bridge. */
        public Uml() {
            this(KERNEL_ID, false);
        }
    }

    /** This machine's own kernel. */
    record Local() implements TargetSpec {

        /** The kernel to build for. */
        public static final String KERNEL_ID = "host";
    }

    /** A board reached by SSH. */
    record Ssh(Board board) implements TargetSpec {}

    /**
     * The replay of a recorded session.
     *
     * @param timed whether it takes the time that it took, else it goes as fast as it can
     */
    record Recorded(Path file, boolean timed) implements TargetSpec {}
}
