/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.IDialogSettings;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.wizard.Wizard;
import org.eclipse.ui.INewWizard;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.dialogs.WizardNewProjectCreationPage;
import org.eclipse.ui.ide.IDE;
import org.eclipse.ui.plugin.AbstractUIPlugin;
import org.eclipse.ui.statushandlers.StatusManager;
import org.eclipse.ui.wizards.newresource.BasicNewResourceWizard;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.DriverField;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.project.DriverDraft;
import org.kmodscope.ide.project.DriverProject;
import org.osgi.framework.FrameworkUtil;

/**
 * File &gt; New &gt; Asynchronous Character Driver. Two pages: the project, the driver. Finish
 * makes the whole project or nothing, and a refusal leaves the dialog open with the reason.
 */
public final class NewDriverWizard extends Wizard implements INewWizard {

    private static final String AUTHOR = "author";

    private final WizardNewProjectCreationPage projectPage;
    private final DriverPage driverPage;
    private final DriverDraft draft;

    /** Called by the extension registry. */
    public NewDriverWizard() {
        setWindowTitle("New Asynchronous Character Driver");
        setNeedsProgressMonitor(true);
        setDefaultPageImageDescriptor(
                AbstractUIPlugin.imageDescriptorFromPlugin(
                        "org.kmodscope.ui", "icons/wizard-banner.svg"));
        IDialogSettings settings =
                PlatformUI.getDialogSettingsProvider(FrameworkUtil.getBundle(NewDriverWizard.class))
                        .getDialogSettings();
        setDialogSettings(settings);
        draft =
                new DriverDraft(
                        Optional.ofNullable(settings.get(AUTHOR))
                                .orElse(System.getProperty("user.name", "Unknown author")));
        projectPage = new WizardNewProjectCreationPage("project");
        projectPage.setTitle("Driver project");
        projectPage.setDescription("Where the driver's sources are kept.");
        projectPage.setInitialProjectName(draft.text(DriverField.MODULE));
        driverPage = new DriverPage(draft, projectPage::getProjectName);
    }

    @Override
    public void init(@Nullable IWorkbench workbench, @Nullable IStructuredSelection selection) {
        // Nothing of the selection goes into a new driver.
    }

    @Override
    public void addPages() {
        addPage(projectPage);
        addPage(driverPage);
    }

    @Override
    public boolean performFinish() {
        driverPage.followProject();
        Optional<DriverDraft.Problem> problem = draft.problem();
        if (problem.isPresent()) {
            getContainer().showPage(driverPage);
            return false;
        }
        Creation creation =
                new Creation(
                        projectPage.getProjectName(),
                        projectPage.useDefaults()
                                ? Optional.empty()
                                : Optional.of(projectPage.getLocationPath().toPath()));
        try {
            getContainer().run(true, true, creation::run);
        } catch (InvocationTargetException failed) {
            IStatus status = Failures.status("New driver", failed);
            if (!status.matches(IStatus.CANCEL)) {
                getContainer().showPage(driverPage);
                driverPage.refuse(status);
            }
            return false;
        } catch (InterruptedException cancelled) {
            return false;
        }
        getDialogSettings().put(AUTHOR, draft.text(DriverField.AUTHOR));
        creation.created.ifPresent(NewDriverWizard::show);
        return true;
    }

    private static void show(Shown shown) {
        var window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
        IWorkbenchPage page = window == null ? null : window.getActivePage();
        if (window == null || page == null) {
            return;
        }
        BasicNewResourceWizard.selectAndReveal(shown.project(), window);
        try {
            if (shown.main().exists()) {
                IDE.openEditor(page, shown.main());
            }
        } catch (PartInitException failed) {
            // The project stands; only its editor did not open.
            StatusManager.getManager().handle(failed.getStatus(), StatusManager.SHOW);
        }
    }

    private record Shown(IProject project, IFile main) {}

    /** Finish, as one cancellable step off the UI thread. */
    private final class Creation {

        private final String name;
        private final Optional<Path> location;
        private final DriverSpec spec;
        private Optional<Shown> created = Optional.empty();

        Creation(String name, Optional<Path> location) {
            this.name = name;
            this.location = location;
            try {
                spec = draft.spec();
            } catch (KmodscopeException e) {
                throw new IllegalStateException("The draft had no problem a moment ago.", e);
            }
        }

        void run(@Nullable IProgressMonitor monitor) throws InvocationTargetException {
            SubMonitor steps = SubMonitor.convert(monitor, "Create " + name, 2);
            try {
                var tree = DriverTools.installed().templates().render(spec);
                steps.worked(1);
                var made = DriverProject.create(name, location, tree, steps.split(1));
                var main = Preview.mainFile(tree);
                created = Optional.of(new Shown(made.project(), made.project().getFile(main)));
            } catch (KmodscopeException failure) {
                throw new InvocationTargetException(failure);
            }
        }
    }
}
