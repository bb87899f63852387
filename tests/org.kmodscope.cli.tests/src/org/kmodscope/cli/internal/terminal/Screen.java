/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A terminal whose two streams are kept, and what a person would see of the second one. */
public final class Screen {

    /** A terminal of 60 columns with colours. */
    public static final Face TTY = new Face(true, true, true, 60);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    public Screen(Face outFace, Face errFace) {
        terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        outFace,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        errFace);
    }

    /** Both streams lead to a file. */
    public static Screen pipes() {
        return new Screen(Face.PIPE, Face.PIPE);
    }

    public Terminal terminal() {
        return terminal;
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
