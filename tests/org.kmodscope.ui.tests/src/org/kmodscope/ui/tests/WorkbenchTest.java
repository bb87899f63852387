/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.core.runtime.Platform;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** The workbench comes up with kmodscope in it. */
class WorkbenchTest {

    @Test
    void aWindowIsOpenAndTheTestRunsInItsThread() {
        assertNotNull(Display.getCurrent(), "not in the user interface thread");
        IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
        assertNotNull(window);
        assertTrue(window.getShell().isVisible());
    }

    @Test
    void theUserInterfaceBundleStarts() throws Exception {
        Bundle bundle = Platform.getBundle("org.kmodscope.ui");
        assertNotNull(bundle);
        bundle.start(Bundle.START_TRANSIENT);
        assertEquals(Bundle.ACTIVE, bundle.getState());
    }
}
