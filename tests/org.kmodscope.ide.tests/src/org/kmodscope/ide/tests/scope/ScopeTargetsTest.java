/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.TurnTotals;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.scope.IoChoice;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.scope.ScopeState;

/** The controller on targets that are no labs, and sessions that are recorded. */
class ScopeTargetsTest extends ScopeFixture {

    ScopeTargetsTest() throws Exception {}

    @Test
    void aRefusalLoadsNothing() throws Exception {
        choose();
        controller.choose(controller.choice().withTarget(new TargetSpec.Local()));
        supply.refuse();
        done(controller.buildAndLoad());
        assertEquals(List.of(new TargetSpec.Local()), supply.allowed());
        assertEquals(0, supply.opened());
        assertEquals(new ScopeState.NotLoaded("globalfifo", true), controller.state());
        assertEquals(Optional.empty(), controller.failure());
    }

    @Test
    void aSessionIsRecordedFromItsStartAndCanBeReplayed(@TempDir Path work) throws Exception {
        Path file = work.resolve("session.recording");
        choose();
        done(controller.buildAndLoad());
        done(controller.recordIn(Optional.of(file)));
        assertFalse(Files.exists(file), "the session that is open is not whole");
        supply.renew();
        done(controller.buildAndLoad());
        assertEquals(2, supply.opened());
        assertEquals(Optional.of(file), controller.sessionFile());
        done(controller.start());
        done(controller.stop());
        done(controller.unload());
        TargetSpec replay = new TargetSpec.Recorded(file, true);
        controller.choose(controller.choice().withTarget(replay));
        done(controller.recordIn(Optional.empty()));
        assertEquals(Optional.empty(), controller.sessionFile());
        assertTrue(Files.readString(file).contains("load globalfifo.ko"), Files.readString(file));
        for (int times = 0; times < 2; times++) {
            done(controller.buildAndLoad());
            assertInstanceOf(ScopeState.Ready.class, controller.state(), this::failure);
            done(controller.start());
            assertInstanceOf(ScopeState.Recording.class, controller.state(), this::failure);
            done(controller.stop());
            done(controller.unload());
            assertInstanceOf(ScopeState.NotLoaded.class, controller.state(), this::failure);
        }
        assertEquals(List.of(new TargetSpec.Qemu("debian-6.1")), distinct(supply.allowed()));
    }

    /** The view asks on the UI thread, and a kernel may be built meanwhile. */
    @Test
    void theFileIsKnownWhileATargetStarts() throws Exception {
        choose();
        FutureTask<Optional<Path>> asked = new FutureTask<>(controller::sessionFile);
        supply.whileOpening(
                () -> {
                    Thread asking = Thread.ofPlatform().daemon().start(asked);
                    try {
                        asking.join(Duration.ofSeconds(30));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    assertTrue(asked.isDone(), "whoever asks must not wait for the target");
                });
        done(controller.buildAndLoad());
        assertInstanceOf(ScopeState.Ready.class, controller.state(), this::failure);
        assertEquals(Optional.empty(), asked.get());
    }

    @Test
    void theTurnsOfSeveralModelsAreReplayed(@TempDir Path work) throws Exception {
        Path file = work.resolve("session.recording");
        IoChoice three = IoChoice.initial().withWords(List.of("sigio", "aio", "poll"));
        choose();
        controller.choose(controller.choice().withSource(ScopeSource.BRIDGE).withIo(three));
        done(controller.recordIn(Optional.of(file)));
        record();
        ReplayBridge bridge = supply.session().bridge();
        for (int turn = 0; turn < 6; turn++) {
            int model = turn % 3 + 1;
            long time = supply.session().clock();
            bridge.tell(time, EventKind.MARKER, model, turn + 1, EventCodec.TURN_BEGINS);
            bridge.tell(time + 1000, EventKind.READ_START, model, turn + 1, 0);
            bridge.tell(time + 2000, EventKind.READ_END, model, turn + 1, 10 * model);
            bridge.tell(time + 5000, EventKind.MARKER, model, turn + 1, EventCodec.TURN_ENDS);
            supply.session().pass(6000);
        }
        List<TurnTotals> each =
                List.of(
                        new TurnTotals("bridge:sigio", 2, 10_000, 2, 20),
                        new TurnTotals("bridge:aio", 2, 10_000, 2, 40),
                        new TurnTotals("bridge:poll", 2, 10_000, 2, 60));
        await("all turns", () -> turns().equals(each));
        done(controller.stop());
        controller.choose(controller.choice().withTarget(new TargetSpec.Recorded(file, false)));
        record();
        await("the same turns", () -> turns().equals(each));
    }

    private List<TurnTotals> turns() {
        return controller.snapshot().map(EventSnapshot::turns).orElse(List.of());
    }

    private static List<TargetSpec> distinct(List<TargetSpec> all) {
        return all.stream().distinct().toList();
    }

    @Test
    void theFileIsWholeWhenTheTargetIsLeft(@TempDir Path work) throws Exception {
        Path file = work.resolve("session.recording");
        choose();
        done(controller.recordIn(Optional.of(file)));
        done(controller.buildAndLoad());
        controller.choose(controller.choice().withTarget(new TargetSpec.Qemu("debian-6.12")));
        supply.renew();
        done(controller.buildAndLoad());
        assertEquals(Optional.empty(), controller.sessionFile());
        String recorded = Files.readString(file);
        assertEquals(1, recorded.lines().filter(line -> line.contains(" open ")).count());
        assertTrue(recorded.contains(" over closed"), recorded);
    }

    @Test
    void aFileThatCannotBeWrittenFailsTheStart(@TempDir Path work) throws Exception {
        choose();
        done(controller.recordIn(Optional.of(work.resolve("gone/session.recording"))));
        done(controller.buildAndLoad());
        assertEquals(0, supply.opened());
        assertTrue(failure().contains("session.recording"), this::failure);
    }
}
