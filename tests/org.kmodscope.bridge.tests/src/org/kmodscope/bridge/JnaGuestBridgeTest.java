/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.StreamEventSource;
import org.kmodscope.core.target.ArmRequest;

/**
 * The bridge as a program, installed as for a lab and run by a JDK with no more than it asks for.
 */
@Timeout(600)
class JnaGuestBridgeTest {

    @TempDir Path directory;
    private JnaGuestBridge guest;
    private Path installed;

    @BeforeEach
    void install() throws IOException {
        guest = new JnaGuestBridge();
        installed = Files.createDirectory(directory.resolve("installed"));
        guest.install(installed);
    }

    @Test
    void deliversWhatATerminalSignalsAndEndsWithItsInput() throws Exception {
        int master = Posix.terminalMaster();
        String port = fifo();
        try (StreamEventSource source = new StreamEventSource("bridge", reader(port));
                ChildJvm jvm = start(port, new ArmRequest(Posix.terminalPath(master), true, 100))) {
            Recorder recorder = new Recorder();
            FutureTask<Void> reading =
                    new FutureTask<>(
                            () -> {
                                source.run(recorder);
                                return null;
                            });
            assertEquals("armed", jvm.line());
            Thread reader = Thread.ofPlatform().start(reading);
            for (int i = 0; i < 50; i++) {
                Posix.write(master, 1);
                recorder.await(EventKind.SIGIO_IN, i + 1);
            }
            recorder.await(
                    all ->
                            all.stream()
                                            .filter(e -> e.kind() == EventKind.READ_END)
                                            .mapToLong(e -> Math.max(0, e.result()))
                                            .sum()
                                    == 50);
            jvm.input().close();
            String end = jvm.line();
            assertTrue(end.matches("ended \\d+"), end);
            assertEquals(0, jvm.exit(), jvm::printed);
            source.stopAt(Integer.parseInt(end.substring("ended ".length())));
            reader.join();
            reading.get();
            assertEquals(end, "ended " + recorder.events().size());
            assertEquals("", jvm.output());
            assertEquals("", jvm.errors());
            Event first = recorder.events().getFirst();
            assertEquals(EventKind.SIGIO_IN, first.kind());
            assertEquals(0, first.sequence());
        } finally {
            Libc.close(master);
        }
    }

    @Test
    void saysInOneLineWhyItCannotWatch() throws Exception {
        Path port = Files.createFile(directory.resolve("port"));
        try (ChildJvm absent = start(port.toString(), new ArmRequest("/dev/not-there", false, 1));
                ChildJvm silent = start(port.toString(), new ArmRequest("/dev/null", false, 1));
                ChildJvm nowhere =
                        start(directory + "/absent", new ArmRequest("/dev/null", false, 1))) {
            assertFailed(absent, "/dev/not-there could not be opened");
            assertFailed(silent, "/dev/null has no fasync");
            assertFailed(nowhere, "The port cannot be written");
        }
    }

    @Test
    void nothingSignalledIsAHeaderOnly() throws Exception {
        Path port = Files.createFile(directory.resolve("port"));
        int master = Posix.terminalMaster();
        try (ChildJvm jvm =
                start(port.toString(), new ArmRequest(Posix.terminalPath(master), false, 0))) {
            assertEquals("armed", jvm.line());
            jvm.input().close();
            assertEquals("ended 0", jvm.line());
            assertEquals(0, jvm.exit(), jvm::printed);
            assertEquals(EventCodec.HEADER_BYTES, Files.size(port));
        } finally {
            Libc.close(master);
        }
    }

    @Test
    void classDirectoriesAreInstalledAsJars() throws Exception {
        assertEquals(
                List.of("lib/0.jar", "lib/1.jar", "lib/2.jar", "native/libjnidispatch.so"),
                files(installed));
    }

    @Test
    void theFingerprintIsThatOfTheContent() throws Exception {
        assertEquals(guest.fingerprint(), new JnaGuestBridge().fingerprint());
        List<Path> jars =
                Stream.of("0", "1", "2").map(n -> installed.resolve("lib/" + n + ".jar")).toList();
        String before = new JnaGuestBridge(jars).fingerprint();
        try (OutputStream more = Files.newOutputStream(jars.get(1), StandardOpenOption.APPEND)) {
            more.write(0);
        }
        assertNotEquals(before, new JnaGuestBridge(jars).fingerprint());
    }

    @Test
    void aClassPathWithoutJnaIsRefused() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path to = Files.createDirectory(directory.resolve("to"));
        IOException refused =
                assertThrows(
                        IOException.class, () -> new JnaGuestBridge(List.of(empty)).install(to));
        assertTrue(refused.getMessage().contains("libjnidispatch.so"), refused.getMessage());
    }

    private ChildJvm start(String port, ArmRequest request) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--limit-modules", String.join(",", guest.modules())));
        arguments.addAll(guest.arguments(installed.toString(), port, request));
        return ChildJvm.start(directory, arguments);
    }

    private static void assertFailed(ChildJvm jvm, String words) throws Exception {
        assertEquals(1, jvm.exit(), jvm::printed);
        assertEquals("", jvm.output());
        assertEquals(1, jvm.errors().lines().count(), jvm::printed);
        assertTrue(jvm.errors().contains(words), jvm.errors());
    }

    private String fifo() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        return fifo.toString();
    }

    /** Opened for writing, too, so that neither side waits for the other; closed at the end. */
    private static FileChannel reader(String fifo) throws IOException {
        return FileChannel.open(Path.of(fifo), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
