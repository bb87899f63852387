/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Link;
import org.eclipse.ui.part.ViewPart;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.matrix.MatrixStep;
import org.kmodscope.ide.results.HistoryEntry;
import org.kmodscope.ide.results.MatrixBoard;
import org.kmodscope.ide.results.ResultKind;
import org.kmodscope.ide.results.ResultNode;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;
import org.kmodscope.ide.results.RunRecord.Trouble;

/**
 * The view Probe Results: the last runs of probes, in one lab or on all kernels. However much
 * changes, one call of the UI thread is pending at most.
 */
public final class ProbeResultsView extends ViewPart {

    /** As plugin.xml names it. */
    public static final String ID = "org.kmodscope.ui.results";

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final AtomicBoolean pending = new AtomicBoolean();
    private Optional<Parts> open = Optional.empty();
    private List<HistoryEntry> entries = List.of();
    private Optional<HistoryEntry> shown = Optional.empty();

    /** All that exists while the view is usable. */
    private record Parts(
            Display display,
            RunHistory history,
            RunHistory.Subscription news,
            ResultTools tools,
            Label activity,
            ResultHeader header,
            Link note,
            Composite stack,
            StackLayout pages,
            Label empty,
            RunPage run,
            MatrixPage matrix) {}

    @Override
    public void createPartControl(@Nullable Composite parent) {
        if (parent == null) {
            return;
        }
        parent.setLayout(new FillLayout());
        try {
            create(parent, RunHistory.installed());
        } catch (KmodscopeException missing) {
            new Label(parent, SWT.WRAP).setText(missing.getMessage() + "\n" + missing.remedy());
        }
    }

    private void create(Composite parent, RunHistory history) {
        Composite all = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().spacing(0, 0).applyTo(all);
        ResultIcons icons = new ResultIcons(all);
        ResultActions actions = new ResultActions(getSite(), history, () -> shown);
        ResultTools tools = new ResultTools(all, icons, actions);
        fill(tools.control());
        Label activity = new Label(all, SWT.NONE);
        GridDataFactory.fillDefaults()
                .grab(true, false)
                .indent(8, 2)
                .exclude(true)
                .applyTo(activity);
        ResultHeader header = new ResultHeader(all, icons);
        fill(header.control());
        Link note = new Link(all, SWT.WRAP);
        GridDataFactory.fillDefaults().grab(true, false).indent(8, 0).exclude(true).applyTo(note);
        note.addListener(SWT.Selection, event -> actions.kernels());
        Composite stack = new Composite(all, SWT.NONE);
        StackLayout pages = new StackLayout();
        stack.setLayout(pages);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(stack);
        Label empty = new Label(stack, SWT.CENTER);
        empty.setText(
                "Run As > Async Driver Probe on a driver project runs its probes;"
                        + " Run on All Kernels in its menu examines it on each.");
        RunPage run = new RunPage(stack, icons, actions);
        MatrixPage matrix = new MatrixPage(stack, icons, actions);
        tools.onFailuresOnly(run::failuresOnly);
        tools.runs().addListener(SWT.Selection, event -> choose(tools.runs()));
        open =
                Optional.of(
                        new Parts(
                                parent.getDisplay(),
                                history,
                                history.listen(this::wake),
                                tools,
                                activity,
                                header,
                                note,
                                stack,
                                pages,
                                empty,
                                run,
                                matrix));
        catchUp();
    }

    private static void fill(Control control) {
        GridDataFactory.fillDefaults().grab(true, false).applyTo(control);
    }

    /** Has the UI thread look, unless it is about to. Any thread. */
    private void wake() {
        Optional<Parts> parts = open;
        if (parts.isPresent()
                && !parts.get().display().isDisposed()
                && pending.compareAndSet(false, true)) {
            parts.get().display().asyncExec(this::catchUp);
        }
    }

    private void catchUp() {
        pending.set(false);
        if (open.isEmpty() || open.get().stack().isDisposed()) {
            return;
        }
        Parts parts = open.get();
        List<HistoryEntry> now = parts.history().entries();
        // A page is missing in a view that has just been opened.
        boolean others = !now.equals(entries) || parts.pages().topControl == null;
        if (others) {
            entries = now;
            shown = now.stream().findFirst();
            parts.tools().runs().setItems(now.stream().map(this::label).toArray(String[]::new));
            parts.tools().runs().select(0);
        }
        show(parts, parts.history().running());
        // A run of probes does not change any more; a board does.
        if (others || shown.filter(MatrixBoard.class::isInstance).isPresent()) {
            show(parts);
        }
    }

    /** What runs now has a line of its own: results of earlier runs stay to be read meanwhile. */
    private static void show(Parts parts, List<RunHistory.Activity> running) {
        parts.tools().running(running.stream().map(RunHistory.Activity::title).toList());
        String line =
                running.stream()
                        .map(one -> one.title() + (one.phase().isEmpty() ? "" : ": " + one.phase()))
                        .collect(Collectors.joining(" · "));
        if (line.equals(parts.activity().getText())) {
            return;
        }
        parts.activity().setText(line);
        include(parts.activity(), !line.isEmpty());
        parts.stack().getParent().layout(true, true);
    }

    private static void include(Control part, boolean included) {
        if (part.getLayoutData() instanceof GridData data) {
            data.exclude = !included;
        }
        part.setVisible(included);
    }

    private String label(HistoryEntry entry) {
        return CLOCK.format(entry.started().atZone(ZoneId.systemDefault()))
                + "  "
                + entry.project()
                + ", "
                + entry.title();
    }

    private void choose(Combo runs) {
        int at = runs.getSelectionIndex();
        if (at >= 0 && at < entries.size() && open.isPresent()) {
            shown = Optional.of(entries.get(at));
            show(open.get());
        }
    }

    private void show(Parts parts) {
        Control page = parts.empty();
        if (shown.isPresent()) {
            page =
                    switch (shown.get()) {
                        case RunRecord run -> show(parts, run);
                        case MatrixBoard board -> show(parts, board);
                    };
        } else {
            parts.header().show("No run yet", "", List.of());
        }
        parts.tools().enabled(shown);
        parts.pages().topControl = page;
        parts.stack().layout();
    }

    private Control show(Parts parts, RunRecord run) {
        List<ResultNode> tree = run.tree(parts.history());
        List<ResultKind> kinds =
                tree.stream().flatMap(ResultNode::leaves).map(ResultNode::kind).toList();
        String time = String.format(Locale.ROOT, "%.1f s", run.elapsed().toMillis() / 1e3);
        parts.header()
                .show(
                        run.headline(tree),
                        time
                                + " · "
                                + run.project()
                                + (run.target().isEmpty() ? "" : " · " + run.target()),
                        kinds);
        note(parts, run.trouble(), run.note());
        parts.run().show(tree);
        return parts.run().control();
    }

    private Control show(Parts parts, MatrixBoard board) {
        List<ResultKind> kinds =
                board.kernels().stream()
                        .flatMap(
                                kernel ->
                                        List.of(MatrixStep.values()).stream()
                                                .map(step -> board.square(kernel, step)))
                        .filter(MatrixBoard.Square.Done.class::isInstance)
                        .map(MatrixBoard.Square.Done.class::cast)
                        .map(done -> ResultTools.kind(done.cell().verdict()))
                        .toList();
        String time =
                board.report()
                        .map(
                                report ->
                                        String.format(
                                                Locale.ROOT,
                                                "%.1f s · checkpatch %s · ",
                                                report.elapsed().toMillis() / 1e3,
                                                report.style().text()))
                        .orElse("");
        parts.header().show(board.headline(), time + board.project(), kinds);
        note(parts, board.trouble(), Optional.empty());
        parts.matrix().show(board);
        return parts.matrix().control();
    }

    /** Why it is not complete, else what is to be known of where it ran. */
    private static void note(Parts parts, Optional<Trouble> trouble, Optional<String> place) {
        boolean missing = trouble.flatMap(Trouble::kind).filter(Kind.MISSING::equals).isPresent();
        Optional<String> words =
                trouble.map(one -> one.what() + " " + one.remedy())
                        .or(() -> place)
                        .map(text -> text.replace("&", "&&").replace("<", "‹").replace(">", "›"));
        parts.note()
                .setText(
                        words.map(text -> text + (missing ? " <a>Open the preferences</a>" : ""))
                                .orElse(""));
        include(parts.note(), words.isPresent());
        parts.stack().getParent().layout(true, true);
    }

    /** Shows another history, for tests. */
    void use(RunHistory other) {
        Parts parts = open.orElseThrow();
        parts.news().close();
        Composite parent = parts.stack().getParent().getParent();
        parts.stack().getParent().dispose();
        entries = List.of();
        shown = Optional.empty();
        create(parent, other);
        parent.layout(true, true);
    }

    /** The sentence above all, for tests. */
    String headline() {
        return open.map(parts -> parts.header().headline()).orElse("");
    }

    /** What runs now, for tests. */
    String activity() {
        return open.map(parts -> parts.activity().getText()).orElse("");
    }

    /** Whether nothing but the hint how to begin is shown, for tests. */
    boolean empty() {
        return open.filter(parts -> parts.empty() == parts.pages().topControl).isPresent();
    }

    /** What explains a run that is not complete, for tests. */
    String explanation() {
        return open.map(parts -> parts.note().getText()).orElse("");
    }

    /** The tree of tests, for tests. */
    RunPage runPage() {
        return open.orElseThrow().run();
    }

    /** The table of kernels, for tests. */
    MatrixPage matrixPage() {
        return open.orElseThrow().matrix();
    }

    @Override
    public void setFocus() {
        open.ifPresent(
                parts -> {
                    Control page = parts.pages().topControl;
                    if (page != null && !page.isDisposed()) {
                        page.setFocus();
                    }
                });
    }

    @Override
    public void dispose() {
        open.ifPresent(parts -> parts.news().close());
        open = Optional.empty();
        super.dispose();
    }
}
