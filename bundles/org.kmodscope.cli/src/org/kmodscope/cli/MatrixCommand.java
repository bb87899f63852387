/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.kmodscope.core.KmodscopeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code matrix}: named, and brought by a later version. */
@Command(
        name = "matrix",
        description = "Runs the probes on several kernels (not yet: a later version brings it).")
final class MatrixCommand implements Callable<Integer> {

    /** Whatever its options will be, the answer is the same. */
    @Unmatched List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws KmodscopeException {
        throw NotYet.of(
                "matrix comes with a later version.",
                "Run kmodscope probe DIR --kernel ID for each kernel.");
    }
}
