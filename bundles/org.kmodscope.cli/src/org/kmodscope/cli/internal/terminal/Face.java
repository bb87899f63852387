/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What one stream of the process leads to.
 *
 * @param tty whether a person looks at it, so that lines may be redrawn
 * @param colour whether escape sequences for colour are wanted
 * @param unicode whether its character set has more than ASCII
 * @param columns how wide it is; what is not a terminal counts as 80
 */
public record Face(boolean tty, boolean colour, boolean unicode, int columns) {

    /** A file or pipe, as most tests want it. */
    public static final Face PIPE = new Face(false, false, true, 80);

    private static final int DEFAULT_COLUMNS = 80;
    private static final int NARROWEST = 20;

    /**
     * Looks at one descriptor of this process. {@code System.console()} does not tell: it looks at
     * input and output together, and since JDK 22 it may exist without any terminal.
     */
    public static Face of(int descriptor, Charset charset, Map<String, String> environment) {
        boolean tty = leadsToTerminal(descriptor);
        boolean dumb = "dumb".equals(environment.get("TERM"));
        // https://no-color.org: present and not empty means no.
        boolean noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Face(
                tty && !dumb,
                tty && !dumb && !noColour,
                charset.newEncoder().canEncode('\u2713'),
                columns(environment.getOrDefault("COLUMNS", "")));
    }

    /** The same without colour. */
    public Face plain() {
        return new Face(tty, false, unicode, columns);
    }

    /** The text in this style, where colours are wanted. */
    public String paint(Style style, String text) {
        return colour ? style.wrap(text) : text;
    }

    /** The first where its character set has it, else the second. */
    public String symbol(String unicodeForm, String asciiForm) {
        return unicode ? unicodeForm : asciiForm;
    }

    /** The beginning of a line, so short that a terminal does not wrap it. */
    String fit(String line) {
        int room = columns - 1;
        return line.length() <= room ? line : line.substring(0, room - 1) + symbol("…", "~");
    }

    static boolean leadsToTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
        try {
            String place = Files.readSymbolicLink(link).toString();
            return place.startsWith("/dev/pts/")
                    || place.startsWith("/dev/tty")
                    || place.equals("/dev/console");
        } catch (IOException closedOrHidden) {
            return false;
        }
    }

    private static int columns(String text) {
        return text.matches("[0-9]{1,4}")
                ? Math.max(NARROWEST, Integer.parseInt(text))
                : DEFAULT_COLUMNS;
    }
}
