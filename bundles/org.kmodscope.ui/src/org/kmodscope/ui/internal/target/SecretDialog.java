/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.target;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.Dialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.kmodscope.core.target.Prompt;

/** Asks for a password or a passphrase. */
final class SecretDialog extends Dialog {

    private final Prompt.Secret wanted;
    private String secret = "";
    private boolean remembered;

    SecretDialog(@Nullable Shell parent, Prompt.Secret wanted) {
        super(parent);
        this.wanted = wanted;
    }

    /** What was entered. */
    String secret() {
        return secret;
    }

    /** Whether it is to be remembered. */
    boolean remembered() {
        return remembered;
    }

    @Override
    protected void configureShell(@Nullable Shell shell) {
        super.configureShell(shell);
        if (shell != null) {
            shell.setText("Connect by SSH");
        }
    }

    @Override
    protected Control createDialogArea(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().margins(16, 16).spacing(8, 8).applyTo(page);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(page);
        Label label = new Label(page, SWT.WRAP);
        label.setText((wanted.again() ? "That was not it. " : "") + wanted.text() + ":");
        GridDataFactory.fillDefaults().grab(true, false).hint(400, -1).applyTo(label);
        Text text = new Text(page, SWT.BORDER | SWT.PASSWORD);
        text.addListener(SWT.Modify, event -> secret = text.getText());
        GridDataFactory.fillDefaults().grab(true, false).applyTo(text);
        Button remember = new Button(page, SWT.CHECK);
        remember.setText("&Remember it in the secure storage");
        remember.addListener(SWT.Selection, event -> remembered = remember.getSelection());
        text.setFocus();
        return page;
    }
}
