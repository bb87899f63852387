/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Build tools of another system than this machine's, for kernels whose headers need newer ones: a
 * directory that the tools see as their root. Nothing of it runs outside of it.
 *
 * @param root holds {@code usr/bin}, {@code usr/lib} and so on, with make and the compiler
 * @param kernel the directory with all files of the kernel's packages, which the tools see at its
 *     own path
 */
public record Toolchain(Path root, Path kernel) {

    /** Whether a program is among the tools. */
    public boolean has(String program) {
        return !program.contains("/")
                && Files.isExecutable(root.resolve("usr/bin").resolve(program));
    }
}
