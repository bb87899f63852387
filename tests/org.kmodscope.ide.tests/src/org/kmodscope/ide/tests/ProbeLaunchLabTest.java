/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IDebugEventSetListener;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.IStreamListener;
import org.eclipse.debug.core.model.IProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventRecording;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.BuildMarkers;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.results.RunHistory;
import org.kmodscope.ide.results.RunRecord;
import org.kmodscope.ide.scope.ScopeSource;

/** The launch type against a real kernel in a real lab. */
@ExtendWith(NothingLogged.class)
class ProbeLaunchLabTest {

    private static final long LIMIT_SECONDS = 180;

    private final DriverProject driver = create();

    private static DriverProject create() {
        try {
            IProject old = ResourcesPlugin.getWorkspace().getRoot().getProject("launchfifo");
            old.delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
            var tree =
                    DriverTools.installed()
                            .templates()
                            .render(DriverSpec.named("launchfifo").build());
            return DriverProject.create(
                    "launchfifo", Optional.empty(), tree, new NullProgressMonitor());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private final CountDownLatch ended = new CountDownLatch(1);
    private final IDebugEventSetListener listener =
            events -> {
                for (DebugEvent event : events) {
                    if (event.getKind() == DebugEvent.TERMINATE) {
                        ended.countDown();
                    }
                }
            };

    @BeforeEach
    void listen() {
        DebugPlugin.getDefault().addDebugEventListener(listener);
    }

    @AfterEach
    void clean() throws CoreException {
        DebugPlugin.getDefault().removeDebugEventListener(listener);
        driver.project().delete(IResource.ALWAYS_DELETE_PROJECT_CONTENT | IResource.FORCE, null);
    }

    private static ILaunch launch() throws CoreException {
        return launch(ProbeLaunch.of("launchfifo"));
    }

    private static ILaunch launch(ProbeLaunch wanted) throws CoreException {
        ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
        var configuration =
                launches.getLaunchConfigurationType(ProbeLaunch.TYPE)
                        .newInstance(null, launches.generateLaunchConfigurationName("launchfifo"));
        wanted.write(configuration);
        return configuration.launch(ILaunchManager.RUN_MODE, new NullProgressMonitor());
    }

    private static String printed(IProcess process) {
        return process.getStreamsProxy().getOutputStreamMonitor().getContents();
    }

    private static void awaitPrinted(IProcess process, Predicate<String> wanted) throws Exception {
        var seen = new CountDownLatch(1);
        IStreamListener each =
                (text, monitor) -> {
                    if (wanted.test(printed(process))) {
                        seen.countDown();
                    }
                };
        process.getStreamsProxy().getOutputStreamMonitor().addListener(each);
        if (!wanted.test(printed(process))) {
            assertTrue(seen.await(LIMIT_SECONDS, TimeUnit.SECONDS), () -> printed(process));
        }
    }

    /** What was recorded of a probe's run: who told of it, and what. */
    private record Told(String source, EventKind kind) {}

    /** Reads the recording that the process has told of. */
    private List<Told> recorded(IProcess process, String probe) throws Exception {
        Path events = driver.directory().resolve("build/events/" + probe + ".kmse");
        assertTrue(printed(process).contains("events in " + events), () -> printed(process));
        assertTrue(printed(process).contains(", lost 0"), () -> printed(process));
        List<Told> all = new ArrayList<>();
        EventRecording.read(
                events,
                (source, time, head, request, result, tail) ->
                        all.add(new Told(source, EventCodec.kind(head))));
        return all;
    }

    @Test
    void runsAProbeToItsEndWhileTheBridgeListens() throws Exception {
        ProbeLaunch heard = ProbeLaunch.of("launchfifo").heardBy(Optional.of(ScopeSource.BRIDGE));
        IProcess process = launch(heard).getProcesses()[0];
        assertTrue(ended.await(LIMIT_SECONDS, TimeUnit.SECONDS), () -> printed(process));
        assertEquals(0, process.getExitValue(), () -> printed(process));
        assertTrue(printed(process).contains("# received signal 29"), () -> printed(process));
        assertTrue(process.isTerminated());
        assertTrue(process.getLabel().contains("/dev/launchfifo"), process.getLabel());
        var kept = (RunRecord) RunHistory.installed().entries().getFirst();
        assertEquals("launchfifo", kept.project());
        assertEquals("sigio", kept.probes().getFirst().report().name());
        assertEquals(Optional.empty(), kept.trouble());
        List<Told> told = recorded(process, "sigio");
        assertTrue(told.contains(new Told("bridge", EventKind.SIGIO_IN)), told::toString);
        assertFalse(told.contains(new Told("agent", EventKind.SIGIO_IN)), told::toString);
        assertFalse(told.contains(new Told("bridge", EventKind.READ_START)), "all is the probe's");
    }

    @Test
    void terminateEndsProbeAndLabAndKeepsWhatTheAgentHeard() throws Exception {
        // One that never ends by itself: otherwise this could pass without terminating anything.
        Files.writeString(
                driver.directory().resolve("probes/endless.c"),
                """
                #include <fcntl.h>
                #include <stdio.h>
                #include <unistd.h>

                int main(void)
                {
                	int fd = open("/dev/launchfifo", O_WRONLY);

                	if (write(fd, "x", 1) != 1)
                		return 1;
                	puts("KTAP version 1");
                	fflush(stdout);
                	for (;;)
                		pause();
                }
                """);
        ProbeLaunch defaults = ProbeLaunch.of("launchfifo");
        ProbeLaunch endless =
                new ProbeLaunch("launchfifo", defaults.target(), "endless", "")
                        .heardBy(Optional.of(ScopeSource.AGENT));
        IProcess process = launch(endless).getProcesses()[0];
        awaitPrinted(process, text -> text.contains("KTAP version"));
        assertTrue(process.canTerminate());
        process.terminate();
        assertTrue(ended.await(LIMIT_SECONDS, TimeUnit.SECONDS), "it does not end");
        assertEquals(137, process.getExitValue());
        assertEquals(
                0,
                ProcessHandle.current()
                        .descendants()
                        .filter(child -> child.info().command().orElse("").contains("qemu"))
                        .count());
        List<Told> told = recorded(process, "endless");
        assertTrue(told.contains(new Told("agent", EventKind.SIGIO_IN)), told::toString);
        assertFalse(told.contains(new Told("agent", EventKind.READ_START)), "all is the probe's");
    }

    @Test
    void aDriverThatDoesNotCompileIsMarked() throws Exception {
        var file = driver.project().getFile("launchfifo_main.c");
        byte[] broken = "int broken(void) { return }\n".getBytes(StandardCharsets.US_ASCII);
        file.appendContents(new ByteArrayInputStream(broken), IResource.FORCE, null);
        var refused = assertThrows(CoreException.class, ProbeLaunchLabTest::launch);
        assertTrue(
                refused.getStatus().getMessage().contains("does not compile"),
                refused.getStatus().toString());
        IMarker[] markers = file.findMarkers(BuildMarkers.TYPE, true, IResource.DEPTH_ZERO);
        // Which of the compiler's messages stands first is the compiler's affair.
        assertTrue(
                Stream.of(markers)
                        .anyMatch(
                                marker ->
                                        marker.getAttribute(IMarker.SEVERITY, -1)
                                                == IMarker.SEVERITY_ERROR),
                markers.length + " markers, no error");
    }
}
