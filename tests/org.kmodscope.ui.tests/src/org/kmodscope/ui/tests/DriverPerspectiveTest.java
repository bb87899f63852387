/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveDescriptor;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.console.IConsoleConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.ide.tests.NothingLogged;

@ExtendWith(NothingLogged.class)
class DriverPerspectiveTest {

    @Test
    void showsProjectsScopeConsoleAndProblems() throws Exception {
        var window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
        IWorkbenchPage page = window.getActivePage();
        IPerspectiveDescriptor before = page.getPerspective();
        PlatformUI.getWorkbench().showPerspective("org.kmodscope.ui.driverPerspective", window);
        try {
            for (String view :
                    List.of(
                            IPageLayout.ID_PROJECT_EXPLORER,
                            "org.kmodscope.ui.scope",
                            "org.kmodscope.ui.results",
                            IConsoleConstants.ID_CONSOLE_VIEW,
                            IPageLayout.ID_PROBLEM_VIEW)) {
                assertNotNull(page.findViewReference(view), view);
            }
            assertTrue(
                    List.of(page.getNewWizardShortcuts()).contains("org.kmodscope.ui.newDriver"));
            window.getShell().setSize(1360, 900);
            Screen.settle();
            Screen.picture(window.getShell(), "perspective");
        } finally {
            page.setPerspective(before);
        }
    }
}
