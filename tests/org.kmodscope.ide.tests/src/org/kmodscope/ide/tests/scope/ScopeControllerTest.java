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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeListener;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.scope.StimulusPlan;
import org.kmodscope.ide.tests.NothingLogged;

/** What the controller does, good days and bad. */
@ExtendWith(NothingLogged.class)
class ScopeControllerTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ReplaySupply supply;
    private final ScopeController controller;
    private final DriverProject driver;
    private final Object news = new Object();

    ScopeControllerTest() throws Exception {
        supply = new ReplaySupply();
        controller = new ScopeController(supply);
        driver = project("globalfifo");
    }

    private static DriverProject project(String name) throws Exception {
        IProject old = ResourcesPlugin.getWorkspace().getRoot().getProject(name);
        if (old.exists()) {
            old.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
        }
        return DriverProject.create(
                name,
                Optional.empty(),
                DriverTools.installed()
                        .templates()
                        .render(DriverSpec.named(name).probes(List.of("sigio")).build()),
                new NullProgressMonitor());
    }

    @BeforeEach
    void listen() {
        controller.listen(
                new ScopeListener() {
                    @Override
                    public void changed() {
                        tell();
                    }

                    @Override
                    public void published(EventSnapshot snapshot) {
                        tell();
                    }

                    @Override
                    public void logged() {
                        tell();
                    }
                });
    }

    @AfterEach
    void close() throws Exception {
        controller.close();
        driver.project().delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
    }

    private void tell() {
        synchronized (news) {
            news.notifyAll();
        }
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        synchronized (news) {
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertTrue(left > 0, "not in time: " + what + "; " + controller.state());
                news.wait(Math.min(left, 100));
            }
        }
    }

    private void done(Job job) throws InterruptedException {
        assertTrue(job.join(LIMIT.toMillis(), new NullProgressMonitor()), job + " hangs");
    }

    private void choose() {
        controller.choose(controller.choice().withDriver(Optional.of(driver)));
    }

    private void record() throws InterruptedException {
        choose();
        done(controller.buildAndLoad());
        done(controller.start());
        assertInstanceOf(ScopeState.Recording.class, controller.state(), this::failure);
    }

    private String failure() {
        return controller.failure().map(IStatus::getMessage).orElse("no failure");
    }

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
        assertEquals(new ScopeState.NotLoaded("globalfifo"), controller.state());
        assertEquals(List.of("close"), supply.session().calls(), "the lab beside it");
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
