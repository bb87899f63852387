/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

/**
 * A Debian release to look for kernels in.
 *
 * @param name its code name
 * @param backports whether its backports are looked at, too
 */
public record DebianSuite(String name, boolean backports) {

    /** A release alone. */
    public static DebianSuite of(String name) {
        return new DebianSuite(name, false);
    }

    /** A release with its backports. */
    public static DebianSuite withBackports(String name) {
        return new DebianSuite(name, true);
    }
}
