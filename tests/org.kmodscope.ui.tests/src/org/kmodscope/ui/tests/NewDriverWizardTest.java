/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.jface.wizard.IWizard;
import org.eclipse.jface.wizard.WizardDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
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
        Screen.await("Finish, with what is proposed", LIMIT, () -> button("Finish").isEnabled());
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

    @Test
    void saysWhatAChoiceTookAlong() throws Exception {
        press(toggled(button("fasync (SIGIO)")));
        String message = String.valueOf(wizard.getPages()[1].getMessage());
        assertEquals("Without fasync (SIGIO) there is no POLL_OUT.", message);
    }

    @Test
    void eachTemplateFitsAndCanBeFinished() throws Exception {
        field("module name").setText("meter");
        for (String template : List.of("globalfifo", "sampler", "nullzero")) {
            choose(template);
            Screen.await(
                    template + " in the preview",
                    LIMIT,
                    () ->
                            code().getText().contains(phrase(template))
                                    && code().getText().contains("meter"));
            assertTrue(button("Finish").isEnabled(), template);
            assertEquals(null, wizard.getPages()[1].getErrorMessage(), template);
            assertEquals("meter", field("module name").getText());
            var rows =
                    Screen.find(dialog.getShell(), ScrolledComposite.class, box -> true)
                            .findFirst()
                            .orElseThrow();
            var picture = Screen.picture(dialog.getShell(), "wizard-" + template);
            assertTrue(Screen.colours(picture) > 20, "nothing was painted");
            assertFalse(rows.getVerticalBar().isVisible(), template + " has to scroll");
        }
        dialog.getShell().setSize(1000, 600);
        choose("globalfifo");
        Screen.await("the FIFO", LIMIT, () -> code().getText().contains(phrase("globalfifo")));
        Screen.picture(dialog.getShell(), "wizard-narrow");
    }

    @Test
    void explainsTheMechanismsBesideTheBoxes() throws Exception {
        wizard.getPages()[1].performHelp();
        wizard.getPages()[1].performHelp();
        List<Shell> guides =
                Stream.of(dialog.getShell().getShells())
                        .filter(shell -> shell.getText().startsWith("Asynchronous drivers"))
                        .toList();
        assertEquals(1, guides.size(), "asked twice, it comes to the front");
        Shell guide = guides.getFirst();
        Screen.await("the guide", LIMIT, () -> titles(guide).getItemCount() > 0);
        assertTrue(text(guide).contains("Does the driver need asynchronous I/O at all?"));
        assertTrue(text(guide).contains("io_submit"), text(guide));
        var picture = Screen.picture(guide, "guide-need");
        assertTrue(Screen.colours(picture) > 20, "nothing was painted");
        select(guide, "Three generations");
        assertTrue(text(guide).contains("unsigned long nr_segs"));
        Screen.picture(guide, "guide-generations");
        select(guide, "What textbooks say, corrected");
        assertTrue(text(guide).contains("AIO_NOTCANCELED"));
        Screen.picture(guide, "guide-corrected");
        guide.setSize(640, 480);
        Screen.picture(guide, "guide-narrow");
        guide.close();
    }

    private static org.eclipse.swt.widgets.List titles(Shell guide) {
        return Screen.find(guide, org.eclipse.swt.widgets.List.class, list -> true)
                .findFirst()
                .orElseThrow();
    }

    private static void select(Shell guide, String title) {
        var titles = titles(guide);
        titles.select(titles.indexOf(title));
        assertEquals(1, titles.getSelectionCount(), title);
        titles.notifyListeners(SWT.Selection, null);
    }

    /** All that the page of the guide says. */
    private static String text(Shell guide) {
        return Stream.concat(
                        Screen.find(guide, Label.class, label -> true).map(Label::getText),
                        Screen.find(guide, StyledText.class, one -> true).map(StyledText::getText))
                .collect(Collectors.joining("\n"));
    }

    /** A phrase that only this template's main file has. */
    private static String phrase(String template) {
        return switch (template) {
            case "globalfifo" -> "a FIFO as a character device";
            case "sampler" -> "a device that becomes ready by itself";
            default -> "two devices that swallow";
        };
    }

    @Test
    void exclusiveChoicesAreRadioButtons() throws Exception {
        press(toggled(button("cdev and class")));
        Screen.await("a cdev", LIMIT, () -> code().getText().contains("cdev_"));
        button("cdev and class").setSelection(false);
        press(toggled(button("misc")));
        Screen.await("a misc device", LIMIT, () -> code().getText().contains("misc_register"));
        button("Queued").setSelection(false);
        press(toggled(button("No AIO")));
        Screen.await("no AIO", LIMIT, () -> !button("own").isEnabled());
        assertFalse(button("Queued").getSelection());
        press(toggled(button("fsync")));
        assertTrue(button("Queued").getSelection(), "fsync needs queued AIO");
        assertFalse(button("No AIO").getSelection());
        assertTrue(button("own").getSelection(), "AIO needs a work queue");
    }

    private void choose(String template) {
        Combo combo =
                Screen.find(
                                dialog.getShell(),
                                Combo.class,
                                one -> one.getItemCount() == 3 && one.getItem(0).contains(" – "))
                        .findFirst()
                        .orElseThrow();
        combo.select(
                IntStream.range(0, combo.getItemCount())
                        .filter(i -> combo.getItem(i).startsWith(template + " "))
                        .findFirst()
                        .orElseThrow());
        combo.notifyListeners(SWT.Selection, null);
    }

    private static Button toggled(Button button) {
        button.setSelection(!button.getSelection());
        return button;
    }
}
