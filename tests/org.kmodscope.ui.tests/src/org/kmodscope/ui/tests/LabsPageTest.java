/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.jface.preference.PreferenceDialog;
import org.eclipse.jface.preference.PreferencePage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.ide.lab.LabPreferences;
import org.kmodscope.ide.tests.NothingLogged;

/** Window &gt; Preferences &gt; Linux Drivers &gt; Labs. */
@ExtendWith(NothingLogged.class)
class LabsPageTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final IEclipsePreferences node = InstanceScope.INSTANCE.getNode(LabPreferences.NODE);
    private final PreferenceDialog dialog =
            PreferencesUtil.createPreferenceDialogOn(
                    PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell(),
                    "org.kmodscope.ui.labs",
                    new String[] {"org.kmodscope.ui.labs"},
                    null);

    @BeforeEach
    void open() {
        dialog.setBlockOnOpen(false);
        dialog.open();
    }

    @AfterEach
    void close() {
        dialog.close();
        node.remove(LabPreferences.PROCESSORS);
        node.remove(LabPreferences.MEMORY);
    }

    private PreferencePage page() {
        return (PreferencePage) dialog.getSelectedPage();
    }

    private Composite control() {
        return (Composite) page().getControl();
    }

    private List<Text> numbers() {
        return Screen.find(control(), Text.class, text -> true).toList();
    }

    @Test
    void whatIsChosenIsTheSizeOfLabs() throws Exception {
        assertEquals(
                List.of("2", "512"), numbers().stream().map(Text::getText).toList(), "defaults");
        numbers().get(0).setText("4");
        numbers().get(1).setText("1024");
        assertTrue(page().isValid());
        var picture = Screen.picture(dialog.getShell(), "preferences-labs");
        assertTrue(Screen.colours(picture) > 20, "nothing was painted");
        assertTrue(page().performOk());
        LabPreferences preferences = new LabPreferences(InstanceScope.INSTANCE);
        assertEquals(new MachineSize(4, 1024), preferences.size());
    }

    @Test
    void whatNoLabCanHaveIsRefused() {
        numbers().get(1).setText("64");
        numbers().get(1).notifyListeners(SWT.FocusOut, new Event());
        assertFalse(page().isValid());
    }

    @Test
    void kvmIsTriedAgainWhenThatIsAskedFor() throws Exception {
        Button again =
                Screen.find(
                                control(),
                                Button.class,
                                button -> button.getText().equals("&Try KVM Again"))
                        .findFirst()
                        .orElseThrow();
        again.notifyListeners(SWT.Selection, new Event());
        assertFalse(again.isEnabled());
        Screen.await(
                "the message",
                LIMIT,
                () -> "Each kernel's next lab tries KVM.".equals(page().getMessage()));
    }
}
