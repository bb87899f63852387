/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.MenuItem;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import org.kmodscope.core.matrix.MatrixVerdict;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.results.HistoryEntry;
import org.kmodscope.ide.results.MatrixBoard;
import org.kmodscope.ide.results.ResultKind;
import org.kmodscope.ide.results.RunRecord;

/** The tool bar of the view: what to do with a run, and which run to show. */
final class ResultTools {

    private final Composite control;
    private final ToolItem rerun;
    private final ToolItem stop;
    private final ToolItem failuresOnly;
    private final ToolItem matrix;
    private final ToolItem debug;
    private final ToolItem export;
    private final Combo runs;

    ResultTools(Composite parent, ResultIcons icons, ResultActions actions) {
        control = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(4, 2).applyTo(control);
        ToolBar bar = new ToolBar(control, SWT.FLAT | SWT.RIGHT);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(bar);
        rerun = item(bar, icons, "rerun", "Rerun", "Run the same again, where it ran");
        stop = item(bar, icons, "stop", "Stop", "");
        new ToolItem(bar, SWT.SEPARATOR);
        matrix = item(bar, icons, "matrix", "Run on All Kernels", "Examine the driver on each");
        debug = new ToolItem(bar, SWT.DROP_DOWN);
        debug.setImage(icons.get("debug-lab"));
        debug.setText("Run in UML Debug Lab");
        debug.setToolTipText("Run these probes under KASAN, lockdep and kmemleak");
        new ToolItem(bar, SWT.SEPARATOR);
        failuresOnly = new ToolItem(bar, SWT.CHECK);
        failuresOnly.setImage(icons.get("filter"));
        failuresOnly.setToolTipText("Failures only");
        export = item(bar, icons, "export", "", "Export JUnit…");
        rerun.addListener(SWT.Selection, event -> actions.rerun(Optional.empty()));
        stop.addListener(SWT.Selection, event -> actions.stop());
        matrix.addListener(SWT.Selection, event -> actions.matrix());
        Menu labs = debugLabs(actions);
        debug.addListener(
                SWT.Selection,
                event -> {
                    if (event.detail == SWT.ARROW) {
                        labs.setLocation(bar.toDisplay(event.x, event.y));
                        labs.setVisible(true);
                    } else {
                        actions.debugRun(Optional.empty(), TargetSpec.Uml.KERNEL_ID);
                    }
                });
        export.addListener(SWT.Selection, event -> actions.export());
        runs = new Combo(control, SWT.DROP_DOWN | SWT.READ_ONLY);
        GridDataFactory.fillDefaults().hint(230, SWT.DEFAULT).applyTo(runs);
    }

    private Menu debugLabs(ResultActions actions) {
        Menu menu = new Menu(control);
        control.addDisposeListener(event -> menu.dispose());
        lab(menu, "UML Debug Lab (starts in a second)", TargetSpec.Uml.KERNEL_ID, actions);
        lab(menu, "QEMU Debug Lab (several processors)", TargetSpec.Qemu.DEBUG_KERNEL_ID, actions);
        return menu;
    }

    private static void lab(Menu menu, String text, String kernel, ResultActions actions) {
        MenuItem item = new MenuItem(menu, SWT.PUSH);
        item.setText(text);
        item.addListener(SWT.Selection, event -> actions.debugRun(Optional.empty(), kernel));
    }

    private static ToolItem item(
            ToolBar bar, ResultIcons icons, String icon, String text, String tip) {
        ToolItem item = new ToolItem(bar, SWT.PUSH);
        item.setImage(icons.get(icon));
        item.setText(text);
        item.setToolTipText(tip);
        return item;
    }

    Composite control() {
        return control;
    }

    /** The list of runs, newest first. */
    Combo runs() {
        return runs;
    }

    void onFailuresOnly(Consumer<Boolean> listener) {
        failuresOnly.addListener(
                SWT.Selection, event -> listener.accept(failuresOnly.getSelection()));
    }

    /** What runs now. */
    void running(List<String> titles) {
        stop.setEnabled(!titles.isEmpty());
        stop.setToolTipText(
                titles.isEmpty() ? "Nothing runs." : "Stop: " + String.join(", ", titles));
    }

    /** What can be done with this. */
    void enabled(Optional<HistoryEntry> shown) {
        boolean over =
                shown.filter(
                                entry ->
                                        entry instanceof RunRecord
                                                || entry instanceof MatrixBoard board
                                                        && !board.running())
                        .isPresent();
        rerun.setEnabled(over);
        export.setEnabled(over);
        matrix.setEnabled(over);
        debug.setEnabled(over);
        runs.setEnabled(shown.isPresent());
        failuresOnly.setEnabled(shown.filter(RunRecord.class::isInstance).isPresent());
    }

    /** A verdict among results of tests. */
    static ResultKind kind(MatrixVerdict verdict) {
        return switch (verdict) {
            case PASSED -> ResultKind.PASSED;
            case SKIPPED -> ResultKind.SKIPPED;
            case MISSING, BROKEN -> ResultKind.ERROR;
            case FAILED -> ResultKind.FAILED;
        };
    }
}
