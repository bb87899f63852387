/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the build of a probe ended.
 *
 * @param program the static program; empty when the build failed
 * @param diagnostics all that was said, in order; of the build that made it when it is up to date
 * @param upToDate whether nothing had to be done
 */
public record ProbeProgram(Optional<Path> program, List<Diagnostic> diagnostics, boolean upToDate) {

    /** Takes a copy of the list. */
    public ProbeProgram {
        diagnostics = List.copyOf(diagnostics);
    }
}
