/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kmodscope.targets.internal.agent.AgentOnHost.MONITOR;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;

/** Programs and files, by the real agent as a process of this machine. */
@Timeout(60)
class AgentCommandsTest {

    @TempDir Path work;
    private AgentOnHost host;
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        host = AgentOnHost.ready(work);
        agent = host.agent();
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    private static final class Output implements OutputSink {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();

        @Override
        public void out(byte[] bytes) {
            out.writeBytes(bytes);
        }

        @Override
        public void err(byte[] bytes) {
            err.writeBytes(bytes);
        }
    }

    private int run(Output output, String... argv) throws Exception {
        return agent.start(List.of(argv), output).waitFor(MONITOR);
    }

    @Test
    void outputErrorAndStatusComeBack() throws Exception {
        Output output = new Output();
        assertEquals(3, run(output, "sh", "-c", "echo out; echo err >&2; exit 3"));
        assertEquals("out\n", output.out.toString());
        assertEquals("err\n", output.err.toString());
    }

    @Test
    void argumentsAreNotParsedAgain() throws Exception {
        Output output = new Output();
        assertEquals(0, run(output, "printf", "%s|", "a b", "", "$HOME;ls", "é\n"));
        assertEquals("a b||$HOME;ls|é\n|", output.out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aProgramThatIsNotThereIsSaidToBe() {
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> run(new Output(), "/no/such"));
        assertEquals(KmodscopeException.Kind.FAILED, failure.kind());
        assertTrue(failure.getMessage().contains("/no/such: No such file"), failure::toString);
    }

    @Test
    void aSignalIsAStatusAbove128() throws Exception {
        RemoteCommand command = agent.start(List.of("sleep", "1000"), new Output());
        command.signal(15);
        assertEquals(128 + 15, command.waitFor(MONITOR));
        assertThrows(KmodscopeException.class, () -> command.signal(15));
    }

    @Test
    void signalsReachTheChildrenOfAShell() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        RemoteCommand command =
                agent.start(
                        List.of("sh", "-c", "sleep 1000 & echo $!; wait"),
                        new OutputSink() {
                            @Override
                            public void out(byte[] bytes) {
                                child = Long.parseLong(new String(bytes).strip());
                                started.countDown();
                            }

                            @Override
                            public void err(byte[] bytes) {}
                        });
        assertTrue(started.await(20, TimeUnit.SECONDS));
        ProcessHandle sleep = ProcessHandle.of(child).orElseThrow();
        command.close();
        assertEquals(128 + 9, command.waitFor(MONITOR));
        sleep.onExit().get(20, TimeUnit.SECONDS);
    }

    private volatile long child;

    @Test
    void moreInputThanPipesHoldArrivesWhole() throws Exception {
        byte[] input = new byte[3_000_000];
        new Random(1).nextBytes(input);
        Output output = new Output();
        RemoteCommand command = agent.start(List.of("cat"), output);
        command.write(input);
        command.closeInput();
        assertEquals(0, command.waitFor(MONITOR));
        assertTrue(java.util.Arrays.equals(input, output.out.toByteArray()));
    }

    @Test
    void inputThatNobodyReadsFailsInsteadOfHanging() throws Exception {
        RemoteCommand command = agent.start(List.of("sh", "-c", "exec <&-; sleep 1"), new Output());
        byte[] input = new byte[1_000_000];
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> command.write(input));
        assertTrue(failure.getMessage().contains("reads no more input"), failure::toString);
        assertEquals(0, command.waitFor(MONITOR));
    }

    @Test
    void cancellingKillsTheProgram() throws Exception {
        NullProgressMonitor cancelled = new NullProgressMonitor();
        RemoteCommand command = agent.start(List.of("sleep", "1000"), new Output());
        cancelled.setCanceled(true);
        assertThrows(OperationCanceledException.class, () -> command.waitFor(cancelled));
        assertEquals(128 + 9, command.waitFor(MONITOR));
    }

    @Test
    void aChildThatOutlivesItsParentDoesNotHoldUpItsEnd() throws Exception {
        Output output = new Output();
        assertEquals(0, run(output, "sh", "-c", "sleep 5 & echo $!"));
        ProcessHandle.of(Long.parseLong(output.out.toString().strip()))
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void programsStartWithNoSignalBlockedOrIgnored() throws Exception {
        Output output = new Output();
        assertEquals(0, run(output, "grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"));
        for (String line : output.out.toString().strip().split("\n")) {
            // From 32 on they belong to the C library.
            long standard = Long.parseUnsignedLong(line.split("\t")[1], 16) & 0x7fffffff;
            assertEquals(0, standard, line);
        }
    }

    @Test
    void manyProgramsAtOnceKeepTheirOutputApart() throws Exception {
        List<Output> outputs = java.util.stream.Stream.generate(Output::new).limit(20).toList();
        List<RemoteCommand> commands = new java.util.ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            commands.add(agent.start(List.of("seq", "-f", i + ":%g", "5000"), outputs.get(i)));
        }
        for (int i = 0; i < outputs.size(); i++) {
            assertEquals(0, commands.get(i).waitFor(MONITOR));
            String[] lines = outputs.get(i).out.toString().split("\n");
            assertEquals(5000, lines.length);
            assertEquals(i + ":1", lines[0]);
            assertEquals(i + ":5000", lines[4999]);
        }
    }

    @Test
    void filesArriveWholeWithTheirMode() throws Exception {
        byte[] content = new byte[1_000_003];
        new Random(2).nextBytes(content);
        Path local = Files.write(work.resolve("local"), content);
        Path remote = work.resolve("remote");
        Files.writeString(remote, "old");
        agent.put(local, remote.toString(), 0640);
        assertTrue(java.util.Arrays.equals(content, Files.readAllBytes(remote)));
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(remote)));
        assertFalse(Files.exists(work.resolve("remote.part")));
    }

    @Test
    void aLinkInTheWayOfAFileIsNotFollowed() throws Exception {
        Path victim = Files.writeString(work.resolve("victim"), "precious");
        Files.createSymbolicLink(work.resolve("remote.part"), victim);
        Path local = Files.writeString(work.resolve("local"), "text");
        agent.put(local, work.resolve("remote").toString(), 0600);
        assertEquals("precious", Files.readString(victim));
        assertEquals("text", Files.readString(work.resolve("remote")));
    }

    @Test
    void theCopyOfAModuleIsGoneAfterItsLoad() throws Exception {
        Path module = Files.writeString(work.resolve("nomodule_kmodscope.ko"), "no module");
        assertThrows(KmodscopeException.class, () -> agent.load(module, List.of()));
        assertFalse(Files.exists(Path.of("/tmp/nomodule_kmodscope.ko")));
    }

    @Test
    void anEmptyFileArrives() throws Exception {
        Path local = Files.createFile(work.resolve("empty"));
        agent.put(local, work.resolve("copy").toString(), 0600);
        assertEquals(0, Files.size(work.resolve("copy")));
    }

    @Test
    void aFileThatCannotBePutLeavesNothing() throws Exception {
        Path local = Files.writeString(work.resolve("local"), "text");
        Path directory = Files.createDirectory(work.resolve("directory"));
        String nowhere = work.resolve("no/where").toString();
        assertTrue(
                assertThrows(KmodscopeException.class, () -> agent.put(local, nowhere, 0600))
                        .getMessage()
                        .contains("No such file"));
        assertThrows(KmodscopeException.class, () -> agent.put(local, directory.toString(), 0600));
        assertFalse(Files.exists(work.resolve("directory.part")));
        assertEquals(
                KmodscopeException.Kind.USAGE,
                assertThrows(KmodscopeException.class, () -> agent.put(local, "relative", 0600))
                        .kind());
    }

    @Test
    void namesThatAreNoModulesAreRefusedBeforeTheyAreSent() throws Exception {
        for (String name : List.of("a b", "../x", "é", "", "x.ko")) {
            assertEquals(
                    KmodscopeException.Kind.USAGE,
                    assertThrows(KmodscopeException.class, () -> agent.unload(name)).kind(),
                    name);
        }
        Path file = Files.writeString(work.resolve("no module"), "text");
        assertEquals(
                KmodscopeException.Kind.USAGE,
                assertThrows(KmodscopeException.class, () -> agent.load(file, List.of())).kind());
    }
}
