/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import org.kmodscope.cli.internal.terminal.Interruption;
import org.kmodscope.cli.internal.terminal.Screen;

/** The whole command line on a screen that is kept. */
final class Fixture {

    private final Screen screen;
    private final Interruption interruption = new Interruption(Thread.currentThread(), () -> {});
    private final CommandLineTool tool;

    Fixture(Screen screen, Tool.Supply supply) {
        this.screen = screen;
        tool = new CommandLineTool(new Tool(screen.terminal(), interruption, supply));
    }

    /** One that fails a test when a command asks for its parts. */
    static Fixture withoutParts() {
        return new Fixture(
                Screen.pipes(),
                () -> {
                    throw new AssertionError("no parts were needed");
                });
    }

    int run(String... arguments) {
        return tool.run(arguments);
    }

    String out() {
        return screen.out();
    }

    String err() {
        return screen.err();
    }

    Interruption interruption() {
        return interruption;
    }
}
