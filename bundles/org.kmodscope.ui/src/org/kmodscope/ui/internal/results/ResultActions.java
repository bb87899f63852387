/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchPartSite;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.eclipse.ui.ide.IDE;
import org.eclipse.ui.statushandlers.StatusManager;
import org.kmodscope.core.matrix.MatrixReport;
import org.kmodscope.core.matrix.MatrixStep;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.results.HistoryEntry;
import org.kmodscope.ide.results.MatrixBoard;
import org.kmodscope.ide.results.ResultNode;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;

/** What can be done with the run that is shown. UI thread; what waits for the disk is a job. */
final class ResultActions {

    private static final String KERNELS_PAGE = "org.kmodscope.ui.kernels";

    private final IWorkbenchPartSite site;
    private final RunHistory history;
    private final RunStarter starter;
    private final Supplier<Optional<HistoryEntry>> shown;

    ResultActions(
            IWorkbenchPartSite site, RunHistory history, Supplier<Optional<HistoryEntry>> shown) {
        this.site = site;
        this.history = history;
        this.starter = new RunStarter();
        this.shown = shown;
    }

    private Optional<RunRecord> run() {
        return shown.get().filter(RunRecord.class::isInstance).map(RunRecord.class::cast);
    }

    private Optional<MatrixBoard> board() {
        return shown.get().filter(MatrixBoard.class::isInstance).map(MatrixBoard.class::cast);
    }

    /** Runs it again, where it ran: a probe of it, or all that it had. */
    void rerun(Optional<String> probe) {
        board().ifPresent(board -> starter.matrix(board.project()));
        run().ifPresent(
                        run -> {
                            ProbeLaunch launch =
                                    probe.map(run.launch()::withProbe).orElse(run.launch());
                            if (TargetSpec.lab(launch.target(), false).findsFaults()) {
                                starter.debugRun(launch);
                            } else {
                                starter.launch(launch);
                            }
                        });
    }

    /** Runs a probe, or all that was run, in the lab of a debug kernel. */
    void debugRun(Optional<String> probe, String kernel) {
        run().ifPresent(
                        run ->
                                starter.debugRun(
                                        probe.map(run.launch()::withProbe)
                                                .orElse(run.launch())
                                                .on(kernel)));
        board().ifPresent(
                        board ->
                                starter.debugRun(
                                        ProbeLaunch.of(board.project())
                                                .withProbe(ProbeLaunch.ALL_PROBES)
                                                .on(kernel)));
    }

    /** Runs the driver on all kernels. */
    void matrix() {
        shown.get().ifPresent(entry -> starter.matrix(entry.project()));
    }

    /** Ends what runs. */
    void stop() {
        history.running().forEach(RunHistory.Activity::stop);
    }

    /** Shows where kernels are fetched. */
    void kernels() {
        PreferencesUtil.createPreferenceDialogOn(site.getShell(), KERNELS_PAGE, null, null).open();
    }

    /** Puts the run on the clipboard. */
    void copy() {
        Optional<String> text =
                run().map(run -> run.markdown(run.tree(history)))
                        .or(() -> board().flatMap(board -> board.report().map(this::markdown)));
        if (text.isPresent()) {
            Clipboard clipboard = new Clipboard(site.getShell().getDisplay());
            clipboard.setContents(
                    new Object[] {text.get()}, new Transfer[] {TextTransfer.getInstance()});
            clipboard.dispose();
        }
    }

    private String markdown(MatrixReport report) {
        // Names of logs relative to the directory that holds build/matrix.
        return report.rows().isEmpty()
                ? ""
                : report.markdown(report.rows().getFirst().logs().resolve("../../..").normalize());
    }

    /** Writes the run for CI systems, where the user says. */
    void export() {
        FileDialog dialog = new FileDialog(site.getShell(), SWT.SAVE);
        dialog.setText("Export JUnit");
        dialog.setFileName("TEST-kmodscope.xml");
        dialog.setFilterExtensions(new String[] {"*.xml"});
        dialog.setOverwrite(true);
        String chosen = dialog.open();
        if (chosen != null) {
            Optional<RunRecord> run = run();
            Optional<MatrixReport> report = board().flatMap(MatrixBoard::report);
            job(
                    "Export JUnit",
                    () -> {
                        Path file = Path.of(chosen);
                        if (run.isPresent()) {
                            run.get().writeJUnit(file);
                        } else if (report.isPresent()) {
                            report.get().writeJUnit(file);
                        }
                    });
        }
    }

    /** Opens the line that a result leads to, if it leads to one. */
    void open(ResultNode node) {
        Optional<String> project = shown.get().map(HistoryEntry::project);
        if (project.isPresent() && node.place().isPresent()) {
            IFile file =
                    ResourcesPlugin.getWorkspace()
                            .getRoot()
                            .getProject(project.get())
                            .getFile(IPath.fromOSString(node.place().get().file()));
            edit(file, node.place().get().line());
        }
    }

    /** Opens the log that says most about a square of a matrix. */
    void openLog(String kernelId, MatrixStep step) {
        Optional<MatrixBoard> board = board();
        Display display = site.getShell().getDisplay();
        if (board.isPresent()) {
            job(
                    "Open log",
                    () -> {
                        Optional<Path> log = board.get().log(kernelId, step);
                        if (log.isPresent()) {
                            for (IFile file :
                                    ResourcesPlugin.getWorkspace()
                                            .getRoot()
                                            .findFilesForLocationURI(log.get().toUri())) {
                                file.refreshLocal(IResource.DEPTH_ZERO, null);
                                display.asyncExec(() -> edit(file, 1));
                                return;
                            }
                        }
                    });
        }
    }

    private void edit(IFile file, int line) {
        IWorkbenchPage page = site.getPage();
        try {
            IMarker place = file.createMarker(IMarker.TEXT);
            try {
                place.setAttribute(IMarker.LINE_NUMBER, line);
                IDE.openEditor(page, place);
            } finally {
                place.delete();
            }
        } catch (CoreException e) {
            StatusManager.getManager()
                    .handle(
                            Status.error(file.getName() + " cannot be opened.", e),
                            StatusManager.SHOW);
        }
    }

    /** Work that waits for the disk. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, CoreException;
    }

    private static void job(String name, Work work) {
        Job job =
                Job.create(
                        name,
                        (ICoreRunnable)
                                monitor -> {
                                    try {
                                        work.run();
                                    } catch (IOException e) {
                                        throw new CoreException(
                                                Status.error(name + ": " + e.getMessage(), e));
                                    }
                                });
        job.schedule();
    }
}
