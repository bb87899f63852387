/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.targets.internal.agent.NativePrograms;

/** The supervisor with harmless programs in the place of a lab. */
@Timeout(60)
class SupervisorTest {

    private static Process start(String... argv) throws Exception {
        NativePrograms programs =
                NativePrograms.require(
                        CacheDirectory.of(System.getenv()), new NullProgressMonitor());
        List<String> command = new ArrayList<>(List.of(programs.supervisor().toString()));
        command.addAll(List.of(argv));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Runs a shell with a child; their processes, by what the shell printed. */
    private static List<ProcessHandle> family(Process supervisor) throws Exception {
        List<ProcessHandle> family = new ArrayList<>();
        BufferedReader out = supervisor.inputReader();
        for (int i = 0; i < 2; i++) {
            family.add(ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow());
        }
        return family;
    }

    private static final String[] SHELL = {"sh", "-c", "sleep 1000 & echo $$; echo $!; wait"};

    private static void assertGone(List<ProcessHandle> family) throws Exception {
        for (ProcessHandle process : family) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void theProgramsStatusAndOutputArePassedOn() throws Exception {
        Process supervisor = start("sh", "-c", "cat; echo out; echo err >&2; exit 42");
        assertEquals("out\nerr\n", new String(supervisor.getInputStream().readAllBytes()));
        assertEquals(42, supervisor.waitFor());
    }

    @Test
    void aSignalIsAStatusAbove128() throws Exception {
        assertEquals(128 + 15, start("sh", "-c", "kill -TERM $$").waitFor());
    }

    @Test
    void whatCannotBeRunIsNamed() throws Exception {
        Process supervisor = start("/no/such/program");
        String words = new String(supervisor.getInputStream().readAllBytes());
        assertTrue(words.contains("/no/such/program"), words);
        assertEquals(127, supervisor.waitFor());
    }

    @Test
    void whenTheOwnerLetsGoTheWholeGroupEnds() throws Exception {
        Process supervisor = start(SHELL);
        List<ProcessHandle> family = family(supervisor);
        supervisor.getOutputStream().close();
        assertGone(family);
        assertEquals(128 + 9, supervisor.waitFor());
    }

    @Test
    void whenTheSupervisorIsKilledTheProgramEnds() throws Exception {
        Process supervisor = start(SHELL);
        List<ProcessHandle> family = family(supervisor);
        supervisor.destroyForcibly();
        assertGone(family.subList(0, 1));
        // Only a lab without children is sure to leave none: QEMU may start none (-sandbox).
        family.get(1).destroyForcibly();
    }

    @Test
    void whenTheSupervisorIsAskedToEndTheGroupEnds() throws Exception {
        Process supervisor = start(SHELL);
        List<ProcessHandle> family = family(supervisor);
        supervisor.destroy();
        assertGone(family);
    }

    @Test
    void whatTheProgramLeavesBehindEndsWithIt() throws Exception {
        Process supervisor = start("sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!");
        String child = supervisor.inputReader().readLine();
        assertEquals(0, supervisor.waitFor());
        ProcessHandle.of(Long.parseLong(child))
                .ifPresent(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    @Test
    void wordsOfTheOwnerAreIgnored() throws Exception {
        Process supervisor = start(SHELL);
        List<ProcessHandle> family = family(supervisor);
        supervisor.getOutputStream().write("hello".getBytes());
        supervisor.getOutputStream().flush();
        assertFalse(supervisor.waitFor(300, TimeUnit.MILLISECONDS));
        supervisor.getOutputStream().close();
        assertGone(family);
    }

    @Test
    void theProgramInheritsConnectionsAndAloneHoldsThem(@TempDir Path place) throws Exception {
        Path socket = place.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Process supervisor =
                    start(
                            "--connect",
                            socket.toString(),
                            "sh",
                            "-c",
                            "read line <&3; echo $line >&3");
            try (SocketChannel connection = server.accept()) {
                connection.write(ByteBuffer.wrap("hello\n".getBytes()));
                ByteBuffer answer = ByteBuffer.allocate(16);
                while (connection.read(answer) >= 0) {}
                assertEquals("hello\n", new String(answer.array(), 0, answer.position()));
                assertEquals(0, supervisor.waitFor());
            } finally {
                supervisor.getOutputStream().close();
            }
        }
    }

    @Test
    void aSocketThatNobodyListensOnIsTold(@TempDir Path place) throws Exception {
        Process supervisor = start("--connect", place.resolve("none").toString(), "true");
        String words = supervisor.inputReader().readLine();
        assertTrue(words.contains("cannot connect to " + place), words);
        assertEquals(127, supervisor.waitFor());
    }
}
