/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.util.ArrayList;
import java.util.List;
import org.kmodscope.core.KmodscopeException;

/**
 * The steps of a command, one after another: each is announced, shows progress while it runs, and
 * ends with the time it took.
 */
public final class Steps {

    private static final int TITLE_WIDTH = 62;

    private final Terminal terminal;
    private final Interruption interruption;
    private final List<Taken> taken = new ArrayList<>();

    /** No step yet. */
    public Steps(Terminal terminal, Interruption interruption) {
        this.terminal = terminal;
        this.interruption = interruption;
    }

    /** Runs one step and returns what it made. */
    public <T> T run(String title, Body<T> body) throws KmodscopeException, InterruptedException {
        long start = System.nanoTime();
        boolean tty = terminal.errFace().tty();
        if (!tty) {
            terminal.message("==> " + title);
        }
        StepMonitor monitor = new StepMonitor(title, terminal, interruption);
        boolean good = false;
        try (monitor) {
            T result = body.run(monitor);
            good = true;
            return result;
        } finally {
            Taken step =
                    new Taken(title, System.nanoTime() - start, monitor.cached(), monitor.note());
            taken.add(step);
            terminal.message(tty ? mark(good) + " " + line(step) : "    " + ending(good, step));
        }
    }

    /** The steps so far, with their times. */
    public List<Taken> taken() {
        return List.copyOf(taken);
    }

    private String mark(boolean good) {
        Face face = terminal.errFace();
        return good
                ? face.paint(Style.GOOD, face.symbol("✓", "+"))
                : face.paint(Style.BAD, face.symbol("✗", "x"));
    }

    private String line(Taken step) {
        Face face = terminal.errFace();
        String title = step.title() + (step.note().isEmpty() ? "" : ": " + step.note());
        String time = Quantity.seconds(step.nanos());
        String right = step.cached() ? "cached  " + time : time;
        int room = Math.min(face.columns() - 3, TITLE_WIDTH + 14) - right.length();
        return title
                + " ".repeat(Math.max(2, room - title.length()))
                + face.paint(Style.FAINT, right);
    }

    private static String ending(boolean good, Taken step) {
        String how = !good ? "failed after " : step.cached() ? "cached, " : "done in ";
        String time = Quantity.seconds(step.nanos());
        return how + time + (step.note().isEmpty() ? "" : " (" + step.note() + ")");
    }

    /** What a step does. */
    @FunctionalInterface
    public interface Body<T> {

        T run(StepMonitor monitor) throws KmodscopeException, InterruptedException;
    }

    /**
     * A step that ended.
     *
     * @param title what it does
     * @param nanos how long it took
     * @param cached whether an earlier run had done the work
     * @param note what came of it, in a few words; may be empty
     */
    public record Taken(String title, long nanos, boolean cached, String note) {}
}
