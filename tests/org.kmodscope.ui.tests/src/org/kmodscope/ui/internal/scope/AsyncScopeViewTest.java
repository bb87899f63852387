/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.tests.NothingLogged;
import org.kmodscope.ide.tests.scope.ReplaySession;
import org.kmodscope.ide.tests.scope.ReplaySupply;
import org.kmodscope.ui.internal.scope.timeline.TimeScale;
import org.kmodscope.ui.tests.Screen;

/** The view in a real workbench, fed with the bytes of an agent; pictures in target/pictures. */
@ExtendWith(NothingLogged.class)
class AsyncScopeViewTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final IWorkbenchPage page =
            PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
    private final ReplaySupply supply;
    private final AsyncScopeView view;

    AsyncScopeViewTest() throws Exception {
        supply = new ReplaySupply();
        view = (AsyncScopeView) page.showView(AsyncScopeView.ID);
    }

    @BeforeEach
    void open() throws Exception {
        for (IProject project : ResourcesPlugin.getWorkspace().getRoot().getProjects()) {
            project.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
        view.use(new ScopeController(supply));
        if (page.getPartState(page.getReference(view)) != IWorkbenchPage.STATE_MAXIMIZED) {
            page.toggleZoom(page.getReference(view));
        }
        size(1280, 720);
    }

    @AfterEach
    void close() throws Exception {
        page.hideView(view);
        for (IProject project : ResourcesPlugin.getWorkspace().getRoot().getProjects()) {
            project.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
    }

    private Shell shell() {
        return PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    }

    private void size(int width, int height) {
        shell().setBounds(0, 0, width, height);
        shell().forceActive();
        Screen.settle();
    }

    private static DriverProject project() throws Exception {
        return DriverProject.create(
                "globalfifo",
                Optional.empty(),
                DriverTools.installed()
                        .templates()
                        .render(DriverSpec.named("globalfifo").build()),
                new NullProgressMonitor());
    }

    /** A picture of the window after all that changed was painted. */
    private void picture(String name) throws Exception {
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

    private String prompt() {
        return view.parts().prompt().shown();
    }

    private void record() throws Exception {
        project();
        Screen.await(
                "the driver", LIMIT, () -> view.controller().choice().driver().isPresent());
        view.controller().buildAndLoad();
        Screen.await(
                "ready", LIMIT, () -> view.controller().state() instanceof ScopeState.Ready);
        view.controller().start();
        Screen.await(
                "recording",
                LIMIT,
                () -> view.controller().state() instanceof ScopeState.Recording);
    }

    private long events() {
        return view.model().latest().map(snapshot -> snapshot.events()).orElse(0L);
    }

    /** A minute of traffic with three losses, the last of them in what will be looked at. */
    private long minute(ReplaySession session) throws Exception {
        Traffic traffic = new Traffic(session);
        session.log(new KernelLogLine(6, 1, session.clock(), "globalfifo: loaded, /dev/globalfifo"));
        traffic.steady(20, 300);
        traffic.lose(38, 3_000_000);
        traffic.steady(19, 320);
        traffic.lose(365, 9_000_000);
        traffic.steady(16, 310);
        long interesting = session.clock();
        traffic.steady(0.0008, 5_000);
        traffic.lose(9, 90_000);
        traffic.steady(0.002, 4_000);
        session.log(
                new KernelLogLine(4, 2, interesting + 640_000, "globalfifo: reader is slow"));
        traffic.steady(5, 300);
        session.pass(200_000_000);
        traffic.steady(0.01, 300);
        Screen.await("all events", LIMIT, () -> events() == traffic.records());
        return interesting;
    }

    @Test
    void anEmptyViewSaysWhatToDo() throws Exception {
        Screen.await("a prompt", LIMIT, () -> prompt().startsWith("No driver yet."));
        picture("scope-empty");
        project();
        Screen.await(
                "the next prompt",
                LIMIT,
                () -> prompt().startsWith("globalfifo is not loaded. Press "));
        view.controller().buildAndLoad();
        Screen.await("ready", LIMIT, () -> prompt().startsWith("Ready. Press "));
        supply.session().withoutFasync();
        view.controller().start();
        Screen.await("the reason", LIMIT, () -> prompt().contains("has no fasync operation."));
        picture("scope-no-fasync");
    }

    @Test
    void aRecordingIsDrawnPausedAndRead() throws Exception {
        record();
        long moment = minute(supply.session());
        assertTrue(view.model().view().live());
        Screen.await("live", LIMIT, () -> view.model().picture().isPresent());
        view.model().look(view.model().view().scaled(new TimeScale(0, 2e6)));
        Screen.await("colours", LIMIT, () -> colours() > 40);
        picture("scope-live");
        view.model().pause(true);
        look(moment);
        picture("scope");
        String status = view.parts().status().spoken();
        assertTrue(status.contains("Lost 412 of"), status);
        assertTrue(view.model().chain().isPresent());
        assertTrue(view.parts().events().rows().stream().anyMatch(row -> row.isLoss()));
        filter();
        dark(moment);
    }

    private long colours() throws Exception {
        return Screen.colours(Screen.picture(view.parts().timeline().control(), "timeline"));
    }

    private void look(long moment) throws Exception {
        TimeScale scale = new TimeScale(moment - 40_000, 2_400);
        view.model().look(view.model().view().standing(scale));
        Screen.await(
                "the picture",
                LIMIT,
                () ->
                        view.model().picture().isPresent()
                                && view.model().picture().get().fromNanos() == scale.start());
        var chains = view.model().chains();
        assertFalse(chains.isEmpty());
        var chain =
                chains.stream().filter(each -> each.total().isPresent()).skip(1).findFirst();
        Event cause = chain.orElseThrow().links().getFirst().begin().orElseThrow();
        assertEquals(EventKind.WRITE_START, cause.kind());
        view.model().select(Optional.of(cause));
        view.model()
                .look(
                        view.model()
                                .view()
                                .withA(OptionalLong.of(moment + 700_000))
                                .withB(OptionalLong.of(moment + 1_400_000)));
        Screen.settle();
    }

    private void filter() throws Exception {
        int all = view.parts().events().rows().size();
        view.parts().events().filter("sigio");
        Screen.settle();
        int some = view.parts().events().rows().size();
        assertTrue(some > 0 && some < all, some + " of " + all);
        picture("scope-filter");
        view.parts().events().filter("");
    }

    private void dark(long moment) throws Exception {
        String before = "org.eclipse.e4.ui.css.theme.e4_default";
        try {
            theme("org.eclipse.e4.ui.css.theme.e4_dark");
            Screen.await("dark", LIMIT, this::isDark);
            look(moment);
            picture("scope-dark");
        } finally {
            theme(before);
        }
    }

    /** Changes the theme as the preference page does; its engine is no API, hence the reflection. */
    private void theme(String id) throws Exception {
        Object engine = shell().getDisplay().getData("org.eclipse.e4.ui.css.swt.theme");
        engine.getClass()
                .getMethod("setTheme", String.class, boolean.class)
                .invoke(engine, id, false);
    }

    private boolean isDark() {
        Screen.settle();
        return view.parts().timeline().control().getBackground().getRed() < 80;
    }

    @Test
    void aLowViewKeepsWhatMatters() throws Exception {
        record();
        size(1280, 440);
        Traffic traffic = new Traffic(supply.session());
        traffic.steady(4.5, 4_000);
        traffic.requests(6);
        traffic.steady(0.4, 4_000);
        traffic.lose(38, 3_000_000);
        traffic.requests(5);
        traffic.steady(0.5, 4_000);
        traffic.lose(9, 2_000_000);
        traffic.requests(4);
        traffic.steady(0.3, 4_000);
        Screen.await("all events", LIMIT, () -> events() == traffic.records());
        Screen.await("the low form", LIMIT, () -> view.parts().low());
        Screen.await("colours", LIMIT, () -> colours() > 40);
        picture("scope-docked");
        assertFalse(view.parts().toolbar().control().isVisible());
        assertTrue(view.parts().status().control().isVisible());
    }

    @Test
    void aPanicIsToldAndTheEventsStay() throws Exception {
        record();
        minute(supply.session());
        supply.session().end(new TargetEnd.Panicked("Fatal exception", "RIP: 0010:globalfifo"));
        Screen.await("the news", LIMIT, () -> prompt().startsWith("The kernel panicked at "));
        picture("scope-panic");
        assertTrue(events() > 90_000);
        assertTrue(view.parts().log().shown().contains("RIP: 0010:globalfifo"));
    }
}
