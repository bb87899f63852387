/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.eclipse.jface.preference.PreferenceDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.tests.NothingLogged;

/** Window &gt; Preferences &gt; Linux Drivers shows the store of this machine. */
@ExtendWith(NothingLogged.class)
class KernelsPageTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path tree;
    private final PreferenceDialog dialog;

    /** The page looks for kernels as soon as its dialog is made. */
    KernelsPageTest(@TempDir Path tree) throws Exception {
        this.tree = tree;
        Files.writeString(tree.resolve("Makefile"), "");
        Path generated = Files.createDirectories(tree.resolve("include/generated"));
        Files.writeString(generated.resolve("utsrelease.h"), "#define UTS_RELEASE \"6.6.6\"\n");
        DriverTools.installed().kernels().add(tree);
        dialog =
                PreferencesUtil.createPreferenceDialogOn(
                        PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell(),
                        "org.kmodscope.ui.kernels",
                        null,
                        null);
    }

    @BeforeEach
    void open() throws Exception {
        dialog.setBlockOnOpen(false);
        dialog.open();
        dialog.getShell().setSize(1000, 600);
        Screen.await("the list", LIMIT, () -> table().getItemCount() > 0);
    }

    @AfterEach
    void close() throws Exception {
        dialog.close();
        DriverTools.installed().kernels().remove(tree.toRealPath().toString());
    }

    private Table table() {
        return Screen.find(dialog.getShell(), Table.class, Table::getHeaderVisible)
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

    private void select(String id) {
        TableItem item =
                Stream.of(table().getItems())
                        .filter(row -> row.getText(0).equals(id))
                        .findFirst()
                        .orElseThrow();
        table().setSelection(item);
        Event event = new Event();
        event.item = item;
        table().notifyListeners(SWT.Selection, event);
    }

    @Test
    void showsEachKernelAndWhatCanBeDone() throws Exception {
        String own = tree.toRealPath().toString();
        // Directories that others named, as another run of this test does, come and go.
        var entries =
                DriverTools.installed().kernels().list().stream()
                        .filter(entry -> !entry.named() || entry.id().equals(own))
                        .toList();
        assertEquals(own, entries.getLast().id());
        assertEquals(
                entries.stream().map(KernelEntry::id).toList(),
                Stream.of(table().getItems())
                        .map(row -> row.getText(0))
                        .filter(id -> !id.startsWith("/") || id.equals(own))
                        .toList());
        assertTrue(button("Add Directory…").isEnabled());
        assertFalse(button("Fetch").isEnabled());
        for (KernelEntry entry : entries) {
            select(entry.id());
            assertEquals(
                    entry.state() == KernelEntry.State.AVAILABLE,
                    button("Fetch").isEnabled(),
                    entry.id());
            assertFalse(button("Cancel Fetch").isEnabled(), entry.id());
            boolean removable = entry.named() || entry.bytes() > 0;
            assertEquals(removable, button("Remove…").isEnabled(), entry.id());
        }
        var picture = Screen.picture(dialog.getShell(), "preferences-kernels");
        assertTrue(Screen.colours(picture) > 20, "nothing was painted");
    }
}
