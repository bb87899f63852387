/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.target;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.equinox.security.storage.SecurePreferencesFactory;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.Dialog;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.kmodscope.core.target.Prompt;
import org.kmodscope.ide.target.KeptSecrets;

/**
 * Asks in dialogs, and remembers secrets where the user wants that (OSGI-INF/prompt.xml). The
 * thread that asks waits; the UI thread never does. Whoever interrupts the former closes the
 * dialog.
 */
public final class WorkbenchPrompt implements Prompt {

    private final KeptSecrets kept;

    /** Called by the component runtime. */
    public WorkbenchPrompt() {
        this(new KeptSecrets(SecurePreferencesFactory::getDefault));
    }

    WorkbenchPrompt(KeptSecrets kept) {
        this.kept = kept;
    }

    @Override
    public boolean accept(Question question) {
        ask(shell -> new RiskDialog(shell, question));
        return true;
    }

    @Override
    public Optional<String> secret(Secret wanted) {
        if (wanted.again()) {
            kept.forget(wanted.id());
        } else {
            Optional<String> known = kept.find(wanted.id());
            if (known.isPresent()) {
                return known;
            }
        }
        SecretDialog answered = ask(shell -> new SecretDialog(shell, wanted));
        if (answered.remembered()) {
            kept.keep(wanted.id(), answered.secret());
        }
        return Optional.of(answered.secret());
    }

    /**
     * Has the UI thread show a dialog, and waits for it.
     *
     * @throws OperationCanceledException when it was cancelled, or this thread was interrupted
     */
    private static <D extends Dialog> D ask(Function<@Nullable Shell, D> maker) {
        if (!PlatformUI.isWorkbenchRunning()) {
            throw new OperationCanceledException();
        }
        Display display = PlatformUI.getWorkbench().getDisplay();
        CompletableFuture<D> agreed = new CompletableFuture<>();
        AtomicReference<@Nullable Dialog> shown = new AtomicReference<>();
        display.asyncExec(
                () -> {
                    if (agreed.isDone()) {
                        return;
                    }
                    try {
                        D dialog = maker.apply(parent());
                        shown.set(dialog);
                        if (dialog.open() == Window.OK) {
                            agreed.complete(dialog);
                        } else {
                            agreed.cancel(false);
                        }
                    } catch (RuntimeException broken) {
                        // Whoever asks would wait for ever.
                        agreed.completeExceptionally(broken);
                    }
                });
        try {
            return agreed.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException("The question could not be asked.", broken.getCause());
        } catch (InterruptedException | CancellationException given) {
            agreed.cancel(false);
            close(display, shown);
            throw new OperationCanceledException();
        }
    }

    private static void close(Display display, AtomicReference<@Nullable Dialog> shown) {
        if (!display.isDisposed()) {
            display.asyncExec(
                    () -> {
                        @Nullable Dialog dialog = shown.get();
                        if (dialog != null) {
                            dialog.close();
                        }
                    });
        }
    }

    private static @Nullable Shell parent() {
        @Nullable IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
        return window == null ? null : window.getShell();
    }

    /** What agreeing does stands on its button, and the other one is the default. */
    private static final class RiskDialog extends MessageDialog {

        RiskDialog(@Nullable Shell parent, Question question) {
            super(
                    parent,
                    question.title(),
                    null,
                    question.text(),
                    MessageDialog.WARNING,
                    1,
                    question.agree(),
                    "Cancel");
        }
    }
}
