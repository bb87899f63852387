/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.util.List;
import java.util.Locale;
import org.eclipse.jface.layout.TreeColumnLayout;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.viewers.ColumnPixelData;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeColumn;
import org.eclipse.swt.widgets.TreeItem;
import org.kmodscope.ide.results.ResultNode;

/** A run of probes: the tree of its tests, and what is to be said about the selected one. */
final class RunPage {

    private static final int NAME = 0;
    private static final int TIME = 1;
    private static final int CHANGE = 2;
    private static final int NAME_LEAST = 240;

    private final SashForm sash;
    private final Tree tree;
    private final DetailPane detail;
    private final ResultIcons icons;
    private List<ResultNode> nodes = List.of();
    private boolean failuresOnly;

    RunPage(Composite parent, ResultIcons icons, ResultActions actions) {
        this.icons = icons;
        sash = new SashForm(parent, SWT.HORIZONTAL);
        sash.setSashWidth(2);
        Composite left = new Composite(sash, SWT.NONE);
        TreeColumnLayout columns = new TreeColumnLayout();
        left.setLayout(columns);
        tree = new Tree(left, SWT.FULL_SELECTION | SWT.SINGLE);
        tree.setHeaderVisible(true);
        columns.setColumnData(
                column("Probe and test", SWT.LEFT), new ColumnWeightData(100, NAME_LEAST));
        columns.setColumnData(column("Time", SWT.RIGHT), new ColumnPixelData(72));
        columns.setColumnData(column("Last run", SWT.LEFT), new ColumnPixelData(140));
        detail = new DetailPane(sash, icons, actions);
        sash.setWeights(58, 42);
        tree.addListener(SWT.Selection, event -> showSelected());
        tree.addListener(
                SWT.DefaultSelection,
                event -> selected().stream().findFirst().ifPresent(actions::open));
    }

    private TreeColumn column(String title, int style) {
        TreeColumn column = new TreeColumn(tree, style);
        column.setText(title);
        return column;
    }

    Control control() {
        return sash;
    }

    Tree tree() {
        return tree;
    }

    /** Shows a tree, with the first test that needs attention selected. */
    void show(List<ResultNode> shown) {
        nodes = shown;
        fill();
    }

    /** Whether to leave out what needs no attention. */
    void failuresOnly(boolean only) {
        failuresOnly = only;
        fill();
    }

    private void fill() {
        tree.setRedraw(false);
        tree.removeAll();
        for (ResultNode node : nodes) {
            if (wanted(node)) {
                add(new TreeItem(tree, SWT.NONE), node);
            }
        }
        tree.setRedraw(true);
        select(tree.getItems());
        showSelected();
    }

    private boolean wanted(ResultNode node) {
        return !failuresOnly || node.kind().needsAttention();
    }

    private void add(TreeItem item, ResultNode node) {
        boolean group = !node.children().isEmpty();
        item.setData(node);
        item.setImage(NAME, icons.of(node.kind()));
        item.setText(NAME, group ? node.name() + "   " + node.tally() : node.name());
        item.setText(
                TIME,
                node.elapsed()
                        .map(time -> String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3))
                        .orElse(""));
        item.setText(CHANGE, node.change());
        boolean leads = group || node.newFailure();
        if (leads) {
            var bold = JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT);
            item.setFont(group ? NAME : CHANGE, bold);
            item.setFont(CHANGE, bold);
        }
        for (ResultNode child : node.children()) {
            if (wanted(child)) {
                add(new TreeItem(item, SWT.NONE), child);
            }
        }
        // What is as it should be needs no lines of its own until somebody asks.
        item.setExpanded(group && node.kind().needsAttention());
    }

    private boolean select(TreeItem[] items) {
        for (TreeItem item : items) {
            if (item.getData() instanceof ResultNode node && node.kind().needsAttention()) {
                if (node.children().isEmpty()) {
                    tree.setSelection(item);
                    return true;
                }
                if (select(item.getItems())) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<ResultNode> selected() {
        return java.util.Arrays.stream(tree.getSelection())
                .map(TreeItem::getData)
                .filter(ResultNode.class::isInstance)
                .map(ResultNode.class::cast)
                .toList();
    }

    private void showSelected() {
        detail.show(selected().stream().findFirst());
    }
}
