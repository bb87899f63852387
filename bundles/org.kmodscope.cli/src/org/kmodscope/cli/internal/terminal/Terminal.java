/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;

/**
 * The only writer of both standard streams: data on standard output, everything else on standard
 * error. At the foot of the terminal there may be one status line (standard error) or one block
 * that is redrawn (standard output); all other text is written above it. Safe to use from any
 * thread.
 */
public final class Terminal {

    /** How much is said beside the data. */
    public enum Verbosity {
        /** Errors only. */
        QUIET,
        NORMAL,
        /** Each command that is run, and stack traces. */
        VERBOSE
    }

    private static final String TO_LINE_START_AND_CLEAR = "\r\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final Object lock = new Object();
    private final PrintStream out;
    private final PrintStream err;

    private Face outFace;
    private Face errFace;
    private Verbosity verbosity = Verbosity.NORMAL;
    private String status = "";
    private List<String> block = List.of();

    /** A terminal on these streams, which it flushes but never closes. */
    public Terminal(PrintStream out, Face outFace, PrintStream err, Face errFace) {
        this.out = out;
        this.outFace = outFace;
        this.err = err;
        this.errFace = errFace;
    }

    /** Takes over what the options say. */
    public void configure(Verbosity wanted, boolean colour) {
        synchronized (lock) {
            verbosity = wanted;
            if (!colour) {
                outFace = outFace.plain();
                errFace = errFace.plain();
            }
        }
    }

    /** How standard output looks. */
    public Face outFace() {
        synchronized (lock) {
            return outFace;
        }
    }

    /** How standard error looks. */
    public Face errFace() {
        synchronized (lock) {
            return errFace;
        }
    }

    /** How much is said. */
    public Verbosity verbosity() {
        synchronized (lock) {
            return verbosity;
        }
    }

    /** One line of data. */
    public void data(String line) {
        synchronized (lock) {
            aside(() -> out.println(line));
        }
    }

    /** One line of data in a style. */
    public void data(Style style, String line) {
        data(outFace().paint(style, line));
    }

    /** Whether nobody reads standard output any more, as behind {@code | head}. */
    public boolean outputGone() {
        synchronized (lock) {
            return out.checkError();
        }
    }

    /** Standard output for a library that writes pages of its own, such as help. */
    public PrintWriter pages() {
        return new PrintWriter(out, true);
    }

    /** A message for people; not with {@code --quiet}. */
    public void message(String line) {
        synchronized (lock) {
            if (verbosity != Verbosity.QUIET) {
                aside(() -> err.println(line));
            }
        }
    }

    /** A detail for people; only with {@code --verbose}. */
    public void detail(String line) {
        synchronized (lock) {
            if (verbosity == Verbosity.VERBOSE) {
                aside(() -> err.println(errFace.paint(Style.FAINT, line)));
            }
        }
    }

    /** Something that is wrong but does not end the command; said whatever the verbosity. */
    public void warning(String text) {
        synchronized (lock) {
            aside(() -> err.println(errFace.paint(Style.WARNING, "warning:") + " " + text));
        }
    }

    /** A question, with the cursor behind it; asked whatever the verbosity. */
    void prompt(String text) {
        synchronized (lock) {
            aside(() -> err.print(text));
        }
    }

    /** What went wrong and, where it is not empty, what to do about it. */
    public void error(String what, String remedy) {
        synchronized (lock) {
            aside(
                    () -> {
                        err.println(errFace.paint(Style.BAD, "kmodscope:") + " " + what);
                        if (!remedy.isEmpty()) {
                            remedy.lines()
                                    .map(line -> "  " + errFace.symbol("→", "->") + " " + line)
                                    .forEach(err::println);
                        }
                    });
        }
    }

    /** The status line; empty removes it. Nothing where standard error is no terminal. */
    public void status(String line) {
        synchronized (lock) {
            if (errFace.tty() && verbosity != Verbosity.QUIET) {
                eraseStatus();
                status = errFace.fit(line);
                drawStatus();
            }
        }
    }

    /**
     * Draws a block of lines in the place of the last one. Only for a standard output that is a
     * terminal; the lines may hold colours and must be short enough.
     */
    public void block(List<String> lines) {
        synchronized (lock) {
            eraseBlock();
            block = List.copyOf(lines);
            drawBlock();
        }
    }

    private void aside(Runnable print) {
        eraseStatus();
        eraseBlock();
        print.run();
        err.flush();
        drawBlock();
        drawStatus();
    }

    private void eraseStatus() {
        if (!status.isEmpty()) {
            err.print(TO_LINE_START_AND_CLEAR);
            err.flush();
        }
    }

    private void drawStatus() {
        if (!status.isEmpty()) {
            err.print(status);
            err.flush();
        }
    }

    private void eraseBlock() {
        if (!block.isEmpty()) {
            out.print("\u001b[" + block.size() + "A\r" + CLEAR_BELOW);
            out.flush();
        }
    }

    private void drawBlock() {
        block.forEach(out::println);
        out.flush();
    }
}
