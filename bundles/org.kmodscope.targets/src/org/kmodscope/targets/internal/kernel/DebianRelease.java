/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.util.List;

/**
 * A kernel that Debian packages.
 *
 * @param id the name users type
 * @param title what it is, for people
 * @param suite the Debian release that its packages are built for
 * @param meta the package that depends on the newest image of this series
 * @param compiler what modules for it are built with
 */
public record DebianRelease(String id, String title, String suite, String meta, String compiler) {

    /**
     * All that can be fetched, oldest first. The cloud flavour is half the size of the full one.
     */
    public static List<DebianRelease> all() {
        return List.of(
                // Built with gcc-10, which bookworm does not have; gcc-12 compiles it as well.
                new DebianRelease(
                        "debian-5.10",
                        "Debian 11 (bullseye), cloud",
                        "bullseye",
                        "linux-image-cloud-amd64",
                        "gcc-12"),
                new DebianRelease(
                        "debian-6.1",
                        "Debian 12 (bookworm), cloud",
                        "bookworm",
                        "linux-image-cloud-amd64",
                        "gcc-12"),
                new DebianRelease(
                        "debian-6.12",
                        "Debian 12 (bookworm) with the kernel of 13, cloud",
                        "bookworm",
                        "linux-image-6.12-cloud-amd64",
                        "gcc-12"));
    }
}
