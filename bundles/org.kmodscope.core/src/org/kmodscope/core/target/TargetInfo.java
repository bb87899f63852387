/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/**
 * What runs the driver.
 *
 * @param title for people, such as {@code QEMU · debian-6.1}
 * @param kernelRelease what {@code uname -r} prints there
 * @param machine what {@code uname -m} prints there
 * @param acceleration how it executes; figures of different accelerations must not be mixed
 */
public record TargetInfo(
        String title, String kernelRelease, String machine, Acceleration acceleration) {

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
