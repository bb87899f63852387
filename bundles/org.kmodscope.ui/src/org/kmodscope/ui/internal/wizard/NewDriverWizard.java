/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.IDialogSettings;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.wizard.Wizard;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Text;
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
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.TemplateOffer;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.project.DriverPlan;
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
        projectPage = new ProjectPage();
        projectPage.setTitle("Driver project");
        projectPage.setDescription("Where the driver's sources are kept.");
        projectPage.setInitialProjectName(DriverSpec.DEFAULT_TEMPLATE);
        driverPage = new DriverPage(projectPage::getProjectName);
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
    public void createPageControls(@Nullable Composite parent) {
        super.createPageControls(parent);
        if (parent != null) {
            readTemplates(parent);
        }
    }

    /** Templates are files, so a job reads them; the page is ready when it has. */
    private void readTemplates(Composite owner) {
        Display display = owner.getDisplay();
        Job job =
                Job.create(
                        "Read templates",
                        (ICoreRunnable)
                                monitor -> {
                                    Runnable then = offers();
                                    display.asyncExec(
                                            () -> {
                                                if (!owner.isDisposed()) {
                                                    then.run();
                                                    maybeFinished();
                                                }
                                            });
                                });
        job.setSystem(true);
        owner.addDisposeListener(e -> job.cancel());
        job.schedule();
    }

    /** The page that is ready now need not be the one that is shown, and only that tells it. */
    private void maybeFinished() {
        if (getContainer().getCurrentPage() != null) {
            getContainer().updateButtons();
        }
    }

    /** Reads them; what is to be done with them, or with the failure, is for the UI thread. */
    private Runnable offers() {
        try {
            List<TemplateOffer> offers = DriverTools.installed().templates().offers();
            return () -> driverPage.begin(author(), offers);
        } catch (KmodscopeException failure) {
            return () -> driverPage.refuse(Failures.status("Reading the templates", failure));
        }
    }

    private String author() {
        return Optional.ofNullable(getDialogSettings().get(AUTHOR))
                .orElse(System.getProperty("user.name", "Unknown author"));
    }

    @Override
    public boolean performFinish() {
        Optional<DriverPlan> plan = driverPage.plan();
        if (plan.isEmpty()) {
            getContainer().showPage(driverPage);
            return false;
        }
        Creation creation =
                new Creation(
                        projectPage.getProjectName(),
                        projectPage.useDefaults()
                                ? Optional.empty()
                                : Optional.of(projectPage.getLocationPath().toPath()),
                        plan.get());
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
        getDialogSettings().put(AUTHOR, plan.get().spec().author());
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

    /** Typing replaces the name that is proposed. */
    private static final class ProjectPage extends WizardNewProjectCreationPage {

        ProjectPage() {
            super("project");
        }

        @Override
        public void setVisible(boolean visible) {
            super.setVisible(visible);
            if (visible) {
                // The page gets the focus later.
                Display display = getShell().getDisplay();
                display.asyncExec(() -> select(display));
            }
        }

        private void select(Display display) {
            if (display.getFocusControl() instanceof Text name
                    && name.getText().equals(getProjectName())) {
                name.selectAll();
            }
        }
    }

    private record Shown(IProject project, IFile main) {}

    /** Finish, as one cancellable step off the UI thread. */
    private static final class Creation {

        private final String name;
        private final Optional<Path> location;
        private final DriverPlan plan;
        private Optional<Shown> created = Optional.empty();

        Creation(String name, Optional<Path> location, DriverPlan plan) {
            this.name = name;
            this.location = location;
            this.plan = plan;
        }

        void run(@Nullable IProgressMonitor monitor) throws InvocationTargetException {
            SubMonitor steps = SubMonitor.convert(monitor, "Create " + name, 2);
            try {
                var tree = plan.render(DriverTools.installed().templates());
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
