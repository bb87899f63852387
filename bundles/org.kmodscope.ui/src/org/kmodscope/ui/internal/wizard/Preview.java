/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.text.Document;
import org.eclipse.jface.text.source.CompositeRuler;
import org.eclipse.jface.text.source.LineNumberRulerColumn;
import org.eclipse.jface.text.source.SourceViewer;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.jface.viewers.TreeViewer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.GeneratedTree;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.project.DriverPlan;
import org.kmodscope.ui.internal.visual.Quantity;

/**
 * Exactly what Finish would write: the files, what the last choice changed in them, and the text of
 * the chosen one. Rendering is a job; the newest request wins.
 */
final class Preview extends Composite {

    private static final long SETTLE_MILLIS = 120;
    private static final int KERNEL_TAB = 8;

    private final AtomicReference<Optional<DriverPlan>> wanted =
            new AtomicReference<>(Optional.empty());
    private final Label summary;
    private final TreeViewer files;
    private final SourceViewer text;
    private final Label title;
    private final Job rendering;
    private final Consumer<IStatus> failures;
    private Optional<GeneratedTree> shown = Optional.empty();
    private String module = "";
    private String chosen = "";

    /**
     * @param failures hears, on the UI thread, why there is nothing to show
     */
    Preview(Composite parent, Consumer<IStatus> failures) {
        super(parent, SWT.NONE);
        this.failures = failures;
        GridLayoutFactory.fillDefaults().spacing(8, 8).applyTo(this);
        Composite head = new Composite(this, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).spacing(8, 0).applyTo(head);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(head);
        Label caption = new Label(head, SWT.NONE);
        caption.setText("Preview");
        caption.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        summary = new Label(head, SWT.RIGHT);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(summary);

        SashForm halves = new SashForm(this, SWT.HORIZONTAL | SWT.SMOOTH);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(halves);
        files = new TreeViewer(halves, SWT.BORDER | SWT.SINGLE | SWT.V_SCROLL | SWT.H_SCROLL);
        var look = new FileTree();
        files.setContentProvider(look);
        files.setLabelProvider(look.labels(files.getControl()));
        files.addSelectionChangedListener(
                e -> look.selected(e.getStructuredSelection()).ifPresent(this::choose));
        Composite code = new Composite(halves, SWT.BORDER);
        GridLayoutFactory.fillDefaults().spacing(0, 0).applyTo(code);
        title = new Label(code, SWT.NONE);
        title.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        GridDataFactory.fillDefaults().grab(true, false).indent(8, 4).applyTo(title);
        CompositeRuler ruler = new CompositeRuler();
        LineNumberRulerColumn numbers = new LineNumberRulerColumn();
        numbers.setForeground(getDisplay().getSystemColor(SWT.COLOR_WIDGET_DISABLED_FOREGROUND));
        ruler.addDecorator(0, numbers);
        text = new SourceViewer(code, ruler, SWT.V_SCROLL | SWT.H_SCROLL);
        text.setEditable(false);
        text.configure(new CSourceConfiguration(getDisplay()));
        text.getTextWidget().setFont(JFaceResources.getTextFont());
        text.getTextWidget().setTabs(KERNEL_TAB);
        text.setDocument(new Document());
        GridDataFactory.fillDefaults().grab(true, true).applyTo(text.getControl());
        halves.setWeights(40, 60);

        rendering = Job.create("Preview of the driver", (ICoreRunnable) monitor -> render());
        rendering.setSystem(true);
        addDisposeListener(e -> rendering.cancel());
    }

    /** Shows what this plan makes. UI thread; returns at once. */
    void show(DriverPlan plan) {
        if (wanted.getAndSet(Optional.of(plan)).equals(Optional.of(plan))) {
            return;
        }
        rendering.schedule(shown.isEmpty() ? 0 : SETTLE_MILLIS);
    }

    private void render() {
        Optional<DriverPlan> plan = wanted.get();
        if (plan.isEmpty()) {
            return;
        }
        try {
            GeneratedTree tree = plan.get().render(DriverTools.installed().templates());
            later(() -> rendered(tree, plan.get().spec().module()));
        } catch (KmodscopeException failure) {
            // Asked for again, it is tried and told again.
            wanted.compareAndSet(plan, Optional.empty());
            later(() -> failures.accept(Failures.status("Preview", failure)));
        }
    }

    private void later(Runnable update) {
        if (!isDisposed()) {
            getDisplay()
                    .asyncExec(
                            () -> {
                                if (!isDisposed()) {
                                    update.run();
                                }
                            });
        }
    }

    private void rendered(GeneratedTree tree, String named) {
        // Under another name everything is new, which says nothing about a choice.
        GeneratedTree before = shown.filter(any -> named.equals(module)).orElse(tree);
        shown = Optional.of(tree);
        module = named;
        List<String> paths = tree.paths();
        int lines = lines(tree);
        int more = lines - lines(before);
        summary.setText(
                "%d files · %,d lines%s"
                        .formatted(
                                paths.size(),
                                lines,
                                more == 0 ? "" : " · " + change(more) + " since your last choice"));
        files.setInput(new FileTree.Input(tree, before));
        files.expandAll();
        if (!paths.contains(chosen)) {
            chosen = mainFile(tree);
        }
        files.setSelection(new StructuredSelection(FileTree.node(chosen)), true);
        choose(chosen);
        summary.requestLayout();
    }

    private void choose(String path) {
        chosen = path;
        title.setText(path);
        title.requestLayout();
        String now = shown.flatMap(tree -> tree.text(path)).orElse("");
        @Nullable String before = text.getDocument().get();
        if (!now.equals(before)) {
            int top = text.getTopIndex();
            text.getDocument().set(now);
            text.setTopIndex(top);
        }
    }

    private static String change(int lines) {
        return (lines < 0 ? "−" : "+") + Quantity.count(Math.abs(lines));
    }

    private static int lines(GeneratedTree tree) {
        return tree.paths().stream()
                .map(path -> tree.text(path).orElse(""))
                .mapToInt(content -> Math.toIntExact(content.lines().count()))
                .sum();
    }

    /** The file to begin reading with: the one with the module's init function. */
    static String mainFile(GeneratedTree tree) {
        return tree.paths().stream()
                .filter(path -> tree.text(path).orElse("").contains("MODULE_LICENSE("))
                .findFirst()
                .orElse(tree.paths().getFirst());
    }

    /** The same bytes in both trees. */
    static boolean same(GeneratedTree one, GeneratedTree other, String path) {
        return Arrays.equals(
                one.bytes(path).orElseGet(() -> new byte[0]),
                other.bytes(path).orElseGet(() -> new byte[0]));
    }
}
