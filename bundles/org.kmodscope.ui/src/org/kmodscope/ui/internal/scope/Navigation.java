/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.FileLocator;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.runtime.Platform;
import org.eclipse.core.runtime.Status;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.jface.wizard.WizardDialog;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchPartSite;
import org.eclipse.ui.IWorkbenchWizard;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.eclipse.ui.ide.IDE;
import org.eclipse.ui.statushandlers.StatusManager;
import org.eclipse.ui.wizards.IWizardDescriptor;
import org.kmodscope.ui.internal.preferences.HelperPage;
import org.osgi.framework.Bundle;

/** Ways from the view to other places of the workbench. */
final class Navigation {

    private static final String BUNDLE = "org.kmodscope.ui";
    private static final String NEW_DRIVER = "org.kmodscope.ui.newDriver";
    private static final String SAMPLE = "recordings/globalfifo.kmse";

    private final IWorkbenchPartSite site;

    Navigation(IWorkbenchPartSite site) {
        this.site = site;
    }

    /** Opens a file at a line. */
    void open(IFile file, int line) {
        IWorkbenchPage page = site.getPage();
        try {
            IMarker place = file.createMarker(IMarker.TEXT);
            try {
                place.setAttribute(IMarker.LINE_NUMBER, line);
                IDE.openEditor(page, place);
            } finally {
                place.delete();
            }
        } catch (CoreException e) {
            tell("The file " + file.getName() + " cannot be opened.", e);
        }
    }

    /** Brings up the problems of the workspace. */
    void problems() {
        try {
            site.getPage().showView(IPageLayout.ID_PROBLEM_VIEW);
        } catch (PartInitException e) {
            tell("The view Problems cannot be opened.", e);
        }
    }

    /** Shows the page that installs the helper of this machine. */
    void helper() {
        PreferencesUtil.createPreferenceDialogOn(site.getShell(), HelperPage.ID, null, null).open();
    }

    /** Opens the wizard for a new driver. */
    void newDriver() {
        IWizardDescriptor found =
                PlatformUI.getWorkbench().getNewWizardRegistry().findWizard(NEW_DRIVER);
        try {
            IWorkbenchWizard wizard = found.createWizard();
            wizard.init(PlatformUI.getWorkbench(), StructuredSelection.EMPTY);
            new WizardDialog(site.getShell(), wizard).open();
        } catch (CoreException e) {
            tell("The wizard for a new driver cannot be opened.", e);
        }
    }

    /** The recording that comes with kmodscope, as a file. */
    Optional<Path> sample() {
        Bundle bundle = Platform.getBundle(BUNDLE);
        URL entry = FileLocator.find(bundle, IPath.fromOSString(SAMPLE));
        if (entry == null) {
            return Optional.empty();
        }
        Path copy = Platform.getStateLocation(bundle).append("sample.kmse").toPath();
        try (InputStream in = entry.openStream()) {
            Files.createDirectories(copy.getParent());
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(copy);
        } catch (IOException e) {
            tell("The sample recording cannot be read.", e);
            return Optional.empty();
        }
    }

    private static void tell(String what, Exception reason) {
        StatusManager.getManager().handle(Status.error(what, reason), StatusManager.SHOW);
    }
}
