/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.spec.PBEKeySpec;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.equinox.security.storage.ISecurePreferences;
import org.eclipse.equinox.security.storage.SecurePreferencesFactory;
import org.eclipse.equinox.security.storage.provider.IProviderHints;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.target.Prompt;
import org.kmodscope.ide.target.KeptSecrets;
import org.kmodscope.ide.tests.NothingLogged;
import org.kmodscope.ui.tests.Screen;

/** Questions in dialogs, asked by a thread that is not the workbench's. */
@ExtendWith(NothingLogged.class)
class WorkbenchPromptTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Prompt.Question RISK =
            new Prompt.Question("Unknown host", "It shows a key.\nConnect?", "Connect");

    private final WorkbenchPrompt prompt;
    private final Stream.Builder<Thread> threads = Stream.builder();
    private final List<String> seen = new ArrayList<>();
    private boolean over;

    WorkbenchPromptTest(@TempDir Path work) throws Exception {
        Map<Object, Object> options = new HashMap<>();
        options.put(IProviderHints.PROMPT_USER, false);
        options.put(IProviderHints.DEFAULT_PASSWORD, new PBEKeySpec("master".toCharArray()));
        ISecurePreferences storage =
                SecurePreferencesFactory.open(work.resolve("storage").toUri().toURL(), options);
        prompt = new WorkbenchPrompt(new KeptSecrets(() -> storage));
    }

    @AfterEach
    void noDialogIsLeft() throws Exception {
        over = true;
        threads.build().forEach(Thread::interrupt);
        Screen.await("the dialogs to close", LIMIT, () -> dialog().isEmpty());
    }

    private <T> FutureTask<T> ask(Callable<T> question) {
        FutureTask<T> asking = new FutureTask<>(question);
        threads.add(Thread.ofPlatform().daemon().start(asking));
        return asking;
    }

    /** Any that is above the workbench, so that one of another name is no test that never ends. */
    private static Optional<Shell> dialog() {
        return Stream.of(Display.getCurrent().getShells())
                .filter(shell -> shell.isVisible() && shell.getParent() != null)
                .findFirst();
    }

    /**
     * A dialog has an event loop of its own: what is done with the next one is done in that. A loop
     * that would go on after a failure is ended with it.
     */
    private void next(Consumer<Shell> action) {
        Optional<Shell> shown = dialog();
        if (shown.isPresent()) {
            try {
                action.accept(shown.get());
            } catch (RuntimeException | Error failure) {
                shown.get().close();
                throw failure;
            }
        } else if (!over) {
            Display.getCurrent().timerExec(20, () -> next(action));
        }
    }

    private static void press(Shell shell, String text) {
        Screen.find(shell, Button.class, button -> button.getText().equals(text))
                .findFirst()
                .orElseThrow()
                .notifyListeners(SWT.Selection, null);
    }

    private static <T> T answer(FutureTask<T> asking) throws Exception {
        Screen.await("the answer", LIMIT, asking::isDone);
        return asking.get();
    }

    private static boolean cancelled(FutureTask<?> asking) throws Exception {
        Screen.await("the answer", LIMIT, asking::isDone);
        return asking.exceptionNow() instanceof OperationCanceledException;
    }

    @Test
    void whatIsRiskyIsDoneByItsButtonAlone() throws Exception {
        next(
                dialog -> {
                    seen.add(dialog.getText());
                    seen.add(dialog.getDefaultButton().getText());
                    picture(dialog, "prompt-risk");
                    press(dialog, "Connect");
                });
        assertTrue(answer(ask(() -> prompt.accept(RISK))));
        assertEquals(List.of("Unknown host", "Cancel"), seen);
        next(dialog -> press(dialog, "Cancel"));
        assertTrue(cancelled(ask(() -> prompt.accept(RISK))));
    }

    @Test
    void aQuestionThatNobodyWaitsForIsTakenAway() throws Exception {
        FutureTask<Boolean> asking = new FutureTask<>(() -> prompt.accept(RISK));
        Thread waiting = Thread.ofPlatform().daemon().start(asking);
        next(dialog -> waiting.interrupt());
        assertTrue(cancelled(asking));
    }

    @Test
    void aSecretIsRememberedUntilItIsWrong() throws Exception {
        Prompt.Secret wanted = new Prompt.Secret("ssh root@pi", "Password of root@pi", false);
        next(dialog -> enter(dialog, "hunter2", true));
        assertEquals(Optional.of("hunter2"), answer(ask(() -> prompt.secret(wanted))));
        assertEquals(Optional.of("hunter2"), answer(ask(() -> prompt.secret(wanted))));
        Prompt.Secret wrong = new Prompt.Secret(wanted.id(), wanted.text(), true);
        next(
                dialog -> {
                    seen.add(dialog.getText());
                    picture(dialog, "prompt-secret");
                    enter(dialog, "right", false);
                });
        assertEquals(Optional.of("right"), answer(ask(() -> prompt.secret(wrong))));
        assertEquals(List.of("Connect by SSH"), seen);
        next(dialog -> press(dialog, "Cancel"));
        assertTrue(cancelled(ask(() -> prompt.secret(wanted))));
    }

    private static void picture(Shell dialog, String name) {
        try {
            Screen.picture(dialog, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void enter(Shell dialog, String secret, boolean remember) {
        Text text = Screen.find(dialog, Text.class, one -> true).findFirst().orElseThrow();
        text.setText(secret);
        Button check =
                Screen.find(dialog, Button.class, one -> one.getText().startsWith("&Remember"))
                        .findFirst()
                        .orElseThrow();
        assertFalse(check.getSelection());
        check.setSelection(remember);
        check.notifyListeners(SWT.Selection, null);
        press(dialog, "OK");
    }
}
