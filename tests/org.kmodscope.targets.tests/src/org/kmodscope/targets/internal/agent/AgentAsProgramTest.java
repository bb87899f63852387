/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.targets.internal.agent.AgentOnHost.MONITOR;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.targets.internal.program.AgentProgram;
import org.kmodscope.targets.internal.program.ProcessLine;

/** The agent as a program of a machine that is no lab: here, of this one. */
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
@Timeout(60)
class AgentAsProgramTest {

    private static final OutputLines SILENCE = new OutputLines(line -> {}, line -> {});

    @TempDir Path work;
    private Path home;
    private String agent;

    @BeforeEach
    void makeHome() throws Exception {
        home = Files.createTempDirectory(work, "kmodscope-");
        agent =
                NativePrograms.require(CacheDirectory.of(System.getenv()), MONITOR)
                        .agent()
                        .toString();
    }

    private AgentProgram start() throws Exception {
        List<String> command = List.of(agent, "--stdio", "--home", home.toString(), "--trace");
        return AgentProgram.start("test", ProcessLine.start(command, home));
    }

    private TargetSession session(AgentProgram program) throws Exception {
        Greeting greeting = program.handshake(AgentOnHost.LIMIT, MONITOR);
        return new AgentSession(
                new TargetInfo(
                        "this machine",
                        greeting.release(),
                        greeting.machine(),
                        TargetInfo.Acceleration.NATIVE),
                program);
    }

    private Process process(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(agent));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static String words(Process ended) throws Exception {
        assertTrue(ended.waitFor(20, TimeUnit.SECONDS));
        return new String(ended.getErrorStream().readAllBytes());
    }

    @Test
    void aSessionStreamsEventsAndLeavesNothingBehind() throws Exception {
        Path pipe = AgentOnHost.pipe(work.resolve("device"));
        try (TargetSession session = session(start());
                Recorder recorder = new Recorder(session.events());
                TargetSession.Armed armed =
                        session.arm(new ArmRequest(pipe.toString(), true, 4096))) {
            assertEquals(home.toString(), session.scratch());
            Path file = Files.writeString(work.resolve("file"), "content");
            session.put(file, session.scratch() + "/file", 0600);
            assertEquals("content", Files.readString(home.resolve("file")));
            session.stimulate(new Stimulus(pipe.toString(), 100, 4, 0), MONITOR);
            recorder.finish();
            assertEquals(100, recorder.of(EventKind.SIGIO_IN).size());
            assertEquals(0, recorder.lost());
        }
        assertFalse(Files.exists(home), "the agent removes its home");
    }

    @Test
    void whatHappensBeforeSomebodyReadsIsKept() throws Exception {
        Path pipe = AgentOnHost.pipe(work.resolve("device"));
        try (TargetSession session = session(start());
                TargetSession.Armed armed =
                        session.arm(new ArmRequest(pipe.toString(), true, 4096))) {
            session.stimulate(new Stimulus(pipe.toString(), 10, 4, 0), MONITOR);
            try (Recorder recorder = new Recorder(session.events())) {
                recorder.finish();
                assertEquals(10, recorder.of(EventKind.SIGIO_IN).size());
            }
        }
    }

    @Test
    void anAgentThatIsKilledIsALossWithItsTimeAndWhatWasPending() throws Exception {
        try (TargetSession session = session(start())) {
            RemoteCommand sleep = session.start(List.of("sleep", "1000"), SILENCE);
            AtomicLong agentId = new AtomicLong();
            RemoteCommand parent =
                    session.start(
                            List.of("sh", "-c", "echo $PPID"),
                            new OutputLines(line -> agentId.set(Long.parseLong(line)), line -> {}));
            parent.waitFor(MONITOR);
            ProcessHandle.of(agentId.get()).orElseThrow().destroyForcibly();
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> sleep.waitFor(MONITOR));
            assertEquals(KmodscopeException.Kind.LAB, failure.kind());
            TargetEnd end = session.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
            String reason = assertInstanceOf(TargetEnd.Vanished.class, end).reason();
            assertTrue(
                    reason.matches(
                            "the agent was ended by signal 9 at \\d\\d:\\d\\d:\\d\\d,"
                                    + " with this not done: sleep"),
                    reason);
            assertTrue(String.valueOf(failure.getMessage()).contains(reason), failure::toString);
        }
    }

    @Test
    void closingIsAnEndLikeAnyOtherAndRequestsFailThen() throws Exception {
        TargetSession session = session(start());
        session.close();
        session.close();
        assertEquals(
                new TargetEnd.Closed(),
                session.ended().toCompletableFuture().get(20, TimeUnit.SECONDS));
        assertThrows(KmodscopeException.class, () -> session.start(List.of("true"), SILENCE));
        assertFalse(Files.exists(home));
    }

    @Test
    void thereIsNoBridgeWhereThereIsNoJava() throws Exception {
        try (TargetSession session = session(start())) {
            ArmRequest request = new ArmRequest("/dev/null", new IoModel.Poll(1));
            KmodscopeException failure =
                    assertThrows(KmodscopeException.class, () -> session.bridge(request, MONITOR));
            assertEquals(KmodscopeException.Kind.MISSING, failure.kind());
        }
    }

    @Test
    void aSignalEndsItCleanly() throws Exception {
        Process process = process("--stdio", "--home", home.toString());
        // Its greeting: it listens by now.
        assertTrue(process.getInputStream().read() >= 0);
        process.destroy();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertFalse(Files.exists(home));
    }

    @Test
    void aSecondRunOfTheProgramRelaysEventsAndEndsWithItsReader() throws Exception {
        Process first = process("--stdio", "--home", home.toString());
        assertTrue(first.getInputStream().read() >= 0);
        Process relay = process("--attach", home.toString());
        InputStream events = relay.getInputStream();
        byte[] header = events.readNBytes(EventCodec.HEADER_BYTES);
        assertEquals(
                EventCodec.Header.Valid.class,
                EventCodec.header(EventCodec.allocate(header.length).put(header).flip())
                        .getClass());
        events.close();
        assertTrue(relay.waitFor(20, TimeUnit.SECONDS));
        first.getOutputStream().close();
        assertTrue(first.waitFor(20, TimeUnit.SECONDS));
        Process late = process("--attach", home.toString());
        assertTrue(words(late).contains("no events in"), "there is nobody any more");
        assertEquals(1, late.exitValue());
    }

    @Test
    void aDirectoryThatWasNotMadeForItIsNeitherUsedNorEmptied() throws Exception {
        Path precious = Files.createDirectory(home.resolve("documents"));
        Files.writeString(precious.resolve("letter"), "dear");
        Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rwx------"));
        assertTrue(words(process("--stdio", "--home", precious.toString())).contains("Invalid"));
        assertEquals("dear", Files.readString(precious.resolve("letter")));
    }

    @Test
    void aDirectoryThatOthersMayEnterIsNotUsed() throws Exception {
        Files.writeString(home.resolve("letter"), "dear");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-x---"));
        assertTrue(words(process("--stdio", "--home", home.toString())).contains("not permitted"));
        assertEquals("dear", Files.readString(home.resolve("letter")));
    }
}
