/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.perspective;

import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;
import org.eclipse.ui.console.IConsoleConstants;

/**
 * Sources above, what they do below: projects and the editor, and under both, over the whole width
 * that a time axis wants, the Async Scope beside results, console and problems.
 */
public final class DriverPerspective implements IPerspectiveFactory {

    private static final String SCOPE = "org.kmodscope.ui.scope";
    private static final String RESULTS = "org.kmodscope.ui.results";
    private static final float SCOPE_FROM = 0.34f;
    private static final float PROJECTS_TO = 0.22f;

    @Override
    public void createInitialLayout(@Nullable IPageLayout layout) {
        if (layout == null) {
            return;
        }
        String editors = layout.getEditorArea();
        IFolderLayout below = layout.createFolder("below", IPageLayout.BOTTOM, SCOPE_FROM, editors);
        below.addView(SCOPE);
        below.addView(RESULTS);
        below.addView(IConsoleConstants.ID_CONSOLE_VIEW);
        below.addView(IPageLayout.ID_PROBLEM_VIEW);
        below.addPlaceholder(IPageLayout.ID_PROGRESS_VIEW);
        layout.createFolder("left", IPageLayout.LEFT, PROJECTS_TO, editors)
                .addView(IPageLayout.ID_PROJECT_EXPLORER);

        layout.addActionSet(IDebugUIConstants.LAUNCH_ACTION_SET);
        layout.addNewWizardShortcut("org.kmodscope.ui.newDriver");
        layout.addNewWizardShortcut("org.eclipse.ui.wizards.new.folder");
        layout.addNewWizardShortcut("org.eclipse.ui.wizards.new.file");
        layout.addShowViewShortcut(SCOPE);
        layout.addShowViewShortcut(RESULTS);
        layout.addShowViewShortcut(IConsoleConstants.ID_CONSOLE_VIEW);
        layout.addShowViewShortcut(IPageLayout.ID_PROBLEM_VIEW);
        layout.addShowViewShortcut(IDebugUIConstants.ID_DEBUG_VIEW);
    }
}
