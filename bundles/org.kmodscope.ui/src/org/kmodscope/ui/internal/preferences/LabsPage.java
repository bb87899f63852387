/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.preferences;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.preference.FieldEditorPreferencePage;
import org.eclipse.jface.preference.IntegerFieldEditor;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPreferencePage;
import org.eclipse.ui.preferences.ScopedPreferenceStore;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.KvmTrials;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.lab.LabPreferences;

/** Linux Drivers &gt; Labs: how large QEMU labs are, and whether KVM is tried again. */
public final class LabsPage extends FieldEditorPreferencePage implements IWorkbenchPreferencePage {

    private static final int DIGITS = 5;

    /** Made by the extension registry. */
    public LabsPage() {
        super(GRID);
        ScopedPreferenceStore store =
                new ScopedPreferenceStore(InstanceScope.INSTANCE, LabPreferences.NODE);
        store.setDefault(LabPreferences.PROCESSORS, MachineSize.DEFAULT.processors());
        store.setDefault(LabPreferences.MEMORY, MachineSize.DEFAULT.memoryMib());
        setPreferenceStore(store);
        setDescription(
                "QEMU labs that launches, Async Scope and Run on All Kernels start from now on:");
    }

    @Override
    public void init(@Nullable IWorkbench workbench) {}

    @Override
    protected void createFieldEditors() {
        number(
                LabPreferences.PROCESSORS,
                "&Processors:",
                MachineSize.LEAST_PROCESSORS,
                MachineSize.MOST_PROCESSORS);
        number(
                LabPreferences.MEMORY,
                "&Memory in MiB:",
                MachineSize.LEAST_MIB,
                MachineSize.MOST_MIB);
    }

    private void number(String key, String label, int least, int most) {
        Composite parent = getFieldEditorParent();
        IntegerFieldEditor editor = new IntegerFieldEditor(key, label, parent, DIGITS);
        editor.setValidRange(least, most);
        GridDataFactory.swtDefaults()
                .hint(convertWidthInCharsToPixels(DIGITS + 4), SWT.DEFAULT)
                .applyTo(editor.getTextControl(parent));
        addField(editor);
    }

    @Override
    protected Control createContents(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().spacing(8, 12).applyTo(page);
        super.createContents(page);
        Label about = new Label(page, SWT.WRAP);
        about.setText(
                "Labs run by KVM where a kernel's first lab has shown that this works, and are"
                        + " emulated where it did not. The answers are remembered.");
        GridDataFactory.fillDefaults().grab(true, false).hint(480, -1).applyTo(about);
        Button again = new Button(page, SWT.PUSH);
        again.setText("&Try KVM Again");
        GridDataFactory.swtDefaults().applyTo(again);
        again.addListener(SWT.Selection, event -> forget(again));
        return page;
    }

    /** Files of the cache, so a job removes them. */
    private void forget(Button again) {
        again.setEnabled(false);
        Display display = again.getDisplay();
        Job job =
                Job.createSystem(
                        "Forget what KVM could not do",
                        (ICoreRunnable)
                                monitor -> {
                                    try {
                                        new KvmTrials(DriverTools.installed().cache()).forget();
                                    } catch (KmodscopeException failure) {
                                        throw new CoreException(
                                                Failures.status("Try KVM again", failure));
                                    }
                                    display.asyncExec(() -> forgotten(again));
                                });
        job.schedule();
    }

    private void forgotten(Button again) {
        if (!again.isDisposed()) {
            setMessage("Each kernel's next lab tries KVM.", INFORMATION);
        }
    }
}
