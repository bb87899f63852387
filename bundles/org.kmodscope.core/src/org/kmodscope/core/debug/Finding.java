/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import java.util.List;
import java.util.Optional;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.splat.ModuleSource;
import org.kmodscope.core.splat.Splat;

/**
 * A report of the kernel, and where in the driver it is.
 *
 * @param splat the report
 * @param place the driver's line; empty when the report does not lead to one
 * @param during what was done when it came, such as {@code loading} or {@code the probe sigio}
 * @param folded the report with the driver's calls at their lines and the kernel's own folded
 */
public record Finding(
        Splat splat, Optional<ModuleSource.Place> place, String during, List<String> folded) {

    /** Takes a copy of the lines. */
    public Finding {
        folded = List.copyOf(folded);
    }

    /** It as compilers report their findings; without a place it is of the whole driver. */
    public Diagnostic diagnostic() {
        return new Diagnostic(
                place.map(ModuleSource.Place::file).orElse(""),
                place.map(ModuleSource.Place::line).orElse(0),
                0,
                Diagnostic.Severity.ERROR,
                splat.title() + " (during " + during + ")");
    }
}
