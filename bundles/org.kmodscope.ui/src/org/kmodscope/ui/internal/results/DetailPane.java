/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Link;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.kmodscope.core.probe.Measure;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.results.ResultNode;

/** What is to be said about one test: its words, what it measured, where to go from here. */
final class DetailPane {

    private static final int MOST_ROWS = 6;

    private final Composite control;
    private final ResultIcons icons;
    private final CLabel title;
    private final StyledText text;
    private final Table measures;
    private final Link links;
    private Optional<ResultNode> shown = Optional.empty();

    DetailPane(Composite parent, ResultIcons icons, ResultActions actions) {
        this.icons = icons;
        control = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().margins(8, 4).spacing(8, 4).applyTo(control);
        title = new CLabel(control, SWT.NONE);
        title.setMargins(0, 0, 0, 0);
        title.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        GridDataFactory.fillDefaults().grab(true, false).applyTo(title);
        text = new StyledText(control, SWT.READ_ONLY | SWT.V_SCROLL | SWT.H_SCROLL);
        text.setFont(JFaceResources.getTextFont());
        text.setAlwaysShowScrollBars(false);
        text.setMargins(8, 4, 8, 4);
        GridDataFactory.fillDefaults().grab(true, true).hint(120, 60).applyTo(text);
        measures = new Table(control, SWT.FULL_SELECTION | SWT.SINGLE);
        measures.setHeaderVisible(true);
        new TableColumn(measures, SWT.LEFT).setText("Measure");
        new TableColumn(measures, SWT.RIGHT).setText("Value");
        GridDataFactory.fillDefaults().grab(true, false).applyTo(measures);
        links = new Link(control, SWT.NONE);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(links);
        links.addListener(SWT.Selection, event -> follow(event.text, actions));
        show(Optional.empty());
    }

    Control control() {
        return control;
    }

    void show(Optional<ResultNode> node) {
        shown = node;
        title.setText(node.map(ResultNode::name).orElse(""));
        title.setImage(node.isPresent() ? icons.of(node.get().kind()) : null);
        text.setText(node.map(DetailPane::words).orElse("Select a test."));
        show(node.map(ResultNode::measures).orElse(List.of()));
        links.setText(node.map(DetailPane::offers).orElse(""));
        control.layout(true, true);
    }

    private static String words(ResultNode node) {
        if (!node.details().isEmpty()) {
            return String.join("\n", node.details());
        }
        return node.children().isEmpty()
                ? "It said no more than that: " + node.kind().word() + "."
                : node.tally();
    }

    private void show(List<Measure> all) {
        measures.removeAll();
        for (Measure measure : all) {
            new TableItem(measures, SWT.NONE)
                    .setText(new String[] {measure.name(), measure.text()});
        }
        for (TableColumn column : measures.getColumns()) {
            column.pack();
        }
        if (measures.getLayoutData() instanceof GridData data) {
            data.exclude = all.isEmpty();
            int rows = Math.min(MOST_ROWS, all.size());
            data.heightHint = rows * measures.getItemHeight();
        }
        measures.setVisible(!all.isEmpty());
    }

    private static String offers(ResultNode node) {
        List<String> offers = new ArrayList<>();
        node.place()
                .ifPresent(
                        place ->
                                offers.add(
                                        "<a href=\"open\">Open "
                                                + place.file()
                                                + ":"
                                                + place.line()
                                                + "</a>"));
        if (!node.probe().isEmpty()) {
            offers.add("<a href=\"rerun\">Rerun " + node.probe() + "</a>");
            offers.add("<a href=\"debug\">Run " + node.probe() + " in UML Debug Lab</a>");
        }
        offers.add("<a href=\"copy\">Copy as Markdown</a>");
        return String.join("     ", offers);
    }

    private void follow(String link, ResultActions actions) {
        if (shown.isEmpty()) {
            return;
        }
        ResultNode node = shown.get();
        switch (link) {
            case "open" -> actions.open(node);
            case "rerun" -> actions.rerun(Optional.of(node.probe()));
            case "debug" -> actions.debugRun(Optional.of(node.probe()), TargetSpec.Uml.KERNEL_ID);
            default -> actions.copy();
        }
    }
}
