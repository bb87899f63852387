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
 * @param variant the name of a build that stands beside the usual one, such as {@code clang}; empty
 *     for the usual one
 */
public record BuildRequest(
        Path project, Kernel kernel, Optional<String> compiler, boolean debugInfo, String variant) {

    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*");

    private static final Pattern VARIANT = Pattern.compile("(?:[a-z0-9][a-z0-9-]*)?");

    /** Checks the variant's name. */
    public BuildRequest {
        if (!VARIANT.matcher(variant).matches()) {
            throw new IllegalArgumentException("no name of a variant: " + variant);
        }
    }

    /** A build with the kernel's own compiler and its own options. */
    public static BuildRequest of(Path project, Kernel kernel) {
        return new BuildRequest(project, kernel, Optional.empty(), false, "");
    }

    /** The same with another compiler. */
    public BuildRequest withCompiler(String program) {
        return new BuildRequest(project, kernel, Optional.of(program), debugInfo, variant);
    }

    /** The same with debug information. */
    public BuildRequest withDebugInfo() {
        return new BuildRequest(project, kernel, compiler, true, variant);
    }

    /**
     * The same beside the usual build: its modules are put elsewhere, and neither makes the other
     * stale.
     *
     * @param name lower-case letters, digits and hyphens
     */
    public BuildRequest asVariant(String name) {
        return new BuildRequest(project, kernel, compiler, debugInfo, name);
    }

    /**
     * Where the modules are put: {@code build/ID} in the project, {@code build/ID-VARIANT} for a
     * variant; ID is {@code kdir-RELEASE} when the kernel is a directory that a user named.
     */
    public Path output() {
        String id = kernel.id();
        String place = PLAIN_ID.matcher(id).matches() ? id : "kdir-" + kernel.release();
        return project.resolve("build").resolve(variant.isEmpty() ? place : place + "-" + variant);
    }
}
