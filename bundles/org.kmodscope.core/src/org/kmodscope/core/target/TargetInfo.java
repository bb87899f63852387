/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.util.Optional;

/**
 * What runs the driver.
 *
 * @param title for people, such as {@code QEMU · debian-6.1}
 * @param kernelRelease what {@code uname -r} prints there
 * @param machine what {@code uname -m} prints there
 * @param acceleration how it executes; figures of different accelerations must not be mixed
 * @param note what its users should know, one sentence, such as why a lab is emulated; empty when
 *     there is nothing to say
 */
public record TargetInfo(
        String title,
        String kernelRelease,
        String machine,
        Acceleration acceleration,
        Optional<String> note) {

    /** One with nothing more to say. */
    public TargetInfo(
            String title, String kernelRelease, String machine, Acceleration acceleration) {
        this(title, kernelRelease, machine, acceleration, Optional.empty());
    }

    /** How the target executes instructions. */
    public enum Acceleration {
        /** Emulated: compare times, do not quote them. */
        TCG,
        /** Hardware virtualisation. */
        KVM,
        /** A kernel as a process of the host. */
        UML,
        /** Real hardware. */
        NATIVE
    }
}
