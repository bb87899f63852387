/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.util.List;

/**
 * What sparse says about a driver.
 *
 * @param outcome how it went
 * @param checked how many source files sparse was run on
 * @param diagnostics what it found in the project's own files; for {@link Outcome#UNPARSED} what it
 *     did not understand in the kernel's headers; for {@link Outcome#NOT_BUILT} what the compiler
 *     said
 */
public record SparseReport(Outcome outcome, int checked, List<Diagnostic> diagnostics) {

    /** How a check went. */
    public enum Outcome {
        /** Every source was looked at, and nothing was found. */
        CLEAN,
        /** Something was found. */
        FOUND,
        /**
         * This sparse is too old for this kernel's headers: it lost its way in them, so that its
         * silence about the driver would mean nothing.
         */
        UNPARSED,
        /** Make ran sparse on no file at all. */
        NOT_RUN,
        /** The driver does not compile; sparse was not run. */
        NOT_BUILT
    }

    /** Takes a copy of the list. */
    public SparseReport {
        diagnostics = List.copyOf(diagnostics);
    }
}
