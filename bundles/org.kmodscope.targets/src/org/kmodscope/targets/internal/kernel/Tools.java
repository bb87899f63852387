/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Build tools of a Debian release, by name.
 *
 * @param name of their directory
 * @param compiler the compiler among them that the kernel was built with
 */
record Tools(String name, String compiler) {

    /** The last file to be written in their directory. */
    static final String MANIFEST = "toolchain.properties";

    /** Whether they are all there, in this directory. */
    boolean complete(Path place) {
        return Files.isRegularFile(place.resolve(MANIFEST))
                && Files.isExecutable(place.resolve("usr/bin/make"))
                && Files.isExecutable(place.resolve("usr/bin").resolve(compiler));
    }
}
