/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.ui.AbstractLaunchConfigurationTab;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.resource.LocalResourceManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Group;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.plugin.AbstractUIPlugin;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.DriverProject;

/** Which driver, in which lab, by which probe. */
final class ProbeTab extends AbstractLaunchConfigurationTab {

    private @Nullable Fields fields;
    private @Nullable Image image;

    private record Fields(Combo project, Combo kernel, Combo probe, Text arguments) {}

    @Override
    public void createControl(@Nullable Composite parent) {
        Composite page = new Composite(parent, SWT.NONE);
        GridLayoutFactory.fillDefaults().margins(8, 8).spacing(8, 8).applyTo(page);
        Group driver = group(page, "Driver");
        Combo project = combo(driver, "&Project:", SWT.READ_ONLY);
        Group lab = group(page, "Target");
        Combo kernel = combo(lab, "&Kernel in QEMU:", SWT.READ_ONLY);
        Group what = group(page, "Probe");
        Combo probe = combo(what, "Pro&be:", SWT.READ_ONLY);
        new Label(what, SWT.NONE).setText("&Arguments:");
        Text arguments = new Text(what, SWT.BORDER);
        arguments.setMessage("such as --count 1000; the device and features are given already");
        GridDataFactory.fillDefaults().grab(true, false).applyTo(arguments);
        Fields made = new Fields(project, kernel, probe, arguments);
        project.addListener(SWT.Selection, e -> showProbes(made, probe.getText()));
        for (Combo one : List.of(project, kernel, probe)) {
            one.addListener(SWT.Selection, e -> updateLaunchConfigurationDialog());
        }
        arguments.addListener(SWT.Modify, e -> updateLaunchConfigurationDialog());
        fields = made;
        image =
                new LocalResourceManager(JFaceResources.getResources(), page)
                        .get(
                                AbstractUIPlugin.imageDescriptorFromPlugin(
                                        "org.kmodscope.ui", "icons/probe.svg"));
        setControl(page);
    }

    private static Group group(Composite page, String title) {
        Group group = new Group(page, SWT.NONE);
        group.setText(title);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(8, 8).spacing(8, 8).applyTo(group);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(group);
        return group;
    }

    private static Combo combo(Composite parent, String label, int style) {
        new Label(parent, SWT.NONE).setText(label);
        Combo combo = new Combo(parent, SWT.DROP_DOWN | style);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(combo);
        return combo;
    }

    @Override
    public void setDefaults(@Nullable ILaunchConfigurationWorkingCopy configuration) {
        if (configuration != null) {
            var selected = DebugUITools.getSelectedResource();
            ProbeLaunch.of(
                            Optional.ofNullable(selected)
                                    .flatMap(DriverProject::of)
                                    .map(project -> project.project().getName())
                                    .orElse(""))
                    .write(configuration);
        }
    }

    @Override
    public void initializeFrom(@Nullable ILaunchConfiguration configuration) {
        Fields shown = fields;
        if (shown == null || configuration == null) {
            return;
        }
        try {
            ProbeLaunch launch = ProbeLaunch.read(configuration);
            fill(
                    shown.project(),
                    DriverProject.all(ResourcesPlugin.getWorkspace().getRoot()).stream()
                            .map(project -> project.project().getName())
                            .toList(),
                    launch.project());
            fill(shown.kernel(), List.of(KernelStore.DEFAULT_ID), launch.kernel());
            listKernels(shown, launch.kernel());
            showProbes(shown, launch.probe());
            shown.arguments().setText(launch.arguments());
        } catch (CoreException unreadable) {
            setErrorMessage(unreadable.getStatus().getMessage());
        }
    }

    /** The store reads the disk, so a job asks it. */
    private void listKernels(Fields shown, String chosen) {
        Display display = shown.kernel().getDisplay();
        Job job =
                Job.create(
                        "List kernels",
                        (ICoreRunnable)
                                monitor -> {
                                    try {
                                        var ids =
                                                DriverTools.installed().kernels().list().stream()
                                                        .filter(ProbeTab::usable)
                                                        .map(KernelEntry::id)
                                                        .toList();
                                        display.asyncExec(() -> fill(shown.kernel(), ids, chosen));
                                    } catch (KmodscopeException failure) {
                                        throw new CoreException(
                                                Failures.status("List kernels", failure));
                                    }
                                });
        job.setSystem(true);
        job.schedule();
    }

    private static boolean usable(KernelEntry kernel) {
        return kernel.state() != KernelEntry.State.NOT_YET;
    }

    private void showProbes(Fields shown, String chosen) {
        Optional<Path> project =
                DriverProject.all(ResourcesPlugin.getWorkspace().getRoot()).stream()
                        .filter(one -> one.project().getName().equals(shown.project().getText()))
                        .map(DriverProject::directory)
                        .findFirst();
        try {
            List<String> names =
                    project.isEmpty()
                            ? List.of()
                            : ProbeSpec.ofProject(project.get()).stream()
                                    .map(ProbeSpec::name)
                                    .toList();
            fill(shown.probe(), names, chosen);
        } catch (KmodscopeException failure) {
            setErrorMessage(failure.getMessage());
        }
    }

    /** Offers these, keeping a chosen one that is not among them, so that it can be seen. */
    private static void fill(Combo combo, List<String> items, String chosen) {
        if (!combo.isDisposed()) {
            combo.setItems(items.toArray(String[]::new));
            if (!chosen.isEmpty() && !items.contains(chosen)) {
                combo.add(chosen);
            }
            combo.setText(chosen.isEmpty() && items.size() == 1 ? items.getFirst() : chosen);
        }
    }

    @Override
    public void performApply(@Nullable ILaunchConfigurationWorkingCopy configuration) {
        Fields shown = fields;
        if (shown != null && configuration != null) {
            new ProbeLaunch(
                            shown.project().getText(),
                            shown.kernel().getText(),
                            shown.probe().getText(),
                            shown.arguments().getText())
                    .write(configuration);
        }
    }

    @Override
    public boolean isValid(@Nullable ILaunchConfiguration configuration) {
        Fields shown = fields;
        if (shown == null) {
            return false;
        }
        Optional<String> problem = problem(shown);
        setErrorMessage(problem.isEmpty() ? null : problem.get());
        return problem.isEmpty();
    }

    private static Optional<String> problem(Fields shown) {
        String project = shown.project().getText();
        if (project.isEmpty()) {
            return Optional.of(
                    shown.project().getItemCount() == 0
                            ? "There is no driver project yet: File > New > Asynchronous Character"
                                    + " Driver makes one."
                            : "Choose a driver project.");
        }
        if (DriverProject.of(ResourcesPlugin.getWorkspace().getRoot().getProject(project))
                .isEmpty()) {
            return Optional.of(project + " is not an open project of a driver.");
        }
        return shown.probe().getText().isEmpty()
                ? Optional.of("Choose a probe.")
                : Optional.empty();
    }

    @Override
    public String getName() {
        return "Main";
    }

    @Override
    public @Nullable Image getImage() {
        return image;
    }
}
