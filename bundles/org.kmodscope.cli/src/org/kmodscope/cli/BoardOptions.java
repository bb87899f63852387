/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.target.Board;
import picocli.CommandLine.Option;

/** What differs for one run from what is written down of a board. */
final class BoardOptions {

    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            description = "A board's architecture as the kernel names it; with --cross-compile.")
    private Optional<String> arch = Optional.empty();

    @Option(
            names = "--cross-compile",
            paramLabel = "PREFIX",
            description = "The prefix of the compiler for a board; with --arch.")
    private Optional<String> crossCompile = Optional.empty();

    @Option(
            names = "--agent-cc",
            paramLabel = "CC",
            description = "The compiler for programs that run on a board.")
    private Optional<String> compiler = Optional.empty();

    /** The board as it is meant this time. */
    Board applyTo(Board described) throws KmodscopeException {
        if (arch.isPresent() != crossCompile.isPresent()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "--arch and --cross-compile belong together.",
                    "Give both, or none where the kernel's build directory tells.");
        }
        Board board = described;
        if (arch.isPresent()) {
            board = board.withCross(CrossBuild.of(arch.get(), crossCompile.orElseThrow()));
        }
        return compiler.isPresent() ? board.withCompiler(compiler.get()) : board;
    }

    /** Complains where there is no board. */
    void refuse() throws KmodscopeException {
        if (arch.isPresent() || crossCompile.isPresent() || compiler.isPresent()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "--arch, --cross-compile and --agent-cc are of boards.",
                    "Leave them out, or say --target ssh:HOST.");
        }
    }
}
