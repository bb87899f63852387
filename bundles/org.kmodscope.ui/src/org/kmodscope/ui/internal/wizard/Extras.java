/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.dialogs.ListSelectionDialog;
import org.kmodscope.core.driver.CiSystem;
import org.kmodscope.core.driver.DriverField;
import org.kmodscope.core.driver.TemplateOffer;
import org.kmodscope.ide.project.DriverDraft;

/** What goes with a driver: the kernels it is for, a CI system's file, probes. */
final class Extras extends Composite {

    /** Long-term kernels and those that Debian has; any other from 5.10 on can be typed. */
    private static final List<String> USUAL =
            List.of("5.10", "5.15", "6.1", "6.6", "6.12", "7.2", "7.3");

    private final Combo kernel;
    private final Combo workflow;
    private final Button probes;
    private Optional<DriverDraft> shown = Optional.empty();

    /**
     * @param typed hears what is typed
     * @param changed hears of other changes of the draft
     */
    Extras(Composite parent, BiConsumer<DriverField, String> typed, Runnable changed) {
        super(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(5).spacing(8, 0).applyTo(this);
        caption("Oldest &kernel", 0);
        kernel = new Combo(this, SWT.DROP_DOWN);
        kernel.setItems(USUAL.toArray(String[]::new));
        kernel.setToolTipText(DriverField.KERNEL_MIN.rule());
        kernel.addListener(
                SWT.Modify, e -> typed.accept(DriverField.KERNEL_MIN, kernel.getText().strip()));
        GridDataFactory.fillDefaults()
                .grab(true, false)
                .minSize(88, 0)
                .hint(88, SWT.DEFAULT)
                .applyTo(kernel);
        caption("&CI file", 8);
        workflow = new Combo(this, SWT.READ_ONLY);
        workflow.setToolTipText("A file that runs kmodscope matrix whenever the project changes");
        workflow.add("none");
        Stream.of(CiSystem.values()).map(CiSystem::word).forEach(workflow::add);
        workflow.addListener(
                SWT.Selection,
                e -> {
                    shown.ifPresent(draft -> draft.setWorkflow(CiSystem.parse(workflow.getText())));
                    changed.run();
                });
        GridDataFactory.fillDefaults()
                .grab(true, false)
                .minSize(80, 0)
                .hint(80, SWT.DEFAULT)
                .applyTo(workflow);
        probes = new Button(this, SWT.PUSH);
        probes.addListener(
                SWT.Selection,
                e -> {
                    shown.ifPresent(this::choose);
                    changed.run();
                });
        GridDataFactory.fillDefaults()
                .grab(true, false)
                .minSize(80, 0)
                .hint(80, SWT.DEFAULT)
                .indent(8, 0)
                .applyTo(probes);
    }

    private void caption(String text, int indent) {
        Label label = new Label(this, SWT.NONE);
        label.setText(text);
        GridDataFactory.fillDefaults()
                .align(SWT.BEGINNING, SWT.CENTER)
                .indent(indent, 0)
                .applyTo(label);
    }

    /** Shows what a draft says. */
    void show(DriverDraft draft) {
        shown = Optional.of(draft);
        String version = draft.text(DriverField.KERNEL_MIN);
        if (!kernel.getText().strip().equals(version)) {
            kernel.setText(version);
        }
        workflow.setText(draft.workflow().map(CiSystem::word).orElse("none"));
        String names = String.join(", ", draft.probes());
        int count = draft.probes().size();
        probes.setText(count == 1 ? "1 pro&be…" : "%d pro&bes…".formatted(count));
        probes.setToolTipText(
                "Programs that test the driver: "
                        + (names.isEmpty() ? "none comes with it" : names));
    }

    private static Object[] offered(DriverDraft draft) {
        return draft.template().probes().stream().map(TemplateOffer.Probe::name).toArray();
    }

    private void choose(DriverDraft draft) {
        List<String> fitting = draft.template().probes(draft.features());
        ListSelectionDialog dialog =
                ListSelectionDialog.of(offered(draft))
                        .contentProvider(ArrayContentProvider.getInstance())
                        .labelProvider(new FitLabels(fitting))
                        .title("Probes")
                        .message("Programs that test the driver and come with it:")
                        .preselect(draft.probes().toArray())
                        .create(getShell());
        if (dialog.open() == Window.OK) {
            List<String> names = Stream.of(dialog.getResult()).map(String::valueOf).toList();
            draft.setProbes(names.equals(fitting) ? Optional.empty() : Optional.of(names));
        }
    }

    /** The names, with a word at those that have nothing to test here. */
    private static final class FitLabels extends LabelProvider {

        private final List<String> fitting;

        FitLabels(List<String> fitting) {
            this.fitting = fitting;
        }

        @Override
        public String getText(@Nullable Object element) {
            String name = String.valueOf(element);
            return fitting.contains(name) ? name : name + "  (nothing to test in this driver)";
        }
    }
}
