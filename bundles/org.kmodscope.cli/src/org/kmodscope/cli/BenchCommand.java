/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.kmodscope.core.KmodscopeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code bench}: named, and brought by a later version. */
@Command(
        name = "bench",
        description = "Measures kmodscope against C (not yet: a later version brings it).")
final class BenchCommand implements Callable<Integer> {

    /** Whatever its options will be, the answer is the same. */
    @Unmatched List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws KmodscopeException {
        throw NotYet.of("bench comes with a later version.", "");
    }
}
