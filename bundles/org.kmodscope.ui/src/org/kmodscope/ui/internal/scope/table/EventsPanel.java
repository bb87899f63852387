/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.table;

import java.util.List;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Link;
import org.eclipse.swt.widgets.Text;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.Picture;
import org.kmodscope.ui.internal.scope.ScopeModel;
import org.kmodscope.ui.internal.scope.timeline.TimeTicks;
import org.kmodscope.ui.internal.visual.Captions;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * The events of the picture where it stands still and shows them one by one, else the latest; with
 * a filter that says how much it hides.
 */
public final class EventsPanel {

    /** How often a live table changes, at most; faster than this nobody reads. */
    private static final long PERIOD_NANOS = 200_000_000;

    private final ScopeModel model;
    private final Composite panel;
    private final Label title;
    private final Text filter;
    private final Link hidden;
    private final EventList list;
    private Object shownFor = "";
    private String shownFilter = "";
    private long lastShown = System.nanoTime() - PERIOD_NANOS;

    public EventsPanel(Composite parent, ScopeStyle style, ScopeModel model) {
        this.model = model;
        panel = new Composite(parent, SWT.NONE);
        GridLayout layout = new GridLayout(2, false);
        layout.marginWidth = 0;
        layout.marginHeight = 0;
        layout.marginRight = 4;
        layout.verticalSpacing = 0;
        panel.setLayout(layout);
        title = Captions.label(panel, style, style.fonts().label());
        GridData left = new GridData(SWT.FILL, SWT.CENTER, true, false);
        left.horizontalIndent = 12;
        title.setLayoutData(left);
        filter = new Text(panel, SWT.SEARCH | SWT.ICON_CANCEL);
        filter.setMessage("filter: kind, id, text");
        filter.setFont(style.fonts().label());
        GridData right = new GridData(SWT.END, SWT.CENTER, false, false);
        right.widthHint = 130;
        filter.setLayoutData(right);
        list = new EventList(panel, style, row -> row.event().ifPresent(e -> select(row)));
        list.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1));
        hidden = Captions.link(panel, SWT.NONE, style, style.fonts().label());
        GridData below = new GridData(SWT.FILL, SWT.CENTER, true, false, 2, 1);
        below.horizontalIndent = 12;
        below.exclude = true;
        hidden.setLayoutData(below);
        hidden.setVisible(false);
        hidden.addListener(SWT.Selection, event -> filter.setText(""));
        filter.addListener(SWT.Modify, event -> refresh(true));
        list.table()
                .getAccessible()
                .addAccessibleListener(
                        new AccessibleAdapter() {
                            @Override
                            public void getName(@Nullable AccessibleEvent event) {
                                if (event != null) {
                                    event.result = title.getText();
                                }
                            }
                        });
    }

    private void select(EventRow row) {
        model.select(row.event());
    }

    public Control control() {
        return panel;
    }

    /** What the table shows now. */
    public List<EventRow> rows() {
        return list.rows();
    }

    /** Sets the filter as if typed. */
    public void filter(String text) {
        filter.setText(text);
    }

    /** Takes over what the model shows. */
    public void refresh() {
        refresh(false);
    }

    private void refresh(boolean now) {
        Optional<Picture> standing = model.view().live() ? Optional.empty() : model.picture();
        Optional<EventSnapshot> snapshot = model.shown();
        Object source = standing.<Object>map(p -> p).or(() -> snapshot).orElse("");
        long clock = System.nanoTime();
        boolean early = standing.isEmpty() && clock - lastShown < PERIOD_NANOS;
        boolean same = source == shownFor && filter.getText().equals(shownFilter);
        if (!now && (same || early)) {
            list.mark(model.chain());
            list.select(model.view().selected());
            return;
        }
        lastShown = clock;
        shownFor = source;
        shownFilter = filter.getText();
        Optional<List<EventRow>> exact = standing.flatMap(EventRow::all);
        List<EventRow> all =
                exact.orElseGet(
                        () -> snapshot.map(s -> EventRow.all(s.latest())).orElse(List.of()));
        List<String> words = EventRow.words(filter.getText());
        List<EventRow> rows = all.stream().filter(row -> row.matches(words)).toList();
        boolean micros = exact.isPresent();
        long zero = micros ? TimeTicks.base(model.scale(), model.origin()) : model.origin();
        list.show(rows, model.chain(), zero, micros, exact.isEmpty());
        list.select(model.view().selected());
        title.setText(
                exact.isPresent()
                        ? Quantity.count(all.size()) + " in window"
                        : all.isEmpty() ? "none yet" : "latest " + Quantity.count(all.size()));
        showHidden(all.size() - rows.size());
    }

    private void showHidden(int count) {
        boolean show = count > 0;
        if (show) {
            String words = count == 1 ? " event hidden. " : " events hidden. ";
            hidden.setText(Quantity.count(count) + words + "<a>Clear filter</a>");
        }
        if (hidden.getLayoutData() instanceof GridData data && data.exclude == show) {
            data.exclude = !show;
            hidden.setVisible(show);
            panel.layout();
        }
    }
}
