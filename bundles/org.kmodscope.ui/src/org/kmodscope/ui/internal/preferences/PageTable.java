/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.preferences;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnLayoutData;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.jface.viewers.TableViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;

/**
 * A table of a page of the preferences, with the buttons beside it. UI thread.
 *
 * @param <T> what a row is
 */
final class PageTable<T> {

    private static final int WIDTH = 620;
    private static final int HEIGHT = 240;
    private static final int BUTTON_WIDTH = 110;

    private final Class<T> kind;
    private final TableColumnLayout layout = new TableColumnLayout();
    private final TableViewer viewer;
    private final Composite buttons;

    /**
     * @param page has two columns
     */
    PageTable(Composite page, Class<T> kind) {
        this.kind = kind;
        Composite frame = new Composite(page, SWT.NONE);
        GridDataFactory.fillDefaults().grab(true, true).hint(WIDTH, HEIGHT).applyTo(frame);
        frame.setLayout(layout);
        viewer = new TableViewer(frame, SWT.BORDER | SWT.FULL_SELECTION | SWT.SINGLE);
        viewer.setContentProvider(ArrayContentProvider.getInstance());
        viewer.getTable().setHeaderVisible(true);
        buttons = new Composite(page, SWT.NONE);
        GridLayoutFactory.fillDefaults().spacing(4, 4).applyTo(buttons);
        GridDataFactory.fillDefaults().applyTo(buttons);
    }

    /** Adds a column. */
    void column(String title, int alignment, ColumnLayoutData width, Function<T, String> text) {
        TableViewerColumn column = new TableViewerColumn(viewer, alignment);
        column.getColumn().setText(title);
        column.setLabelProvider(
                ColumnLabelProvider.createTextProvider(
                        element -> kind.isInstance(element) ? text.apply(kind.cast(element)) : ""));
        layout.setColumnData(column.getColumn(), width);
    }

    /** Adds a button. */
    Button button(String text, Runnable action) {
        Button button = new Button(buttons, SWT.PUSH);
        button.setText(text);
        button.addListener(SWT.Selection, event -> action.run());
        GridDataFactory.fillDefaults().grab(true, false).hint(BUTTON_WIDTH, -1).applyTo(button);
        return button;
    }

    /** Has something done when another row, or none, is selected. */
    void onSelection(Runnable action) {
        viewer.addSelectionChangedListener(event -> action.run());
    }

    /** Has something done when a row is opened by Enter or a double click. */
    void onOpen(Runnable action) {
        viewer.addDoubleClickListener(event -> action.run());
    }

    /** The row that is selected. */
    Optional<T> selected() {
        return Optional.ofNullable(viewer.getStructuredSelection().getFirstElement())
                .map(kind::cast);
    }

    /**
     * Shows other rows.
     *
     * @param chosen which of them is selected, if one is
     */
    void show(List<T> rows, Optional<T> chosen) {
        viewer.setInput(rows);
        chosen.map(rows::indexOf).ifPresent(viewer.getTable()::setSelection);
    }

    /** Reads the words of all rows anew. */
    void refresh() {
        viewer.refresh();
    }

    /** Whether the page is still there. */
    boolean isOpen() {
        return !viewer.getTable().isDisposed();
    }
}
