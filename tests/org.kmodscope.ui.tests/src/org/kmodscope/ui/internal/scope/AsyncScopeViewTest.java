/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.ide.scope.IoChoice;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.tests.NothingLogged;
import org.kmodscope.ide.tests.scope.ReplaySession;
import org.kmodscope.ide.tests.scope.ReplaySupply;
import org.kmodscope.ui.internal.scope.timeline.TimeScale;
import org.kmodscope.ui.tests.Screen;

/** The view in a real workbench, fed with the bytes of an agent; pictures in target/pictures. */
@ExtendWith(NothingLogged.class)
class AsyncScopeViewTest {

    private static final Duration LIMIT = OpenScope.LIMIT;

    private final ReplaySupply supply;
    private final OpenScope scope;
    private final AsyncScopeView view;

    AsyncScopeViewTest() throws Exception {
        supply = new ReplaySupply();
        scope = new OpenScope();
        view = scope.view();
        view.use(new ScopeController(supply));
    }

    @AfterEach
    void close() throws Exception {
        scope.close();
    }

    private void arrived(long count) throws Exception {
        Screen.await("events so far", LIMIT, () -> scope.events() >= count);
    }

    /** A minute of traffic with three losses, the last of them in what will be looked at. */
    private long minute(ReplaySession session) throws Exception {
        Traffic traffic = new Traffic(session, this::arrived);
        session.log(
                new KernelLogLine(6, 1, session.clock(), "globalfifo: loaded, /dev/globalfifo"));
        traffic.steady(20, 300);
        traffic.lose(38, 3_000_000);
        traffic.steady(19, 320);
        traffic.lose(365, 9_000_000);
        traffic.steady(16, 310);
        long interesting = session.clock();
        traffic.steady(0.0008, 5_000);
        traffic.lose(9, 90_000);
        traffic.steady(0.002, 4_000);
        session.log(new KernelLogLine(4, 2, interesting + 640_000, "globalfifo: reader is slow"));
        traffic.steady(5, 300);
        session.pass(200_000_000);
        traffic.steady(0.01, 300);
        Screen.await("all events", LIMIT, () -> scope.events() == traffic.records());
        return interesting;
    }

    @Test
    void anEmptyViewSaysWhatToDo() throws Exception {
        Screen.await("a prompt", LIMIT, () -> scope.prompt().startsWith("No driver yet."));
        scope.picture("scope-empty");
        OpenScope.project();
        Screen.await(
                "the next prompt",
                LIMIT,
                () -> scope.prompt().startsWith("globalfifo is not loaded. Press "));
        view.controller().buildAndLoad();
        Screen.await("ready", LIMIT, () -> scope.prompt().startsWith("Ready. Press "));
        supply.session().withoutFasync();
        view.controller().start();
        Screen.await(
                "the reason", LIMIT, () -> scope.prompt().contains("has no fasync operation."));
        scope.picture("scope-no-fasync");
    }

    @Test
    void aRecordingIsDrawnPausedAndRead() throws Exception {
        scope.record(LIMIT);
        long moment = minute(supply.session());
        assertTrue(view.model().view().live());
        Screen.await("live", LIMIT, () -> view.model().picture().isPresent());
        view.model().look(view.model().view().scaled(new TimeScale(0, 2e6)));
        Screen.await("colours", LIMIT, () -> scope.colours() > 40);
        scope.picture("scope-live");
        view.model().pause(true);
        look(moment);
        scope.picture("scope");
        String status = view.parts().status().spoken();
        assertTrue(status.contains("Lost 412 of"), status);
        assertTrue(view.model().chain().isPresent());
        assertTrue(view.parts().events().rows().stream().anyMatch(row -> row.isLoss()));
        filter();
        dark(moment);
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
        var chain = chains.stream().filter(each -> each.total().isPresent()).skip(1).findFirst();
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
        scope.picture("scope-filter");
        view.parts().events().filter("");
    }

    private void dark(long moment) throws Exception {
        String before = "org.eclipse.e4.ui.css.theme.e4_default";
        try {
            theme("org.eclipse.e4.ui.css.theme.e4_dark");
            Screen.await("dark", LIMIT, this::isDark);
            look(moment);
            scope.picture("scope-dark");
        } finally {
            theme(before);
            Screen.await("light", LIMIT, () -> !isDark());
        }
    }

    /**
     * Changes the theme as the preference page does; its engine is no API, hence the reflection.
     */
    private void theme(String id) throws Exception {
        Object engine = scope.shell().getDisplay().getData("org.eclipse.e4.ui.css.swt.theme");
        engine.getClass()
                .getMethod("setTheme", String.class, boolean.class)
                .invoke(engine, id, false);
    }

    private boolean isDark() {
        Screen.settle();
        return view.parts().timeline().control().getBackground().getRed() < 80;
    }

    @Test
    void keysAloneSuffice() throws Exception {
        scope.record(LIMIT);
        long moment = minute(supply.session());
        view.model().pause(true);
        look(moment);
        Event first = view.model().view().selected().orElseThrow();
        assertTrue(view.parts().timeline().control().forceFocus());
        key(SWT.ARROW_DOWN, '\0');
        Screen.await("the lane below", LIMIT, () -> selected() == EventKind.SIGIO_IN);
        key(SWT.ARROW_DOWN, '\0');
        Screen.await("the next lane", LIMIT, () -> selected() == EventKind.READ_START);
        key(SWT.ARROW_UP, '\0');
        key(SWT.ARROW_UP, '\0');
        Screen.await(
                "back",
                LIMIT,
                () -> view.model().view().selected().filter(first::equals).isPresent());
        key(SWT.ARROW_RIGHT, '\0');
        Screen.await(
                "the next write",
                LIMIT,
                () ->
                        view.model()
                                .view()
                                .selected()
                                .filter(event -> event.request() == first.request() + 1)
                                .isPresent());
        double scale = view.model().view().scale().nanosPerPixel();
        key(0, '+');
        Screen.await("closer", LIMIT, () -> view.model().view().scale().nanosPerPixel() < scale);
        key(0, 'b');
        Screen.await(
                "cursor B",
                LIMIT,
                () ->
                        view.model().view().cursorB().orElse(0)
                                == view.model().view().selected().orElseThrow().timeNanos());
        key(SWT.ESC, SWT.ESC);
        Screen.await("nothing", LIMIT, () -> view.model().view().selected().isEmpty());
        key(0, 'l');
        Screen.await("live", LIMIT, () -> view.model().view().live());
        assertFalse(view.model().paused());
        key(0, ' ');
        Screen.await("paused", LIMIT, () -> view.model().paused());
        key(0, 's');
        Screen.await(
                "one stimulus",
                LIMIT,
                () -> supply.session().calls("stimulate").contains("stimulate 1 x 64"));
    }

    private EventKind selected() {
        return view.model().view().selected().map(Event::kind).orElse(EventKind.UNKNOWN);
    }

    /** Types a key as the window system would hand it over. */
    private void key(int code, char character) {
        var event = new org.eclipse.swt.widgets.Event();
        event.type = SWT.KeyDown;
        event.keyCode = code == 0 ? character : code;
        event.character = character;
        event.display = scope.shell().getDisplay();
        event.widget = view.parts().timeline().control();
        event.doit = true;
        view.parts().timeline().control().notifyListeners(SWT.KeyDown, event);
        Screen.settle();
    }

    @Test
    void modelsThatTakeTurnsStandSideBySide() throws Exception {
        IoChoice three = IoChoice.initial().withWords(List.of("sigio", "aio", "poll"));
        view.controller()
                .choose(view.controller().choice().withSource(ScopeSource.BRIDGE).withIo(three));
        scope.record(LIMIT);
        Traffic traffic = new Traffic(supply.session(), this::arrived);
        traffic.turns(supply.session().bridge(), 6, 200);
        Screen.await("all events", LIMIT, () -> scope.events() == traffic.records());
        Screen.await("a row for each", LIMIT, () -> view.parts().models().shown() == 3);
        Screen.await("colours", LIMIT, () -> scope.colours() > 40);
        assertTrue(view.parts().timeline().compares());
        view.model().pause(true);
        var recorded = view.model().latest().orElseThrow().recorded().orElseThrow();
        view.model().fit(recorded.fromNanos(), recorded.toNanos());
        Screen.await(
                "all turns", LIMIT, () -> view.model().picture().orElseThrow().turns().size() == 6);
        assertTrue(view.parts().models().spoken().contains("Kernel AIO: p50"));
        scope.picture("scope-models");
        Composite models = (Composite) view.parts().models().control();
        Table table = Screen.find(models, Table.class, any -> true).findFirst().orElseThrow();
        for (int height : List.of(90, 400)) {
            models.setSize(models.getSize().x, height);
            Screen.settle();
            Rectangle bounds = table.getBounds();
            assertTrue(bounds.y + bounds.height <= height, "cut: " + bounds + " of " + height);
            assertTrue(bounds.height > table.getHeaderHeight(), "no rows: " + bounds);
        }
    }

    @Test
    void theModelsAreChosenInAPopupThatSaysWhy() throws Exception {
        OpenScope.project();
        Screen.await("the driver", LIMIT, () -> view.controller().choice().driver().isPresent());
        WatchPopup popup = view.parts().toolbar().openWatch();
        Screen.await("agent", LIMIT, () -> enabled(popup).equals(List.of("SIGIO")));
        scope.picture("scope-watch-agent");
        view.controller().choose(view.controller().choice().withSource(ScopeSource.BRIDGE));
        popup.close();
        WatchPopup bridge = view.parts().toolbar().openWatch();
        Screen.await("the bridge", LIMIT, () -> enabled(bridge).contains("Kernel AIO"));
        for (Button box : bridge.boxes()) {
            if (box.getText().equals("poll")) {
                box.setSelection(true);
                box.notifyListeners(SWT.Selection, new org.eclipse.swt.widgets.Event());
            }
        }
        assertEquals(List.of("sigio", "poll"), view.controller().choice().io().words());
        scope.picture("scope-watch-bridge");
        bridge.close();
    }

    private static List<String> enabled(WatchPopup popup) {
        return popup.boxes().stream()
                .filter(box -> box.getSelection() || box.getEnabled())
                .map(Button::getText)
                .toList();
    }

    @Test
    void theSampleRecordingIsOfARealDriver() throws Exception {
        Screen.await("a prompt", LIMIT, () -> scope.prompt().startsWith("No driver yet."));
        view.follow(EmptyStates.SAMPLE);
        Screen.await("its events", LIMIT, () -> scope.events() > 1_000);
        Screen.await("colours", LIMIT, () -> scope.colours() > 40);
        assertEquals(0, view.model().latest().orElseThrow().lost());
        view.model().pause(true);
        var window = view.model().latest().orElseThrow().window().orElseThrow();
        view.model().fit(window.fromNanos() + 900_000_000, window.fromNanos() + 960_000_000);
        scope.awaitPicture();
        view.model().select(view.model().chains().getFirst());
        scope.picture("scope-sample");
    }

    @Test
    void aLowViewKeepsWhatMatters() throws Exception {
        scope.record(LIMIT);
        scope.size(1280, 440);
        Traffic traffic = new Traffic(supply.session(), this::arrived);
        traffic.steady(4.5, 4_000);
        traffic.requests(6);
        traffic.steady(0.4, 4_000);
        traffic.lose(38, 3_000_000);
        traffic.requests(5);
        traffic.steady(0.5, 4_000);
        traffic.lose(9, 2_000_000);
        traffic.requests(4);
        traffic.steady(0.3, 4_000);
        Screen.await("all events", LIMIT, () -> scope.events() == traffic.records());
        Screen.await("the low form", LIMIT, () -> view.parts().low());
        Screen.await("colours", LIMIT, () -> scope.colours() > 40);
        scope.picture("scope-docked");
        assertFalse(view.parts().toolbar().control().isVisible());
        assertTrue(view.parts().status().control().isVisible());
    }

    @Test
    void aPanicIsToldAndTheEventsStay() throws Exception {
        scope.record(LIMIT);
        minute(supply.session());
        supply.session().end(new TargetEnd.Panicked("Fatal exception", "RIP: 0010:globalfifo"));
        Screen.await("the news", LIMIT, () -> scope.prompt().startsWith("The kernel panicked at "));
        long all = scope.events();
        Screen.await(
                "the last row",
                LIMIT,
                () ->
                        view.parts().events().rows().getLast().timeNanos()
                                == view.model()
                                        .latest()
                                        .orElseThrow()
                                        .recorded()
                                        .orElseThrow()
                                        .toNanos());
        assertEquals(all, scope.events());
        scope.picture("scope-panic");
        assertTrue(scope.events() > 90_000);
        assertTrue(view.parts().log().shown().contains("RIP: 0010:globalfifo"));
    }
}
