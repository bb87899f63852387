/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a build ended.
 *
 * @param module the .ko file; empty when the build failed
 * @param diagnostics all that was said, in order; of the build that made it when it is up to date
 * @param upToDate whether nothing had to be done
 */
public record BuildResult(Optional<Path> module, List<Diagnostic> diagnostics, boolean upToDate) {

    /** Takes a copy of the list. */
    public BuildResult {
        diagnostics = List.copyOf(diagnostics);
    }
}
