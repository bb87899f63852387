/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopePreferences;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ui.tests.Screen;

/** The view, maximized in a real workbench, and what tests do with it. */
final class OpenScope implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private final IWorkbenchPage page =
            PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
    private final AsyncScopeView view;

    OpenScope() throws Exception {
        deleteProjects();
        view = show();
        if (page.getPartState(page.getReference(view)) != IWorkbenchPage.STATE_MAXIMIZED) {
            page.toggleZoom(page.getReference(view));
        }
        size(1280, 720);
        // Last: a view that was open already keeps the choice of the test before this one.
        new ScopePreferences(InstanceScope.INSTANCE).clear();
    }

    private AsyncScopeView show() throws PartInitException {
        return (AsyncScopeView) page.showView(AsyncScopeView.ID);
    }

    AsyncScopeView view() {
        return view;
    }

    Shell shell() {
        return PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    }

    void size(int width, int height) {
        shell().setBounds(0, 0, width, height);
        shell().forceActive();
        Screen.settle();
    }

    static DriverProject project() throws Exception {
        return DriverProject.create(
                "globalfifo",
                Optional.empty(),
                DriverTools.installed()
                        .templates()
                        .render(DriverSpec.named("globalfifo").probes(List.of("sigio")).build()),
                new NullProgressMonitor());
    }

    private static void deleteProjects() throws Exception {
        for (IProject project : ResourcesPlugin.getWorkspace().getRoot().getProjects()) {
            project.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
    }

    String prompt() {
        return view.parts().prompt().shown();
    }

    /** From no project to a recording, as the buttons do it. */
    void record(Duration limit) throws Exception {
        project();
        Screen.await("the driver", LIMIT, () -> view.controller().choice().driver().isPresent());
        view.controller().buildAndLoad();
        Screen.await("ready", limit, () -> is(ScopeState.Ready.class));
        view.controller().start();
        Screen.await("recording", limit, () -> is(ScopeState.Recording.class));
    }

    /** Whether the controller is in a state; fails at once when an operation failed. */
    boolean is(Class<? extends ScopeState> state) {
        view.controller()
                .failure()
                .ifPresent(
                        failure -> {
                            throw new AssertionError(failure.toString());
                        });
        return state.isInstance(view.controller().state());
    }

    long events() {
        return view.model().latest().map(snapshot -> snapshot.events()).orElse(0L);
    }

    /** How many colours the timeline has: an empty one has few. */
    long colours() throws Exception {
        return Screen.colours(Screen.picture(view.parts().timeline().control(), "timeline"));
    }

    /** Waits until the model has answered for the stretch of time that is looked at. */
    void awaitPicture() throws Exception {
        Screen.await(
                "the picture of this stretch",
                LIMIT,
                () ->
                        view.model().picture().isPresent()
                                && view.model().picture().get().fromNanos()
                                        == view.model().view().scale().start()
                                && !view.model().chains().isEmpty());
    }

    /** A picture of the window after all that changed was painted. */
    void picture(String name) throws Exception {
        boolean[] painted = new boolean[1];
        Listener tells = event -> painted[0] = true;
        Canvas last = view.parts().status().control();
        last.addListener(SWT.Paint, tells);
        shell().redraw();
        last.redraw();
        Screen.await("painting", LIMIT, () -> painted[0]);
        last.removeListener(SWT.Paint, tells);
        Screen.picture(shell(), name);
    }

    @Override
    public void close() throws Exception {
        page.hideView(view);
        deleteProjects();
    }
}
