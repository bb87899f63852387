/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.TurnTotals;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.scope.IoChoice;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.scope.StimulusPlan;
import org.kmodscope.ide.tests.NothingLogged;
import org.kmodscope.ui.tests.Screen;

/** The view with a real driver in a real kernel: from a new project to what the driver signals. */
@ExtendWith(NothingLogged.class)
class AsyncScopeLabTest {

    /** A first run fetches a kernel; an emulated machine on a busy one boots in half a minute. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final int WRITES = 300;

    private final OpenScope scope;
    private final AsyncScopeView view;

    AsyncScopeLabTest() throws Exception {
        scope = new OpenScope();
        view = scope.view();
        // Another test's perspective may have kept the view, with what that test gave it.
        view.use(new ScopeController(DriverTools.installed()));
    }

    @AfterEach
    void close() throws Exception {
        scope.close();
    }

    /** One lab for all of it: Java takes its time to start in an emulated machine. */
    @Test
    void theBridgeSeesTheSameSignalsAndItsModelsTakeTurnsAlsoInAReplay(@TempDir Path work)
            throws Exception {
        Path session = work.resolve("session.recording");
        view.controller().recordIn(Optional.of(session));
        view.controller().choose(view.controller().choice().withSource(ScopeSource.BRIDGE));
        scope.record(LIMIT);
        theBridgeSeesTheSameSignals();
        view.controller().stop();
        Screen.await("ready", LIMIT, () -> scope.is(ScopeState.Ready.class));
        view.controller().clear();
        Screen.await("nothing", LIMIT, () -> scope.events() == 0);
        IoChoice three =
                IoChoice.initial()
                        .withWords(List.of("sigio", "aio", "poll"))
                        .withTurn(Duration.ofMillis(300));
        view.controller().choose(view.controller().choice().withIo(three));
        view.controller().start();
        Screen.await("recording", LIMIT, () -> scope.is(ScopeState.Recording.class));
        List<TurnTotals> first = modelsTakeTurns();
        view.controller().recordIn(Optional.empty());
        view.controller()
                .choose(
                        view.controller()
                                .choice()
                                .withTarget(new TargetSpec.Recorded(session, false)));
        view.controller().buildAndLoad();
        view.controller().start();
        Screen.await("replaying", LIMIT, () -> scope.is(ScopeState.Recording.class));
        Screen.await("the same turns", LIMIT, () -> turns().equals(first));
        assertEquals(0, view.model().latest().orElseThrow().lost());
        Screen.await("a row for each", LIMIT, () -> view.parts().models().shown() == 3);
    }

    private void theBridgeSeesTheSameSignals() throws Exception {
        view.controller().stimulate(new StimulusPlan(StimulusPlan.Kind.STEADY, 100, 64));
        Screen.await("writes", LIMIT, () -> count(EventKind.WRITE_END) >= WRITES);
        view.controller().endStimulus();
        Screen.await("the end", LIMIT, () -> !view.controller().stimulating());
        Screen.await(
                "a signal for each write",
                LIMIT,
                () -> count(EventKind.SIGIO_IN) == count(EventKind.WRITE_END));
        EventSnapshot snapshot = view.model().latest().orElseThrow();
        assertEquals(0, snapshot.lost());
        long bridged =
                snapshot.sources().stream()
                        .filter(source -> source.name().equals("bridge"))
                        .mapToLong(source -> source.count(EventKind.SIGIO_IN))
                        .sum();
        assertEquals(snapshot.count(EventKind.SIGIO_IN), bridged);
        scope.picture("scope-lab-bridge");
    }

    /** Until each has had data in two turns and more; what they did in the end. */
    private List<TurnTotals> modelsTakeTurns() throws Exception {
        view.controller().stimulate(new StimulusPlan(StimulusPlan.Kind.STEADY, 100, 64));
        Screen.await(
                "data in the turns of three",
                LIMIT,
                () ->
                        turns().size() == 3
                                && turns().stream()
                                        .allMatch(each -> each.turns() > 2 && each.taken() > 10));
        view.controller().endStimulus();
        Screen.await("the end", LIMIT, () -> !view.controller().stimulating());
        Screen.await("all bytes", LIMIT, () -> taken() == 64 * count(EventKind.WRITE_END));
        Screen.await("a row for each", LIMIT, () -> view.parts().models().shown() == 3);
        assertTrue(view.parts().timeline().compares());
        scope.picture("scope-lab-models");
        view.controller().stop();
        Screen.await("ready", LIMIT, () -> scope.is(ScopeState.Ready.class));
        view.controller().unload();
        Screen.await("unloaded", LIMIT, () -> scope.is(ScopeState.NotLoaded.class));
        assertEquals(0, view.model().latest().orElseThrow().lost());
        return turns();
    }

    private List<TurnTotals> turns() {
        return view.model().latest().map(EventSnapshot::turns).orElse(List.of());
    }

    private long taken() {
        return turns().stream().mapToLong(TurnTotals::bytes).sum();
    }

    private long count(EventKind kind) {
        return view.model().latest().map(snapshot -> snapshot.count(kind)).orElse(0L);
    }

    @Test
    void aRealDriverIsBuiltLoadedDrivenAndUnloaded() throws Exception {
        scope.record(LIMIT);
        Screen.await("no prompt", LIMIT, () -> scope.prompt().isEmpty());
        view.controller().stimulate(new StimulusPlan(StimulusPlan.Kind.STEADY, 100, 64));
        Screen.await("writes", LIMIT, () -> count(EventKind.WRITE_END) >= WRITES);
        view.controller().endStimulus();
        Screen.await("the end", LIMIT, () -> !view.controller().stimulating());
        Screen.await(
                "a signal for each write",
                LIMIT,
                () -> count(EventKind.SIGIO_IN) == count(EventKind.WRITE_END));
        EventSnapshot snapshot = view.model().latest().orElseThrow();
        assertEquals(0, snapshot.lost());
        Screen.await("colours", LIMIT, () -> scope.colours() > 40);
        scope.picture("scope-lab-live");
        view.model().pause(true);
        var window = snapshot.window().orElseThrow();
        long middle = (window.fromNanos() + window.toNanos()) / 2;
        view.model().fit(middle, middle + 40_000_000);
        scope.awaitPicture();
        view.model().select(view.model().chains().getFirst());
        scope.picture("scope-lab");
        view.controller().stop();
        Screen.await("ready", LIMIT, () -> scope.is(ScopeState.Ready.class));
        view.controller().unload();
        Screen.await("unloaded", LIMIT, () -> scope.is(ScopeState.NotLoaded.class));
    }
}
