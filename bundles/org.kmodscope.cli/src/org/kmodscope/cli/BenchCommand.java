/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code bench}: measured by a program of a checkout, which the launcher there runs instead of
 * this; what is installed has neither its classes nor its C programs.
 */
@Command(
        name = "bench",
        description = "Measures kmodscope against C; in a checkout only: ./kmodscope bench.")
final class BenchCommand implements Callable<Integer> {

    /** Whatever is asked of it, the answer is the same. */
    @Unmatched List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws KmodscopeException {
        throw new KmodscopeException(
                Kind.USAGE,
                "The benchmarks are not part of an installed kmodscope.",
                "In a checkout of its sources: ./kmodscope bench");
    }
}
