/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/** Which place a driver runs in. */
public sealed interface TargetSpec {

    /** A virtual machine of QEMU with a kernel of the store. */
    record Qemu(String kernelId) implements TargetSpec {}

    /** The user-mode-Linux debug lab. */
    record Uml() implements TargetSpec {}

    /** This machine's own kernel. */
    record Local() implements TargetSpec {}

    /** A board reached by SSH. */
    record Ssh(String host) implements TargetSpec {}
}
