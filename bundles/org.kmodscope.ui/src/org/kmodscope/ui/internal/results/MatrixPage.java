/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.custom.TableCursor;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Link;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.kmodscope.core.matrix.MatrixCell;
import org.kmodscope.core.matrix.MatrixStep;
import org.kmodscope.ide.results.MatrixBoard;
import org.kmodscope.ide.results.MatrixBoard.Square;
import org.kmodscope.ui.internal.visual.Captions;

/** A run on all kernels: kernel by step, and what is to be said about the selected square. */
final class MatrixPage {

    private static final MatrixStep[] STEPS = MatrixStep.values();

    private final SashForm sash;
    private final Table table;
    private final TableCursor cursor;
    private final StyledText text;
    private final ResultIcons icons;
    private List<String> kernels = List.of();

    MatrixPage(Composite parent, ResultIcons icons, ResultActions actions) {
        this.icons = icons;
        sash = new SashForm(parent, SWT.VERTICAL);
        sash.setSashWidth(2);
        table = new Table(sash, SWT.SINGLE);
        table.setHeaderVisible(true);
        table.setLinesVisible(true);
        column("Kernel", 128);
        for (MatrixStep step : STEPS) {
            column(heading(step.title()), width(step));
        }
        cursor = new TableCursor(table, SWT.NONE);
        Captions.keepColours(cursor);
        cursor.setBackground(cursor.getDisplay().getSystemColor(SWT.COLOR_LIST_SELECTION));
        cursor.setForeground(cursor.getDisplay().getSystemColor(SWT.COLOR_LIST_SELECTION_TEXT));
        Composite below = new Composite(sash, SWT.NONE);
        GridLayoutFactory.fillDefaults().margins(8, 4).spacing(8, 4).applyTo(below);
        text = new StyledText(below, SWT.READ_ONLY | SWT.V_SCROLL | SWT.H_SCROLL);
        text.setFont(JFaceResources.getTextFont());
        text.setAlwaysShowScrollBars(false);
        text.setMargins(8, 4, 8, 4);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(text);
        Link links = new Link(below, SWT.NONE);
        links.setText("<a href=\"log\">Open Log</a>     <a href=\"copy\">Copy as Markdown</a>");
        links.addListener(
                SWT.Selection,
                event -> {
                    if ("log".equals(event.text)) {
                        openLog(actions);
                    } else {
                        actions.copy();
                    }
                });
        sash.setWeights(62, 38);
        cursor.addListener(SWT.Selection, event -> tell());
        cursor.addListener(SWT.DefaultSelection, event -> openLog(actions));
    }

    private static String heading(String title) {
        return Character.toUpperCase(title.charAt(0)) + title.substring(1);
    }

    private void column(String title, int width) {
        TableColumn column = new TableColumn(table, SWT.LEFT);
        column.setText(title);
        column.setWidth(width);
    }

    private static int width(MatrixStep step) {
        return switch (step) {
            case KERNEL -> 156;
            case PROBES -> 128;
            case BUILD, SPARSE, BOOT, LOAD -> 104;
            case WARNINGS, UNLOAD, SPLATS -> 88;
        };
    }

    Control control() {
        return sash;
    }

    Table table() {
        return table;
    }

    private void openLog(ResultActions actions) {
        TableItem row = cursor.getRow();
        if (row != null && cursor.getColumn() > 0) {
            actions.openLog(row.getText(0), STEPS[cursor.getColumn() - 1]);
        }
    }

    /** Shows a board as it is now; rows are made anew only when the kernels are others. */
    void show(MatrixBoard board) {
        if (!board.kernels().equals(kernels)) {
            kernels = board.kernels();
            table.removeAll();
            for (String kernel : kernels) {
                new TableItem(table, SWT.NONE).setText(0, kernel);
            }
        }
        for (TableItem row : table.getItems()) {
            row.setData(board);
            for (int i = 0; i < STEPS.length; i++) {
                show(row, i + 1, board.square(row.getText(0), STEPS[i]), board.running());
            }
        }
        if (cursor.getRow() == null && !kernels.isEmpty()) {
            cursor.setSelection(0, 1);
        }
        tell();
    }

    private void show(TableItem row, int column, Square square, boolean running) {
        String words =
                switch (square) {
                    case Square.Waiting waiting -> "";
                    case Square.Running doing -> running ? "…" : "stopped";
                    case Square.Done done -> words(done.cell());
                };
        boolean other = !row.getText(column).equals(words);
        if (other) {
            row.setText(column, words);
        }
        if (square instanceof Square.Done done) {
            set(row, column, icons.of(done.cell().verdict()));
        } else if (square instanceof Square.Running) {
            set(row, column, icons.get(running ? "result-running" : "result-skipped"));
        } else {
            row.setImage(column, null);
        }
        if (other) {
            widen(table.getColumn(column));
        }
    }

    /** Has the room that its words need in the user's font; never takes any away. */
    private static void widen(TableColumn column) {
        int width = column.getWidth();
        column.pack();
        if (column.getWidth() < width) {
            column.setWidth(width);
        }
    }

    private static void set(TableItem row, int column, Image image) {
        if (!image.equals(row.getImage(column))) {
            row.setImage(column, image);
        }
    }

    private static String words(MatrixCell cell) {
        Duration time = cell.elapsed();
        // Below what is shown of it.
        return time.toMillis() < 50
                ? cell.text()
                : cell.text() + String.format(Locale.ROOT, "  %.1f s", time.toMillis() / 1e3);
    }

    private void tell() {
        TableItem row = cursor.getRow();
        if (row == null
                || !(row.getData() instanceof MatrixBoard board)
                || cursor.getColumn() < 1) {
            text.setText("Select a square.");
            return;
        }
        MatrixStep step = STEPS[cursor.getColumn() - 1];
        String head = row.getText(0) + ": " + step.title() + "\n";
        String words =
                switch (board.square(row.getText(0), step)) {
                    case Square.Waiting waiting -> "Not done.";
                    case Square.Running doing -> doing.what().isEmpty() ? "Runs." : doing.what();
                    case Square.Done done ->
                            done.cell().details().isEmpty()
                                    ? words(done.cell())
                                    : String.join("\n", done.cell().details());
                };
        if (!text.getText().equals(head + words)) {
            text.setText(head + words);
        }
    }
}
