/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

/** Presses Ctrl-C for tests of other packages. */
public final class Interruptions {

    private Interruptions() {}

    public static void ctrlC(Interruption interruption) {
        interruption.deliver();
    }
}
