/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.jobs.Job;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.scope.IoChoice;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.scope.StimulusPlan;

/** What the controller does, good days and bad. */
class ScopeControllerTest extends ScopeFixture {

    ScopeControllerTest() throws Exception {}

    @Test
    void withoutADriverThereIsNothingToLoad() throws Exception {
        assertInstanceOf(ScopeState.NoDriver.class, controller.state());
        done(controller.buildAndLoad());
        assertTrue(failure().contains("no driver"), failure());
        assertEquals(0, supply.opened());
    }

    @Test
    void fromNothingToARecordingAndBack() throws Exception {
        choose();
        assertEquals(new ScopeState.NotLoaded("globalfifo"), controller.state());
        done(controller.buildAndLoad());
        var ready = assertInstanceOf(ScopeState.Ready.class, controller.state(), this::failure);
        assertEquals("/dev/globalfifo", ready.device());
        done(controller.start());
        done(controller.stimulate(new StimulusPlan(StimulusPlan.Kind.BURST, 1, 16)));
        await("all events", () -> count(EventKind.READ_END) == StimulusPlan.BURST);
        assertEquals(StimulusPlan.BURST, count(EventKind.WRITE_START));
        assertEquals(StimulusPlan.BURST, count(EventKind.SIGIO_IN));
        assertEquals(0, controller.snapshot().orElseThrow().lost());
        done(controller.stop());
        assertInstanceOf(ScopeState.Ready.class, controller.state());
        done(controller.unload());
        assertEquals(new ScopeState.NotLoaded("globalfifo"), controller.state());
        assertEquals(
                List.of(
                        "load globalfifo.ko",
                        "arm /dev/globalfifo",
                        "stimulate 1000 x 16",
                        "disarm",
                        "unload globalfifo"),
                supply.session().calls());
    }

    private long count(EventKind kind) {
        return controller.snapshot().map(snapshot -> snapshot.count(kind)).orElse(0L);
    }

    @Test
    void loadingAgainUnloadsFirstAndKeepsTheLab() throws Exception {
        record();
        done(controller.buildAndLoad());
        assertInstanceOf(ScopeState.Ready.class, controller.state(), this::failure);
        assertEquals(1, supply.opened());
        assertEquals(
                List.of(
                        "load globalfifo.ko",
                        "arm /dev/globalfifo",
                        "disarm",
                        "unload globalfifo",
                        "load globalfifo.ko"),
                supply.session().calls());
    }

    @Test
    void anotherTargetOpensAnotherLab() throws Exception {
        record();
        ReplaySession first = supply.session();
        supply.renew();
        controller.choose(controller.choice().withTarget(new TargetSpec.Qemu("debian-6.12")));
        done(controller.buildAndLoad());
        assertEquals(2, supply.opened());
        assertEquals("close", first.calls().getLast());
        assertInstanceOf(ScopeState.Ready.class, controller.state(), this::failure);
    }

    @Test
    void theBridgeNeedsALabThatHasIt() throws Exception {
        choose();
        done(controller.buildAndLoad());
        controller.choose(controller.choice().withSource(ScopeSource.BRIDGE));
        done(controller.start());
        assertInstanceOf(ScopeState.Ready.class, controller.state());
        assertTrue(failure().contains("not the one that is chosen"), failure());
    }

    @Test
    void theBridgeIsAskedForTheModelsThatAreChosen() throws Exception {
        choose();
        IoChoice three = IoChoice.initial().withWords(List.of("sigio", "aio", "poll"));
        controller.choose(controller.choice().withSource(ScopeSource.BRIDGE).withIo(three));
        done(controller.buildAndLoad());
        done(controller.start());
        assertInstanceOf(ScopeState.Recording.class, controller.state());
        assertEquals(List.of("bridge sigio,aio,poll"), supply.session().calls("bridge"));
        done(controller.stop());
    }

    @Test
    void whatDoesNotCompileIsMarkedAndNotLoaded() throws Exception {
        choose();
        String file = "globalfifo_main.c";
        supply.breakBuild(
                Optional.of(
                        List.of(
                                new Diagnostic(
                                        file,
                                        7,
                                        3,
                                        Diagnostic.Severity.ERROR,
                                        "'foo' undeclared"))));
        done(controller.buildAndLoad());
        assertTrue(failure().contains("does not compile: 1 error."), failure());
        assertEquals(List.of("close"), supply.session().calls(), "it started beside the build");
        assertEquals(new ScopeState.NotLoaded("globalfifo"), controller.state());
        IMarker[] markers =
                driver.project().findMarkers(BuildMarkers.TYPE, true, IResource.DEPTH_INFINITE);
        assertEquals(1, markers.length);
        assertEquals(7, markers[0].getAttribute(IMarker.LINE_NUMBER, 0));
        supply.breakBuild(Optional.empty());
        supply.renew();
        done(controller.buildAndLoad());
        assertTrue(controller.failure().isEmpty(), this::failure);
        assertEquals(
                0,
                driver.project()
                        .findMarkers(BuildMarkers.TYPE, true, IResource.DEPTH_INFINITE)
                        .length);
    }

    @Test
    void aModuleThatTheKernelRefusesLeavesTheLabUp() throws Exception {
        supply.session().refuseModules();
        choose();
        done(controller.buildAndLoad());
        assertTrue(failure().contains("Unknown symbol"), failure());
        assertEquals(new ScopeState.NotLoaded("globalfifo"), controller.state());
        assertFalse(supply.session().calls().contains("close"));
    }

    @Test
    void aDeviceWithoutFasyncSaysSo() throws Exception {
        supply.session().withoutFasync();
        choose();
        done(controller.buildAndLoad());
        done(controller.start());
        assertTrue(failure().contains("no fasync operation"), failure());
        assertInstanceOf(ScopeState.Ready.class, controller.state());
    }

    @Test
    void aBuildCanBeCancelled() throws Exception {
        choose();
        CountDownLatch waits = supply.stickBuild();
        Job job = controller.buildAndLoad();
        assertTrue(waits.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertInstanceOf(ScopeState.Working.class, controller.state());
        controller.cancel();
        done(job);
        assertEquals(IStatus.CANCEL, job.getResult().getSeverity());
        assertTrue(controller.failure().isEmpty(), this::failure);
        assertEquals(new ScopeState.NotLoaded("globalfifo", true), controller.state());
        assertEquals(List.of("close"), supply.session().calls(), "the lab beside it");
        supply.renew();
        done(controller.buildAndLoad());
        assertInstanceOf(ScopeState.Ready.class, controller.state(), this::failure);
        done(controller.unload());
        assertEquals(new ScopeState.NotLoaded("globalfifo"), controller.state());
    }

    @Test
    void aLabThatDoesNotStartEndsTheBuildBesideIt() throws Exception {
        choose();
        controller.choose(controller.choice().withTarget(new TargetSpec.Uml()));
        supply.stickBuild();
        done(controller.buildAndLoad());
        assertTrue(failure().contains("Not replayed"), failure());
        assertEquals(new ScopeState.NotLoaded("globalfifo"), controller.state());
    }

    @Test
    void aPanicEndsTheStimulusAndKeepsTheEvents() throws Exception {
        record();
        done(controller.stimulate(StimulusPlan.single(8)));
        Job endless = controller.stimulate(new StimulusPlan(StimulusPlan.Kind.STEADY, 100, 8));
        await("the stimulus", controller::stimulating);
        await("events", () -> count(EventKind.READ_END) > 100);
        supply.session().log(new KernelLogLine(0, 1, 5, "Kernel panic - not syncing"));
        supply.session().end(new TargetEnd.Panicked("not syncing: boo", "the last words"));
        await("the end", () -> controller.state() instanceof ScopeState.LabGone);
        var gone = (ScopeState.LabGone) controller.state();
        assertTrue(gone.panicked());
        assertEquals("the last words", gone.log());
        done(endless);
        assertFalse(controller.stimulating());
        assertTrue(count(EventKind.READ_END) > 100);
        assertEquals(1, controller.kernelLog().size());
        supply.renew();
        done(controller.buildAndLoad());
        assertInstanceOf(ScopeState.Ready.class, controller.state(), this::failure);
    }

    @Test
    void aStimulusNeedsSomebodyWhoReads() throws Exception {
        choose();
        done(controller.buildAndLoad());
        done(controller.stimulate(StimulusPlan.single(8)));
        assertTrue(failure().contains("Nobody reads"), failure());
        assertEquals(List.of(), supply.session().calls("stimulate"));
    }

    @Test
    void anEndlessStimulusEndsWhenAskedAndWithTheRecording() throws Exception {
        record();
        Job endless = controller.stimulate(new StimulusPlan(StimulusPlan.Kind.STEADY, 100, 8));
        await("the stimulus", controller::stimulating);
        controller.endStimulus();
        done(endless);
        Job second = controller.stimulate(new StimulusPlan(StimulusPlan.Kind.STEADY, 100, 8));
        await("the stimulus again", controller::stimulating);
        done(controller.stop());
        done(second);
        assertFalse(controller.stimulating());
        assertTrue(controller.failure().isEmpty(), this::failure);
    }

    @Test
    void clearForgetsAndGoesOn() throws Exception {
        record();
        done(controller.stimulate(new StimulusPlan(StimulusPlan.Kind.BURST, 1, 8)));
        await("events", () -> count(EventKind.READ_END) == StimulusPlan.BURST);
        controller.clear();
        await("nothing", () -> count(EventKind.READ_END) == 0);
        done(controller.stimulate(StimulusPlan.single(8)));
        await("one", () -> count(EventKind.READ_END) == 1);
    }

    @Test
    void closingEndsTheLab() throws Exception {
        record();
        ReplaySession session = supply.session();
        controller.close();
        session.ended().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertTrue(session.calls().contains("close"));
    }
}
