/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.preferences;

import java.util.List;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Group;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.target.Board;
import org.kmodscope.core.target.BoardDraft;

/** Asks for a board. What is wrong is said while it is typed, once anything was typed. */
final class BoardDialog extends TitleAreaDialog {

    private static final int CAPTION_WIDTH = 150;
    private static final String ABOUT =
            "Where the board is, and how drivers and programs are built for it.";

    private final String title;
    private final BoardDraft begun;
    private final List<String> taken;
    private final List<String> kernels;
    private @Nullable Fields fields;
    private Optional<Board> board = Optional.empty();

    private record Fields(
            Text name,
            Text host,
            Text user,
            Text port,
            Text key,
            Combo kernel,
            Combo arch,
            Text prefix,
            Text compiler,
            Text directory) {

        BoardDraft draft() {
            return new BoardDraft(
                    name.getText(),
                    host.getText(),
                    user.getText(),
                    port.getText(),
                    key.getText(),
                    kernel.getText(),
                    arch.getText(),
                    prefix.getText(),
                    compiler.getText(),
                    directory.getText());
        }
    }

    /**
     * @param begun what stands in the form at first
     * @param taken names of other boards
     * @param kernels those of the store
     */
    BoardDialog(
            Shell parent,
            String title,
            BoardDraft begun,
            List<String> taken,
            List<String> kernels) {
        super(parent);
        this.title = title;
        this.begun = begun;
        this.taken = taken;
        this.kernels = kernels;
    }

    /** What was agreed to; empty when the dialog was cancelled. */
    Optional<Board> board() {
        return board;
    }

    @Override
    protected void configureShell(@Nullable Shell shell) {
        super.configureShell(shell);
        if (shell != null) {
            shell.setText(title);
        }
    }

    @Override
    protected boolean isResizable() {
        return true;
    }

    @Override
    protected Control createDialogArea(@Nullable Composite parent) {
        setTitle(title);
        setMessage(ABOUT);
        setHelpAvailable(false);
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().margins(8, 8).spacing(8, 8).applyTo(page);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(page);
        Group connection = group(page, "Connection");
        Text name = text(connection, "&Name:", begun.name(), "such as pi");
        Text host =
                text(
                        connection,
                        "&Host:",
                        begun.host(),
                        "a name, an address, or a Host of ~/.ssh/config");
        Text user = text(connection, "&User:", begun.user(), "as ~/.ssh/config says, or your name");
        Text port = text(connection, "&Port:", begun.port(), "as ~/.ssh/config says, or 22");
        Text key =
                text(connection, "Private &key:", begun.key(), "your ssh-agent's and usual keys");
        browse(connection, key, this::file);
        Group build = group(page, "Build");
        Combo kernel = combo(build, "Ke&rnel:", begun.kernel(), kernels);
        kernel.setToolTipText("A kernel of the list, or the build directory of the board's own");
        browse(build, kernel, this::directory);
        Combo arch =
                combo(
                        build,
                        "&Architecture (ARCH):",
                        begun.arch(),
                        CrossBuild.usual().stream().map(CrossBuild::arch).distinct().toList());
        Text prefix =
                text(
                        build,
                        "&CROSS_COMPILE:",
                        begun.prefix(),
                        "as the kernel's build directory says");
        Text compiler =
                text(
                        build,
                        "Compiler of pro&grams:",
                        begun.compiler(),
                        "gcc of that prefix, or Debian's for the board's processor");
        Text directory =
                text(build, "&Directory on the board:", begun.directory(), Board.USUAL_DIRECTORY);
        Fields made =
                new Fields(name, host, user, port, key, kernel, arch, prefix, compiler, directory);
        fields = made;
        arch.addListener(SWT.Selection, event -> completePrefix(made));
        for (Control one :
                List.of(name, host, user, port, key, kernel, arch, prefix, compiler, directory)) {
            one.addListener(SWT.Modify, event -> check(true));
        }
        return page;
    }

    @Override
    protected void createButtonsForButtonBar(@Nullable Composite parent) {
        super.createButtonsForButtonBar(parent);
        check(false);
    }

    /** Debian's compiler for the architecture that was chosen, unless another one is named. */
    private static void completePrefix(Fields made) {
        List<CrossBuild> usual = CrossBuild.usual();
        String typed = made.prefix().getText().strip();
        if (typed.isEmpty() || usual.stream().anyMatch(one -> one.prefix().equals(typed))) {
            usual.stream()
                    .filter(one -> one.arch().equals(made.arch().getText()))
                    .findFirst()
                    .ifPresent(one -> made.prefix().setText(one.prefix()));
        }
    }

    private void check(boolean say) {
        Fields made = fields;
        if (made == null) {
            return;
        }
        @Nullable Button ok = getButton(IDialogConstants.OK_ID);
        boolean good;
        try {
            board = Optional.of(made.draft().board(taken));
            good = true;
            setErrorMessage(null);
        } catch (KmodscopeException wrong) {
            board = Optional.empty();
            good = false;
            if (say) {
                setErrorMessage(wrong.getMessage() + " " + wrong.remedy());
            }
        }
        if (ok != null) {
            ok.setEnabled(good);
        }
    }

    private Optional<String> file() {
        FileDialog dialog = new FileDialog(getShell(), SWT.OPEN);
        dialog.setText("Private key");
        dialog.setFilterPath(System.getProperty("user.home", "/") + "/.ssh");
        return Optional.ofNullable(dialog.open());
    }

    private Optional<String> directory() {
        DirectoryDialog dialog = new DirectoryDialog(getShell());
        dialog.setText("Kernel");
        dialog.setMessage("The directory in which the board's kernel was built:");
        return Optional.ofNullable(dialog.open());
    }

    private static Group group(Composite page, String title) {
        Group group = new Group(page, SWT.NONE);
        group.setText(title);
        GridLayoutFactory.fillDefaults().numColumns(3).margins(8, 8).spacing(8, 6).applyTo(group);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(group);
        return group;
    }

    private static void caption(Composite group, String text) {
        Label label = new Label(group, SWT.NONE);
        label.setText(text);
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .hint(CAPTION_WIDTH, SWT.DEFAULT)
                .applyTo(label);
    }

    private static Text text(Composite group, String caption, String value, String empty) {
        caption(group, caption);
        Text text = new Text(group, SWT.BORDER);
        text.setText(value);
        text.setMessage(empty);
        GridDataFactory.fillDefaults().grab(true, false).hint(320, -1).span(2, 1).applyTo(text);
        return text;
    }

    private static Combo combo(Composite group, String caption, String value, List<String> items) {
        caption(group, caption);
        Combo combo = new Combo(group, SWT.DROP_DOWN);
        combo.setItems(items.toArray(String[]::new));
        combo.setText(value);
        GridDataFactory.fillDefaults().grab(true, false).span(2, 1).applyTo(combo);
        return combo;
    }

    /** Where a path comes from that need not be typed. */
    private interface Choice {
        Optional<String> ask();
    }

    private static void browse(Composite group, Control field, Choice choice) {
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .grab(true, false)
                .hint(320, -1)
                .applyTo(field);
        Button browse = new Button(group, SWT.PUSH);
        browse.setText("Browse…");
        browse.addListener(
                SWT.Selection,
                event ->
                        choice.ask()
                                .ifPresent(
                                        path -> {
                                            if (field instanceof Text text) {
                                                text.setText(path);
                                            } else if (field instanceof Combo combo) {
                                                combo.setText(path);
                                            }
                                        }));
    }
}
