/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.kmodscope.core.kernel.Kernel;

/**
 * A module to build.
 *
 * @param project the directory that holds Kbuild (or Makefile) and the sources
 * @param kernel what to build for
 * @param compiler the compiler to use instead of the kernel's own: one program, no options
 * @param debugInfo whether to add debug information, so that addresses of a kernel splat can be
 *     mapped to source lines
 */
public record BuildRequest(
        Path project, Kernel kernel, Optional<String> compiler, boolean debugInfo) {

    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*");

    /** A build with the kernel's own compiler and its own options. */
    public static BuildRequest of(Path project, Kernel kernel) {
        return new BuildRequest(project, kernel, Optional.empty(), false);
    }

    /** The same with another compiler. */
    public BuildRequest withCompiler(String program) {
        return new BuildRequest(project, kernel, Optional.of(program), debugInfo);
    }

    /** The same with debug information. */
    public BuildRequest withDebugInfo() {
        return new BuildRequest(project, kernel, compiler, true);
    }

    /**
     * Where the modules are put: {@code build/ID} in the project, or {@code build/kdir-RELEASE}
     * when the kernel is a directory that a user named.
     */
    public Path output() {
        String id = kernel.id();
        return project.resolve("build")
                .resolve(PLAIN_ID.matcher(id).matches() ? id : "kdir-" + kernel.release());
    }
}
