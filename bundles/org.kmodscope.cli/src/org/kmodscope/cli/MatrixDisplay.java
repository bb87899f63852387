/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.matrix.MatrixCell;
import org.kmodscope.core.matrix.MatrixListener;
import org.kmodscope.core.matrix.MatrixStep;

/**
 * Shows how far a matrix is: a table that is redrawn on a terminal, a line for each step elsewhere.
 * Safe to use from several threads.
 */
final class MatrixDisplay implements MatrixListener, AutoCloseable {

    private final Terminal terminal;
    private final Map<String, Map<MatrixStep, MatrixCell>> rows = new LinkedHashMap<>();
    private final Map<String, String> now = new TreeMap<>();

    MatrixDisplay(Terminal terminal, List<String> kernels) {
        this.terminal = terminal;
        kernels.forEach(id -> rows.put(id, new EnumMap<>(MatrixStep.class)));
        draw();
    }

    @Override
    public synchronized void started(String kernelId, MatrixStep step) {
        now.put(kernelId, step.title());
        draw();
    }

    @Override
    public synchronized void progress(String kernelId, String what) {
        now.put(kernelId, what);
        draw();
    }

    @Override
    public synchronized void ended(String kernelId, MatrixStep step, MatrixCell cell) {
        rows.computeIfAbsent(kernelId, id -> new EnumMap<>(MatrixStep.class)).put(step, cell);
        now.put(kernelId, "");
        if (terminal.outFace().tty()) {
            draw();
        } else {
            terminal.message(kernelId + ": " + step.title() + " " + MatrixTable.text(step, cell));
        }
    }

    @Override
    public void style(MatrixCell cell) {
        terminal.detail("checkpatch: " + cell.text());
    }

    /** Removes the table that was redrawn. */
    @Override
    public synchronized void close() {
        if (terminal.outFace().tty()) {
            terminal.block(List.of());
        }
    }

    private void draw() {
        if (terminal.outFace().tty()) {
            terminal.block(new MatrixTable(terminal.outFace()).live(rows, now));
        }
    }
}
