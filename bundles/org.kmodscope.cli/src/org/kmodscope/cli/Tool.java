/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.Target;

/**
 * What every command works with.
 *
 * @param terminal where it writes
 * @param interruption what Ctrl-C does to it
 * @param supply makes the parts when a command first needs them, so that {@code --help} needs none
 */
record Tool(Terminal terminal, Interruption interruption, Supply supply) {

    Parts parts() throws KmodscopeException {
        return supply.get();
    }

    /** The same with another target. */
    Tool with(Target target) {
        return new Tool(terminal, interruption, () -> supply.get().with(target));
    }

    Steps steps() {
        return new Steps(terminal, interruption);
    }

    /** Makes the parts. */
    @FunctionalInterface
    interface Supply {

        Parts get() throws KmodscopeException;
    }
}
