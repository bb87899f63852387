/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A kernel that is complete on this machine: modules can be built for it, and, where it has an
 * image, it can be booted in a lab.
 *
 * @param id the name users type, such as {@code debian-6.1}
 * @param release what {@code uname -r} prints when it runs
 * @param headers the directory for {@code make -C}
 * @param compiler the compiler it has to be built with (make's {@code CC=}), empty for the default
 * @param image the bootable image (bzImage), empty when it can only be built for
 * @param modules the directory that holds {@code modules.dep} and {@code kernel/}, empty as above
 * @param toolchain the tools to build with; empty for this machine's own
 * @param cross how to build for its processor where that is another kind than this machine's
 */
public record Kernel(
        String id,
        String release,
        Path headers,
        Optional<String> compiler,
        Optional<Path> image,
        Optional<Path> modules,
        Optional<Toolchain> toolchain,
        Optional<CrossBuild> cross) {

    /** A kernel that this machine's own tools build for. */
    public Kernel(
            String id,
            String release,
            Path headers,
            Optional<String> compiler,
            Optional<Path> image,
            Optional<Path> modules) {
        this(id, release, headers, compiler, image, modules, Optional.empty());
    }

    /** A kernel for this machine's kind of processor. */
    public Kernel(
            String id,
            String release,
            Path headers,
            Optional<String> compiler,
            Optional<Path> image,
            Optional<Path> modules,
            Optional<Toolchain> toolchain) {
        this(id, release, headers, compiler, image, modules, toolchain, Optional.empty());
    }

    /** The same for another kind of processor. */
    public Kernel withCross(CrossBuild other) {
        return new Kernel(
                id, release, headers, compiler, image, modules, toolchain, Optional.of(other));
    }
}
