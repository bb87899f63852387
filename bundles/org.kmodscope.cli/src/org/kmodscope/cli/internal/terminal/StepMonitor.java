/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Shows how far a step is: on a terminal as one line that is redrawn ten times a second by a thread
 * of this object's, elsewhere as a line now and then. Cancelled by Ctrl-C.
 */
public final class StepMonitor implements IProgressMonitor, AutoCloseable {

    private static final String[] TURNING = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final String[] TURNING_ASCII = {"|", "/", "-", "\\"};
    private static final int REDRAW_MILLIS = 100;
    private static final long LOG_LINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String title;
    private final Terminal terminal;
    private final Interruption interruption;
    private final long start = System.nanoTime();
    private final @Nullable ScheduledExecutorService redraw;

    private String subTask = "";
    private String note = "";
    private boolean cached;
    private double total;
    private double done;
    private long lastLogLine = start;
    private volatile boolean canceled;

    StepMonitor(String title, Terminal terminal, Interruption interruption) {
        this.title = title;
        this.terminal = terminal;
        this.interruption = interruption;
        if (terminal.errFace().tty() && terminal.verbosity() != Terminal.Verbosity.QUIET) {
            ScheduledExecutorService timer =
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().name("kmodscope-progress").daemon().factory());
            timer.scheduleAtFixedRate(this::draw, 0, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
            redraw = timer;
        } else {
            redraw = null;
        }
    }

    /** Says that an earlier run had done the work. */
    public synchronized void cachedResult() {
        cached = true;
    }

    /** Says in a few words what came of the step. */
    public synchronized void note(String text) {
        note = text;
    }

    synchronized boolean cached() {
        return cached;
    }

    synchronized String note() {
        return note;
    }

    @Override
    public synchronized void beginTask(@Nullable String name, int totalWork) {
        total = totalWork == UNKNOWN ? 0 : totalWork;
        done = 0;
        subTask(name);
    }

    @Override
    public synchronized void done() {
        done = total;
    }

    @Override
    public synchronized void internalWorked(double work) {
        done += work;
    }

    @Override
    public boolean isCanceled() {
        return canceled || interruption.isCancelled();
    }

    @Override
    public void setCanceled(boolean value) {
        canceled = value;
    }

    @Override
    public void setTaskName(@Nullable String name) {
        subTask(name);
    }

    @Override
    public synchronized void subTask(@Nullable String name) {
        if (name == null || name.isEmpty() || name.equals(subTask)) {
            return;
        }
        subTask = name;
        long now = System.nanoTime();
        if (redraw == null && now - lastLogLine >= LOG_LINE_NANOS) {
            lastLogLine = now;
            terminal.message("    " + name);
        }
    }

    @Override
    public void worked(int work) {
        internalWorked(work);
    }

    /** Removes the line and ends its thread. */
    @Override
    public void close() {
        ScheduledExecutorService timer = redraw;
        if (timer != null) {
            timer.close();
            terminal.status("");
        }
    }

    private void draw() {
        terminal.status(line());
    }

    private synchronized String line() {
        long elapsed = System.nanoTime() - start;
        String[] wheel = terminal.errFace().unicode() ? TURNING : TURNING_ASCII;
        StringBuilder line = new StringBuilder();
        line.append(wheel[(int) (elapsed / 1_000_000 / REDRAW_MILLIS % wheel.length)])
                .append(' ')
                .append(title)
                .append("  ")
                .append(Quantity.seconds(elapsed));
        if (total > 0 && done > 0) {
            double part = Math.min(1, done / total);
            line.append(String.format(Locale.ROOT, "  %3.0f %%", 100 * part));
        }
        if (!subTask.isEmpty() && !subTask.equals(title)) {
            line.append("  ").append(subTask);
        }
        return line.toString();
    }
}
