/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.matrix.MatrixCell;
import org.kmodscope.core.matrix.MatrixStep;
import org.kmodscope.core.matrix.MatrixVerdict;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.results.MatrixBoard;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;
import org.kmodscope.ide.results.RunRecord.Trouble;
import org.kmodscope.ide.tests.NothingLogged;
import org.kmodscope.ide.tests.results.Samples;
import org.kmodscope.ui.tests.Screen;

/** The view shows what the history has. */
@ExtendWith(NothingLogged.class)
class ProbeResultsViewTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final IWorkbenchPage page =
            PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
    private final RunHistory history = new RunHistory();
    private ProbeResultsView view = new ProbeResultsView();

    @BeforeEach
    void open() throws Exception {
        view = (ProbeResultsView) page.showView(ProbeResultsView.ID);
        if (page.getPartState(page.getReference(view)) != IWorkbenchPage.STATE_MAXIMIZED) {
            page.toggleZoom(page.getReference(view));
        }
        shell().setBounds(0, 0, 1280, 720);
        shell().forceActive();
        view.use(history);
        Screen.settle();
    }

    @AfterEach
    void close() {
        page.hideView(view);
    }

    private static Shell shell() {
        return PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    }

    private Tree tree() {
        return view.runPage().tree();
    }

    private Composite page() {
        return (Composite) view.runPage().control();
    }

    private Composite parent() {
        return page().getParent().getParent();
    }

    private String details() {
        return Screen.find(page(), StyledText.class, text -> true)
                .findFirst()
                .orElseThrow()
                .getText();
    }

    private ToolItem tool(String name) {
        return Screen.find(parent(), ToolBar.class, bar -> true)
                .flatMap(bar -> Arrays.stream(bar.getItems()))
                .filter(
                        item ->
                                item.getText().equals(name)
                                        || String.valueOf(item.getToolTipText()).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void show(RunRecord run, String headline) throws Exception {
        history.add(run);
        Screen.await("the run", LIMIT, () -> view.headline().equals(headline));
    }

    @Test
    void aViewWithoutRunsSaysHowToBegin() {
        assertTrue(view.empty());
        assertEquals("No run yet", view.headline());
        assertEquals("", view.activity());
    }

    @Test
    void whatRunsIsShownWithItsPhaseUntilItEnds() throws Exception {
        Running run = new Running();
        history.began(run);
        Screen.await("the title", LIMIT, () -> view.activity().equals("A run"));
        run.phase = "the probe signal";
        history.changed();
        Screen.await("the phase", LIMIT, () -> view.activity().equals("A run: the probe signal"));
        history.ended(run);
        Screen.await("no line", LIMIT, () -> view.activity().isEmpty());
    }

    private static final class Running implements RunHistory.Activity {

        private volatile String phase = "";

        @Override
        public String title() {
            return "A run";
        }

        @Override
        public String phase() {
            return phase;
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException("nobody asks for it");
        }
    }

    @Test
    void aRunIsShownWithWhatNeedsAttentionSelected() throws Exception {
        show(Samples.good(), "All 8 tests passed");
        Screen.picture(shell(), "results-good");
        show(Samples.bad(), "3 of 10 tests need attention");
        assertEquals(
                List.of("sigio   4 of 4", "libaio   1 of 3"),
                Stream.of(tree().getItems()).limit(2).map(item -> item.getText(0)).toList());
        TreeItem selected = tree().getSelection()[0];
        assertEquals("io_cancel of a pending read", selected.getText(0));
        assertEquals("was passing", selected.getText(2));
        assertTrue(details().contains("got 64"), details());
        assertFalse(tree().getItem(0).getExpanded(), "what is good takes room");
        var picture = Screen.picture(shell(), "results");
        assertTrue(Screen.colours(picture) > 20, "nothing was painted");
    }

    @Test
    void measuresAreATable() throws Exception {
        show(Samples.good(), "All 8 tests passed");
        TreeItem sigio = tree().getItem(0);
        sigio.setExpanded(true);
        tree().setSelection(sigio.getItem(2));
        tree().notifyListeners(SWT.Selection, new Event());
        Table measures =
                Screen.find(page(), Table.class, Table::getVisible).findFirst().orElseThrow();
        assertEquals("sigio.p50", measures.getItem(0).getText(0));
        assertEquals("249.33 us", measures.getItem(0).getText(1));
        Screen.picture(shell(), "results-measures");
    }

    @Test
    void failuresOnlyLeavesOutTheRest() throws Exception {
        show(Samples.bad(), "3 of 10 tests need attention");
        ToolItem filter = tool("Failures only");
        filter.setSelection(true);
        filter.notifyListeners(SWT.Selection, new Event());
        assertEquals(2, tree().getItemCount());
        assertEquals(2, tree().getItem(0).getItemCount());
    }

    @Test
    void aKernelReportHasItsFullText() throws Exception {
        show(Samples.complained(), "1 of 5 tests needs attention");
        String folded = details().substring(0, details().indexOf("The whole report:"));
        assertTrue(folded.contains("Read of size 8 at addr"), folded);
        assertTrue(folded.contains("[ringfifo]    ringfifo_aio.c:96"), folded);
        assertFalse(folded.contains("process_one_work"), folded);
        assertTrue(details().contains("process_one_work"), details());
        Screen.picture(shell(), "results-debug");
    }

    @Test
    void whatIsToBeKnownOfTheTargetStandsAboveItsResults() throws Exception {
        RunRecord run = Samples.good();
        String note = "KVM did not start debian-6.1, so the lab is emulated.";
        show(
                new RunRecord(
                        run.launch(),
                        run.started(),
                        run.elapsed(),
                        run.target(),
                        run.probes(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(note)),
                run.headline(run.tree(history)));
        assertEquals(note, view.explanation());
    }

    @Test
    void withoutADebugKernelTheWayToOneIsShown() throws Exception {
        Trouble trouble =
                Trouble.of(
                        new KmodscopeException(
                                Kind.MISSING,
                                "The debug kernel uml-debug is not built yet.",
                                "Fetch uml-debug on the preference page Linux Drivers."));
        show(
                new RunRecord(
                        ProbeLaunch.of("ringfifo").on("uml-debug"),
                        Instant.now(),
                        Duration.ZERO,
                        "",
                        trouble),
                "No test was run");
        assertTrue(view.explanation().contains("<a>"), view.explanation());
        Screen.picture(shell(), "results-no-debug-kernel");
    }

    @Test
    void aMatrixIsShownWhileItRuns() throws Exception {
        List<String> kernels =
                List.of("debian-5.10", "debian-6.1", "debian-6.12", "debian-7.2", "debian-7.3");
        boolean[] listens = new boolean[1];
        MatrixBoard board =
                new MatrixBoard(
                        "ringfifo",
                        Path.of("ringfifo"),
                        Instant.now(),
                        kernels,
                        () -> {
                            if (listens[0]) {
                                history.changed();
                            }
                        });
        history.add(board);
        listens[0] = true;
        for (String kernel : kernels.subList(0, 3)) {
            for (MatrixStep step : MatrixStep.values()) {
                boolean bad = kernel.endsWith("6.12") && step == MatrixStep.WARNINGS;
                board.ended(kernel, step, cell(kernel, step, bad));
            }
        }
        board.started("debian-7.2", MatrixStep.BUILD);
        Screen.await(
                "the table", LIMIT, () -> view.headline().equals("1 of 5 kernels needs attention"));
        Table table = view.matrixPage().table();
        assertEquals(5, table.getItemCount());
        assertEquals("1", table.getItem(2).getText(1 + MatrixStep.WARNINGS.ordinal()));
        assertEquals("…", table.getItem(3).getText(1 + MatrixStep.BUILD.ordinal()));
        assertFalse(tool("Rerun").getEnabled(), "it still runs");
        Screen.picture(shell(), "results-matrix");
        board.failed(Trouble.STOPPED);
        Screen.await("its end", LIMIT, () -> tool("Rerun").getEnabled());
        assertEquals("stopped", table.getItem(3).getText(1 + MatrixStep.BUILD.ordinal()));
    }

    private static MatrixCell cell(String kernel, MatrixStep step, boolean bad) {
        String text =
                switch (step) {
                    case KERNEL -> kernel.replace("debian-", "") + ".0-37-amd64";
                    case PROBES -> "230 ok";
                    case WARNINGS, SPARSE, SPLATS -> bad ? "1" : "0";
                    default -> "ok";
                };
        boolean timed = step == MatrixStep.BUILD || step == MatrixStep.PROBES;
        return new MatrixCell(
                bad ? MatrixVerdict.FAILED : MatrixVerdict.PASSED,
                text,
                Duration.ofMillis(timed ? 4_200 : 0),
                bad ? List.of("ringfifo_main.c:12:5: warning: unused variable 'x'") : List.of());
    }

    @Test
    void stopEndsWhatRuns() throws Exception {
        show(Samples.good(), "All 8 tests passed");
        assertFalse(tool("Stop").getEnabled());
        boolean[] stopped = new boolean[1];
        var activity =
                new RunHistory.Activity() {
                    @Override
                    public String title() {
                        return "all probes on /dev/ringfifo";
                    }

                    @Override
                    public void stop() {
                        stopped[0] = true;
                    }
                };
        history.began(activity);
        Screen.await("Stop", LIMIT, () -> tool("Stop").getEnabled());
        tool("Stop").notifyListeners(SWT.Selection, new Event());
        assertTrue(stopped[0]);
        history.ended(activity);
        Screen.await("its end", LIMIT, () -> !tool("Stop").getEnabled());
    }
}
