/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.preferences;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.preference.PreferencePage;
import org.eclipse.jface.viewers.ColumnPixelData;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPreferencePage;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.kernel.KernelJob;
import org.kmodscope.ui.internal.visual.Quantity;

/** Linux Drivers &gt; Kernels: what is here, what can be had, and what it takes. */
public final class KernelsPage extends PreferencePage implements IWorkbenchPreferencePage {

    private static final int REFRESH_MILLIS = 200;

    private static final String NOTHING_SELECTED = "Select a kernel to read what it is.";

    private @Nullable Parts parts;
    private Set<String> busy = Set.of();

    private record Parts(
            PageTable<KernelEntry> table,
            Button fetch,
            Button cancel,
            Button remove,
            Label about,
            Label total) {}

    /** Made by the extension registry. */
    public KernelsPage() {
        noDefaultAndApplyButton();
    }

    @Override
    public void init(@Nullable IWorkbench workbench) {}

    @Override
    protected Control createContents(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).spacing(8, 8).applyTo(page);
        Label title = new Label(page, SWT.WRAP);
        title.setText(
                "Labs boot these kernels, and drivers are built for them. They are fetched when"
                        + " first needed; here that can be done ahead.");
        GridDataFactory.fillDefaults().span(2, 1).grab(true, false).hint(480, -1).applyTo(title);
        PageTable<KernelEntry> table = table(page);
        Button fetch = table.button("&Fetch", () -> start(KernelJob::fetch));
        Button cancel =
                table.button(
                        "&Cancel Fetch",
                        () ->
                                selected()
                                        .flatMap(entry -> KernelJob.running(entry.id()))
                                        .ifPresent(Job::cancel));
        Button remove = table.button("&Remove…", this::remove);
        table.button("&Add Directory…", this::add);
        Label about = new Label(page, SWT.WRAP);
        about.setText(NOTHING_SELECTED);
        GridDataFactory.fillDefaults().span(2, 1).grab(true, false).hint(480, -1).applyTo(about);
        Label total = new Label(page, SWT.NONE);
        total.setText("Looking for the kernels that are here…");
        GridDataFactory.fillDefaults().span(2, 1).grab(true, false).applyTo(total);
        Parts made = new Parts(table, fetch, cancel, remove, about, total);
        parts = made;
        table.onSelection(() -> select(made));
        enable(made);
        list();
        follow();
        return page;
    }

    private static PageTable<KernelEntry> table(Composite page) {
        PageTable<KernelEntry> table = new PageTable<>(page, KernelEntry.class);
        table.column("Kernel", SWT.LEFT, new ColumnPixelData(130), KernelEntry::id);
        table.column("State", SWT.LEFT, new ColumnPixelData(170), KernelsPage::state);
        table.column("Size", SWT.RIGHT, new ColumnPixelData(80), KernelsPage::size);
        table.column("What it is", SWT.LEFT, new ColumnWeightData(1, 120), KernelEntry::title);
        return table;
    }

    private static String state(KernelEntry entry) {
        return KernelJob.running(entry.id())
                .map(KernelJob::progress)
                .map(now -> "%d %%  %s".formatted(Math.round(now.fraction() * 100), now.step()))
                .orElseGet(
                        () ->
                                switch (entry.state()) {
                                    case READY -> "here";
                                    case AVAILABLE -> available(entry);
                                    case LACKING -> "not here";
                                    case NOT_YET -> "not supported yet";
                                });
    }

    private static String available(KernelEntry entry) {
        return entry.download() == 0
                ? "can be fetched"
                : "can be fetched, ~" + Quantity.bytes(entry.download());
    }

    private static String size(KernelEntry entry) {
        return entry.bytes() == 0 ? "" : Quantity.bytes(entry.bytes());
    }

    private Optional<KernelEntry> selected() {
        Parts shown = parts;
        return shown == null ? Optional.empty() : shown.table().selected();
    }

    /** The column of what it is has room for the beginning only. */
    private void select(Parts shown) {
        shown.about().setText(selected().map(KernelEntry::title).orElse(NOTHING_SELECTED));
        shown.about().requestLayout();
        enable(shown);
    }

    private void enable(Parts shown) {
        Optional<KernelEntry> entry = selected();
        boolean running = entry.filter(row -> KernelJob.running(row.id()).isPresent()).isPresent();
        boolean idle = entry.isPresent() && !running;
        shown.fetch().setEnabled(idle && is(entry, KernelEntry.State.AVAILABLE));
        shown.cancel().setEnabled(running);
        shown.remove()
                .setEnabled(
                        idle && entry.filter(row -> row.bytes() > 0 || row.named()).isPresent());
    }

    private static boolean is(Optional<KernelEntry> entry, KernelEntry.State state) {
        return entry.filter(row -> row.state() == state).isPresent();
    }

    private void remove() {
        Optional<KernelEntry> entry = selected();
        if (entry.isPresent()
                && MessageDialog.openQuestion(getShell(), "Remove Kernel", question(entry.get()))) {
            start(KernelJob::remove);
        }
    }

    private static String question(KernelEntry entry) {
        return entry.named()
                ? "Take %s out of the list? The directory stays as it is.".formatted(entry.id())
                : "Remove %s (%s) from the cache? It can be fetched again."
                        .formatted(entry.id(), size(entry));
    }

    private void add() {
        DirectoryDialog dialog = new DirectoryDialog(getShell());
        dialog.setText("Kernel Build Directory");
        dialog.setMessage(
                "A kernel source tree in which make was run, or /lib/modules/RELEASE/build.");
        Optional.ofNullable(dialog.open())
                .map(Path::of)
                .ifPresent(directory -> with(store -> KernelJob.add(store, directory).schedule()));
    }

    /** Makes a job of a store and a kernel. */
    private interface Action {
        KernelJob job(KernelStore store, String kernel);
    }

    private void start(Action action) {
        with(store -> selected().ifPresent(entry -> action.job(store, entry.id()).schedule()));
    }

    private void with(Consumer<KernelStore> action) {
        try {
            action.accept(DriverTools.installed().kernels());
            follow();
        } catch (KmodscopeException failure) {
            setErrorMessage(failure.getMessage());
        }
    }

    /** While something runs its progress is read; when it is over, the list is. */
    private void follow() {
        Parts shown = parts;
        if (shown == null || !shown.table().isOpen()) {
            return;
        }
        Set<String> now =
                KernelJob.running().stream().map(KernelJob::kernel).collect(Collectors.toSet());
        boolean ended = !now.containsAll(busy);
        busy = now;
        shown.table().refresh();
        enable(shown);
        if (ended) {
            list();
        }
        if (!now.isEmpty()) {
            shown.total().getDisplay().timerExec(REFRESH_MILLIS, this::follow);
        }
    }

    /** The store reads the disk, so a job asks it. */
    private void list() {
        Parts shown = parts;
        if (shown == null) {
            return;
        }
        Display display = shown.total().getDisplay();
        Job job =
                Job.createSystem(
                        "List kernels",
                        (ICoreRunnable)
                                monitor -> {
                                    try {
                                        List<KernelEntry> found =
                                                DriverTools.installed().kernels().list();
                                        display.asyncExec(() -> show(found));
                                    } catch (KmodscopeException failure) {
                                        throw new CoreException(
                                                Failures.status("List kernels", failure));
                                    }
                                });
        job.schedule();
    }

    private void show(List<KernelEntry> entries) {
        Parts shown = parts;
        if (shown == null || !shown.table().isOpen()) {
            return;
        }
        Optional<String> chosen = selected().map(KernelEntry::id);
        shown.table()
                .show(
                        entries,
                        entries.stream()
                                .filter(entry -> chosen.filter(entry.id()::equals).isPresent())
                                .findFirst());
        long bytes = entries.stream().mapToLong(KernelEntry::bytes).sum();
        shown.total().setText("All kernels together: " + Quantity.bytes(bytes));
        select(shown);
    }
}
