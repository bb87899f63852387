/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.eclipse.jface.preference.PreferenceDialog;
import org.eclipse.jface.preference.PreferencePage;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.process.AsRoot;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.tests.NothingLogged;

/** Window &gt; Preferences &gt; Linux Drivers &gt; This Machine. */
@ExtendWith(NothingLogged.class)
class HelperPageTest {

    /** The helper may have to be compiled. */
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final PreferenceDialog dialog =
            PreferencesUtil.createPreferenceDialogOn(
                    PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell(),
                    "org.kmodscope.ui.helper",
                    new String[] {"org.kmodscope.ui.helper"},
                    null);

    @BeforeEach
    void open() {
        dialog.setBlockOnOpen(false);
        dialog.open();
    }

    @AfterEach
    void close() {
        dialog.close();
    }

    private <T extends Control> T only(Class<T> type) {
        var page = (PreferencePage) dialog.getSelectedPage();
        return Screen.find((Composite) page.getControl(), type, control -> true)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatRootIsToRunStandsThereBeforeItIsAskedFor() throws Exception {
        Text commands = only(Text.class);
        Screen.await("the commands", LIMIT, () -> !commands.getText().isEmpty());
        String place = DriverTools.installed().helper().place().toString();
        assertTrue(commands.getText().startsWith("sudo "), commands::getText);
        assertTrue(commands.getText().contains(place), commands::getText);
        assertEquals(
                AsRoot.inDialogs(System.getenv()).isPresent(),
                only(Button.class).isEnabled(),
                "a button that cannot work is of no use");
        var picture = Screen.picture(dialog.getShell(), "preferences-helper");
        assertTrue(Screen.colours(picture) > 20, "nothing was painted");
    }
}
