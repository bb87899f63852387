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
import org.kmodscope.core.target.TargetSpec;
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
        assertInstanceOf(ScopeState.NotLoaded.class, controller.state());
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
