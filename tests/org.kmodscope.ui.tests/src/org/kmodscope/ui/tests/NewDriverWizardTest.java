/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.jface.wizard.IWizard;
import org.eclipse.jface.wizard.WizardDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.ide.project.DriverNature;
import org.kmodscope.ide.tests.NothingLogged;

/** File > New > Asynchronous Character Driver, from the dialog to the project. */
@ExtendWith(NothingLogged.class)
class NewDriverWizardTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private IWizard wizard = open();
    private WizardDialog dialog =
            new WizardDialog(
                    PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell(), wizard);

    private static IWizard open() {
        try {
            var descriptor =
                    PlatformUI.getWorkbench()
                            .getNewWizardRegistry()
                            .findWizard("org.kmodscope.ui.newDriver");
            assertNotNull(descriptor, "the wizard is not registered");
            return descriptor.createWizard();
        } catch (CoreException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void showDriverPage() throws Exception {
        for (IProject project : ResourcesPlugin.getWorkspace().getRoot().getProjects()) {
            project.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
        dialog.setBlockOnOpen(false);
        dialog.open();
        dialog.getShell().setSize(1280, 760);
        dialog.showPage(wizard.getPages()[1]);
        Screen.await("the preview", LIMIT, () -> code().getText().contains("globalfifo_"));
    }

    @AfterEach
    void close() {
        if (dialog.getShell() != null && !dialog.getShell().isDisposed()) {
            dialog.close();
        }
    }

    private StyledText code() {
        return Screen.find(dialog.getShell(), StyledText.class, text -> true)
                .findFirst()
                .orElseThrow();
    }

    /** The text field whose tool tip says that it is for such a name. */
    private Text field(String rule) {
        return Screen.find(
                        dialog.getShell(),
                        Text.class,
                        text -> String.valueOf(text.getToolTipText()).contains(rule))
                .findFirst()
                .orElseThrow();
    }

    private Button button(String label) {
        return Screen.find(
                        dialog.getShell(),
                        Button.class,
                        button -> button.getText().replace("&", "").equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static void press(Button button) {
        button.setFocus();
        button.notifyListeners(SWT.Selection, null);
    }

    private static IProject project(String name) {
        return ResourcesPlugin.getWorkspace().getRoot().getProject(name);
    }

    @Test
    void makesAProject() throws Exception {
        field("module name").setText("ringfifo");
        Screen.await("the new name", LIMIT, () -> code().getText().contains("ringfifo_"));
        assertEquals("ringfifo", field("device name").getText());
        var picture = Screen.picture(dialog.getShell(), "wizard-driver");
        assertTrue(Screen.colours(picture) > 20, "nothing was painted");

        press(button("Finish"));
        Screen.await("the dialog to close", LIMIT, () -> dialog.getShell() == null);
        // The project page named it; the module was named on its own.
        IProject made = project("globalfifo");
        assertTrue(made.hasNature(DriverNature.ID));
        assertTrue(made.getFile("kmodscope.json").exists());
        assertTrue(made.getFile("Kbuild").exists());
    }

    @Test
    void saysWhatIsWrongWhileItIsTyped() throws Exception {
        field("module name").setText("my driver");
        Screen.settle();
        assertFalse(button("Finish").isEnabled());
        String message = String.valueOf(wizard.getPages()[1].getErrorMessage());
        assertTrue(message.contains("space"), message);
        Screen.picture(dialog.getShell(), "wizard-wrong");
        field("module name").setText("my_driver");
        Screen.settle();
        assertTrue(button("Finish").isEnabled());
        assertEquals(null, wizard.getPages()[1].getErrorMessage());
    }

    @Test
    void staysOpenWithTheReasonAndLosesNothing() throws Exception {
        Path inTheWay =
                ResourcesPlugin.getWorkspace()
                        .getRoot()
                        .getLocation()
                        .toPath()
                        .resolve("globalfifo");
        Files.createDirectories(inTheWay);
        Path mine = Files.writeString(inTheWay.resolve("mine.txt"), "keep");
        try {
            field("module name").setText("ringfifo");
            press(button("Finish"));
            Screen.await("a reason", LIMIT, () -> wizard.getPages()[1].getErrorMessage() != null);
            assertNotNull(dialog.getShell());
            assertEquals("ringfifo", field("module name").getText());
            assertEquals("keep", Files.readString(mine));
            assertFalse(project("globalfifo").exists());
            Screen.picture(dialog.getShell(), "wizard-refused");
        } finally {
            Files.deleteIfExists(mine);
            Files.deleteIfExists(inTheWay);
        }
    }

    @Test
    void aChoiceChangesThePreview() throws Exception {
        press(toggled(button("fasync (SIGIO)")));
        Screen.await("a driver without fasync", LIMIT, () -> !code().getText().contains("fasync"));
        assertFalse(button("POLL_OUT").getSelection(), "POLL_OUT needs fasync");
        Screen.picture(dialog.getShell(), "wizard-without-fasync");
    }

    private static Button toggled(Button button) {
        button.setSelection(!button.getSelection());
        return button;
    }
}
