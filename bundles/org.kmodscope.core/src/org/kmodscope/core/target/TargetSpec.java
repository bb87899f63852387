/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/** Which place a driver runs in. */
public sealed interface TargetSpec {

    /**
     * A virtual machine of QEMU with a kernel of the store.
     *
     * @param bridge whether {@link TargetSession#bridge} will be asked for: it puts a Java runtime
     *     into the machine, which takes longer to start
     */
    record Qemu(String kernelId, boolean bridge) implements TargetSpec {

        /** One without the bridge. */
        public Qemu(String kernelId) {
            this(kernelId, false);
        }
    }

    /** The user-mode-Linux debug lab. */
    record Uml() implements TargetSpec {}

    /** This machine's own kernel. */
    record Local() implements TargetSpec {}

    /** A board reached by SSH. */
    record Ssh(String host) implements TargetSpec {}
}
