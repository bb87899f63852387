/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.table;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.kmodscope.ui.internal.scope.timeline.Chain;
import org.kmodscope.ui.internal.visual.Captions;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The native table of events: virtual, exact, with symbols, chains and losses marked. */
final class EventList {

    private static final int ROW = 20;
    private static final int SYMBOL = 11;

    private static final int TIME = 0;
    private static final int EVENT = 1;

    private static final long SECOND = 1_000_000_000;

    private final ScopeStyle style;
    private final Table table;
    private final TableColumn[] columns = new TableColumn[4];
    private int shownTimeWidth;
    private List<EventRow> rows = List.of();
    private Optional<Chain> chain = Optional.empty();
    private long base;
    private boolean relative;

    EventList(Composite parent, ScopeStyle style, Consumer<EventRow> selected) {
        this.style = style;
        Composite holder = new Composite(parent, SWT.NONE);
        holder.setLayout(new FillLayout());
        table = new Table(holder, SWT.VIRTUAL | SWT.FULL_SELECTION | SWT.SINGLE | SWT.V_SCROLL);
        Captions.keepColours(table);
        table.setBackground(style.color(ScopeColor.CANVAS));
        table.setForeground(style.color(ScopeColor.INK));
        table.setHeaderBackground(style.color(ScopeColor.GUTTER));
        table.setHeaderForeground(style.color(ScopeColor.MUTED));
        table.setHeaderVisible(true);
        table.setFont(style.fonts().label());
        String[] titles = {"Time µs", "Event", "Id", "Result"};
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new TableColumn(table, i == EVENT ? SWT.LEFT : SWT.RIGHT);
            columns[i].setText(titles[i]);
            columns[i].setResizable(true);
        }
        table.addListener(SWT.SetData, this::fill);
        table.addListener(SWT.MeasureItem, event -> event.height = ROW);
        table.addListener(SWT.EraseItem, this::erase);
        table.addListener(SWT.PaintItem, this::paint);
        table.addListener(SWT.Resize, event -> spread());
        table.addListener(
                SWT.Selection,
                event -> {
                    int index = table.getSelectionIndex();
                    if (index >= 0 && index < rows.size()) {
                        selected.accept(rows.get(index));
                    }
                });
    }

    Composite control() {
        return table.getParent();
    }

    Table table() {
        return table;
    }

    List<EventRow> rows() {
        return rows;
    }

    /**
     * Shows other rows.
     *
     * @param zero the time to count from
     * @param micros whether to count in microseconds, for a picture that stands still
     * @param atEnd whether to scroll to the latest
     */
    void show(
            List<EventRow> next, Optional<Chain> marked, long zero, boolean micros, boolean atEnd) {
        rows = next;
        chain = marked;
        base = zero;
        relative = micros;
        columns[TIME].setText(micros ? "Time µs" : "Time s");
        if (timeWidth() != shownTimeWidth) {
            spread();
        }
        table.setItemCount(rows.size());
        table.clearAll();
        if (atEnd && !rows.isEmpty()) {
            table.setTopIndex(Math.max(0, rows.size() - visibleRows()));
        }
    }

    private int visibleRows() {
        return Math.max(1, (table.getClientArea().height - table.getHeaderHeight()) / ROW - 1);
    }

    /** Marks the rows of another chain. */
    void mark(Optional<Chain> marked) {
        if (!marked.equals(chain)) {
            chain = marked;
            table.redraw();
        }
    }

    /** Selects the row of an event and scrolls to it; none when it is not in the table. */
    void select(Optional<org.kmodscope.core.event.Event> event) {
        for (int i = 0; event.isPresent() && i < rows.size(); i++) {
            if (rows.get(i).event().equals(event)) {
                if (table.getSelectionIndex() != i) {
                    table.setSelection(i);
                }
                return;
            }
        }
        table.deselectAll();
    }

    /** After a hundred seconds, or a second in microseconds, the times have more digits. */
    private int timeWidth() {
        long most = relative ? SECOND : 100 * SECOND;
        return rows.isEmpty() || rows.getLast().timeNanos() - base < most ? 78 : 92;
    }

    private void spread() {
        int width = table.getClientArea().width;
        shownTimeWidth = timeWidth();
        int[] widths = {shownTimeWidth, 0, 46, 74};
        int rest = width - 8;
        for (int i = 0; i < columns.length; i++) {
            rest -= widths[i];
            if (i != EVENT) {
                columns[i].setWidth(widths[i]);
            }
        }
        columns[EVENT].setWidth(Math.max(100, rest));
    }

    private void fill(Event event) {
        if (!(event.item instanceof TableItem item)) {
            return;
        }
        // The CSS engine would keep each row that ever was, and fail on disposed ones.
        Captions.keepColours(item);
        // While GTK takes rows away it asks for one more, with an index of -1.
        if (event.index >= 0 && event.index < rows.size()) {
            EventRow row = rows.get(event.index);
            item.setText(new String[] {time(row), row.name(), row.id(), row.result()});
        }
    }

    private String time(EventRow row) {
        long offset = row.timeNanos() - base;
        if (relative) {
            return Quantity.signed(offset, 1_000, 1);
        }
        return Quantity.moment(offset).replace(" s", "");
    }

    private boolean inChain(EventRow row) {
        return chain.isPresent()
                && row.event().filter(event -> chain.get().holds(event)).isPresent();
    }

    private void erase(Event event) {
        int index = event.item instanceof TableItem item ? table.indexOf(item) : -1;
        if (index < 0 || index >= rows.size()) {
            return;
        }
        EventRow row = rows.get(index);
        boolean selected = (event.detail & SWT.SELECTED) != 0;
        GC gc = event.gc;
        if (row.isLoss() && !selected) {
            style.hazard().wash(gc, event.x, event.y, event.width, event.height);
            event.detail &= ~(SWT.BACKGROUND | SWT.HOT);
        } else if (inChain(row) && !selected) {
            gc.setBackground(style.color(ScopeColor.CHAIN_ROW));
            gc.fillRectangle(event.x, event.y, event.width, event.height);
            event.detail &= ~(SWT.BACKGROUND | SWT.HOT);
        }
        if (event.index == EVENT) {
            // Drawn by us, after the symbol.
            event.detail &= ~SWT.FOREGROUND;
        }
    }

    private void paint(Event event) {
        int index = event.item instanceof TableItem item ? table.indexOf(item) : -1;
        if (index < 0 || index >= rows.size()) {
            return;
        }
        EventRow row = rows.get(index);
        GC gc = event.gc;
        if (event.index == TIME && (inChain(row) || row.isLoss())) {
            gc.setBackground(style.color(row.isLoss() ? ScopeColor.LOST : ScopeColor.INK));
            gc.fillRectangle(0, event.y, 3, event.height);
        }
        if (event.index == EVENT) {
            Rectangle cell = ((TableItem) event.item).getBounds(EVENT);
            int middle = cell.y + cell.height / 2;
            var ink = gc.getForeground();
            gc.setAntialias(SWT.ON);
            style.symbols().draw(gc, row.look(), cell.x + 12, middle, SYMBOL);
            gc.setFont(row.isLoss() ? style.fonts().strong() : style.fonts().label());
            boolean selected = (event.detail & SWT.SELECTED) != 0;
            gc.setForeground(selected ? ink : style.color(ScopeColor.INK));
            gc.drawText(row.name(), cell.x + 26, middle - style.height(gc) / 2, true);
        }
    }
}
