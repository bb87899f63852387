/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.target.TargetInfo;

/** What runs a lab's machine: a program of this machine with its options, ready to start. */
public sealed interface Hypervisor permits Qemu, Uml {

    /** Its name for people. */
    String title();

    /** How it executes the guest. */
    TargetInfo.Acceleration acceleration();

    /** What users of a lab on it should know; empty when there is nothing to say. */
    Optional<String> note();

    /** How the guest finds its ports. */
    Wiring wiring();

    /** The command line for a machine of these parts, as the supervisor takes it. */
    List<String> commandLine(Parts parts);

    /**
     * The parts of one machine.
     *
     * @param kernel what to boot
     * @param initramfs its root
     * @param run where the ports' sockets are
     * @param disk a read-only disk with the bridge
     * @param files a read-only disk with a file
     */
    record Parts(
            Path kernel,
            Path initramfs,
            RunDirectory run,
            Optional<Path> disk,
            Optional<Path> files) {}
}
