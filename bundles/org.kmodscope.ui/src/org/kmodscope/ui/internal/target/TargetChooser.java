/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.target;

import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ui.internal.preferences.BoardsPage;

/**
 * The dialogs by which targets are chosen that no list can have, the same wherever that is done.
 *
 * @param shell their parent
 */
public record TargetChooser(Shell shell) {

    private static final String[] RECORDINGS = {"*.recording", "*"};

    /** A recording to replay in the time that it took; empty when none is chosen. */
    public Optional<TargetSpec> replay() {
        FileDialog dialog = new FileDialog(shell, SWT.OPEN);
        dialog.setText("Replay a recorded session");
        dialog.setFilterExtensions(RECORDINGS);
        return chosen(dialog).map(file -> new TargetSpec.Recorded(file, true));
    }

    /** A file to record a session in; the user has agreed to replace one that is there. */
    public Optional<Path> record() {
        FileDialog dialog = new FileDialog(shell, SWT.SAVE);
        dialog.setText("Record a session");
        dialog.setFilterExtensions(RECORDINGS);
        dialog.setFileName("session.recording");
        dialog.setOverwrite(true);
        return chosen(dialog);
    }

    /** Shows the page on which boards are described; returns when it is closed. */
    public void boards() {
        PreferencesUtil.createPreferenceDialogOn(shell, BoardsPage.ID, null, null).open();
    }

    private static Optional<Path> chosen(FileDialog dialog) {
        @Nullable String file = dialog.open();
        return file == null ? Optional.empty() : Optional.of(Path.of(file));
    }
}
