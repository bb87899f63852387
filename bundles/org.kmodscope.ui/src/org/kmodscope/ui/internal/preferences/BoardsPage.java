/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.preferences;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.preference.PreferencePage;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPreferencePage;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.BoardDraft;
import org.kmodscope.core.target.BoardFile;
import org.kmodscope.core.target.Boards;
import org.kmodscope.ide.DriverTools;

/**
 * Linux Drivers &gt; Boards: machines that drivers are run on by SSH. They are those of the command
 * line, in the same file.
 */
public final class BoardsPage extends PreferencePage implements IWorkbenchPreferencePage {

    /** As plugin.xml names it. */
    public static final String ID = "org.kmodscope.ui.boards";

    private final List<Board> boards = new ArrayList<>();
    private @Nullable Parts parts;
    private Optional<Known> known = Optional.empty();
    private List<String> kernels = List.of();

    private record Parts(PageTable<Board> table, Button add, Button edit, Button remove) {}

    /** What was in the file when it was read. */
    private record Known(BoardFile file, Boards boards) {}

    /** Made by the extension registry. */
    public BoardsPage() {
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
                "Drivers run on these machines by SSH, with what your ~/.ssh says of them. A fault"
                        + " in a driver is a fault of the board. The command line knows them, too:"
                        + " --target ssh:NAME.");
        GridDataFactory.fillDefaults().span(2, 1).grab(true, false).hint(480, -1).applyTo(title);
        PageTable<Board> table = table(page);
        Parts made =
                new Parts(
                        table,
                        table.button("&Add…", this::add),
                        table.button("&Edit…", () -> table.selected().ifPresent(this::edit)),
                        table.button("&Remove", () -> table.selected().ifPresent(this::remove)));
        parts = made;
        table.onSelection(this::enable);
        table.onOpen(() -> table.selected().ifPresent(this::edit));
        enable();
        read();
        return page;
    }

    private static PageTable<Board> table(Composite page) {
        PageTable<Board> table = new PageTable<>(page, Board.class);
        table.column("Board", SWT.LEFT, wide(2), Board::name);
        table.column("Address", SWT.LEFT, wide(4), Board::address);
        table.column("Kernel", SWT.LEFT, wide(4), board -> board.kernel().orElse("not said"));
        table.column(
                "Processor",
                SWT.LEFT,
                wide(3),
                board -> board.cross().map(CrossBuild::arch).orElse("as its kernel"));
        return table;
    }

    private static ColumnWeightData wide(int weight) {
        return new ColumnWeightData(weight, 60);
    }

    /** Files, so a job reads them. */
    private void read() {
        Display display = getShell().getDisplay();
        Job.createSystem(
                        "Read the boards",
                        monitor -> {
                            try {
                                DriverTools tools = DriverTools.installed();
                                List<String> ids =
                                        tools.kernels().list().stream()
                                                .map(KernelEntry::id)
                                                .toList();
                                BoardFile file = tools.boards();
                                Known found = new Known(file, file.read());
                                display.asyncExec(() -> show(found, ids));
                            } catch (KmodscopeException failure) {
                                display.asyncExec(() -> refuse(failure));
                            }
                        })
                .schedule();
    }

    private void show(Known found, List<String> ids) {
        if (isOpen()) {
            known = Optional.of(found);
            kernels = ids;
            boards.addAll(found.boards().list());
            refresh(Optional.empty());
        }
    }

    /** What cannot be understood is not written over: the page stays empty and says why. */
    private void refuse(KmodscopeException failure) {
        if (isOpen()) {
            setErrorMessage(failure.getMessage() + "\n" + failure.remedy());
        }
    }

    private boolean isOpen() {
        Parts shown = parts;
        return shown != null && shown.table().isOpen();
    }

    private void refresh(Optional<Board> chosen) {
        Parts shown = parts;
        if (shown != null) {
            shown.table().show(List.copyOf(boards), chosen);
            enable();
        }
    }

    private void enable() {
        Parts shown = parts;
        if (shown != null) {
            shown.add().setEnabled(known.isPresent());
            boolean chosen = shown.table().selected().isPresent();
            shown.edit().setEnabled(chosen);
            shown.remove().setEnabled(chosen);
        }
    }

    private void add() {
        ask("Add Board", BoardDraft.empty(), board -> true)
                .ifPresent(
                        added -> {
                            boards.add(added);
                            refresh(Optional.of(added));
                        });
    }

    private void edit(Board board) {
        ask("Edit Board", BoardDraft.of(board), other -> !other.equals(board))
                .ifPresent(
                        edited -> {
                            boards.set(boards.indexOf(board), edited);
                            refresh(Optional.of(edited));
                        });
    }

    private Optional<Board> ask(String title, BoardDraft draft, Predicate<Board> other) {
        List<String> taken = boards.stream().filter(other).map(Board::name).toList();
        BoardDialog dialog = new BoardDialog(getShell(), title, draft, taken, kernels);
        return dialog.open() == Window.OK ? dialog.board() : Optional.empty();
    }

    private void remove(Board board) {
        boards.remove(board);
        refresh(Optional.empty());
    }

    /** Keeps them; where that is impossible the dialog stays open with what was typed. */
    @Override
    public boolean performOk() {
        Boards next = new Boards(boards);
        if (known.isEmpty() || known.get().boards().equals(next)) {
            return true;
        }
        try {
            known.get().file().replace(known.get().boards(), next);
            known = Optional.of(new Known(known.get().file(), next));
            return true;
        } catch (KmodscopeException failure) {
            setErrorMessage(failure.getMessage() + "\n" + failure.remedy());
            return false;
        }
    }
}
