/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

@Timeout(60)
class HostCommandTest {

    private static final NullProgressMonitor NEVER = new NullProgressMonitor();

    @TempDir Path temporary;

    @Test
    void linesComeFromBothChannels() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        int exit =
                shell("printf 'a\\nb\\r\\n'; printf 'c\\n\\nlast' >&2; exit 7")
                        .run((channel, line) -> lines.add(channel + line), NEVER);
        assertEquals(7, exit);
        assertEquals(
                List.of("OUTa", "OUTb"), lines.stream().filter(l -> l.startsWith("O")).toList());
        assertEquals(
                List.of("ERRc", "ERR", "ERRlast"),
                lines.stream().filter(l -> l.startsWith("E")).toList());
    }

    @Test
    void mergedKeepsTheOrder() throws Exception {
        Captured captured = shell("echo 1; echo 2 >&2; echo 3; echo 4 >&2").merged().capture(NEVER);
        assertEquals(new Captured(0, "1\n2\n3\n4\n", ""), captured);
    }

    @Test
    void bytesArriveUnchanged() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HostCommand.of("printf", "\\000\\377\\r\\n\\200")
                .runBytes((channel, bytes) -> out.writeBytes(bytes), NEVER);
        assertEquals("[0, -1, 13, 10, -128]", java.util.Arrays.toString(out.toByteArray()));
    }

    @Test
    void aLineOfSeveralReadsIsOneLine() throws Exception {
        String text = "é".repeat(30_000);
        Path file = Files.writeString(temporary.resolve("long"), text + "\n");
        List<String> lines = new ArrayList<>();
        HostCommand.of("cat", file.toString()).run((channel, line) -> lines.add(line), NEVER);
        assertEquals(List.of(text), lines);
    }

    @Test
    void captureKeepsTheEnd() throws Exception {
        Captured captured = shell("seq 1 100000").capture(NEVER);
        assertEquals(HostCommand.CAPTURED, captured.out().length());
        assertTrue(captured.out().endsWith("99999\n100000\n"));
    }

    @Test
    void inputIsEmptyAndLanguageEnglish() throws Exception {
        assertEquals(new Captured(0, "", ""), HostCommand.of("cat").capture(NEVER));
        HostCommand print = shell("printf '%s|%s|%s' \"$LC_ALL\" \"$X\" \"${HOME-unset}\"");
        assertEquals("C.UTF-8|y|unset", print.with("X", "y").without("HOME").capture(NEVER).out());
        assertEquals("de", shell("printf $LC_ALL").with("LC_ALL", "de").capture(NEVER).out());
    }

    @Test
    void argumentsAreNotLookedAtByAShell() throws Exception {
        Captured captured = HostCommand.of("printf", "%s\n", "$(id); 'a b' *").capture(NEVER);
        assertEquals("$(id); 'a b' *\n", captured.out());
    }

    @Test
    void aSignalIsAStatusAbove128() throws Exception {
        assertEquals(128 + 9, shell("kill -9 $$").capture(NEVER).exit());
    }

    @Test
    void aMissingProgramNamesItsPackage() {
        KmodscopeException missing =
                assertThrows(
                        KmodscopeException.class,
                        () ->
                                HostCommand.of("no-such-program-here")
                                        .providedBy("some-package")
                                        .capture(NEVER));
        assertEquals(Kind.MISSING, missing.kind());
        assertTrue(missing.getMessage().contains("no-such-program-here"));
        assertTrue(missing.remedy().contains("apt install some-package"), missing.remedy());
        assertTrue(HostCommand.of("no-such-program-here").locate().isEmpty());
    }

    @Test
    void aMissingDirectoryIsNotAMissingProgram() {
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> HostCommand.of("true").in(temporary.resolve("gone")).capture(NEVER));
        assertTrue(failure.remedy().contains("gone"), failure.remedy());
    }

    @Test
    void aFileThatIsNoProgramIsAFailure() throws Exception {
        Path file = Files.writeString(temporary.resolve("text"), "#!/no/such/interpreter\n");
        assertTrue(file.toFile().setExecutable(true));
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> HostCommand.of(file.toString()).capture(NEVER));
        assertEquals(Kind.MISSING, failure.kind());
    }

    @Test
    void cancellingEndsTheWholeTree() throws Exception {
        NullProgressMonitor monitor = new NullProgressMonitor();
        List<Long> pids = Collections.synchronizedList(new ArrayList<>());
        long[] cancelled = new long[1];
        assertThrows(
                OperationCanceledException.class,
                () ->
                        shell("sleep 1000 & echo $!; sh -c 'sleep 1000 & echo $!; wait'; wait")
                                .run(
                                        (channel, line) -> {
                                            pids.add(Long.valueOf(line));
                                            if (pids.size() == 2) {
                                                cancelled[0] = System.nanoTime();
                                                monitor.setCanceled(true);
                                            }
                                        },
                                        monitor));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cancelled[0]);
        assertTrue(millis < 1_500, "it took " + millis + " ms");
        assertEquals(2, pids.size());
        pids.forEach(HostCommandTest::assertGone);
    }

    @Test
    void aProgramThatIgnoresTheRequestIsKilled() throws Exception {
        NullProgressMonitor monitor = new NullProgressMonitor();
        AtomicReference<Long> pid = new AtomicReference<>();
        assertThrows(
                OperationCanceledException.class,
                () ->
                        shell("trap '' TERM; echo $$; while :; do sleep 1; done")
                                .run(
                                        (channel, line) -> {
                                            pid.set(Long.valueOf(line));
                                            monitor.setCanceled(true);
                                        },
                                        monitor));
        assertGone(pid.get());
    }

    @Test
    void interruptingEndsIt() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<Long> pid = new AtomicReference<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                shell("echo $$; exec sleep 1000")
                                        .run(
                                                (channel, line) -> {
                                                    pid.set(Long.valueOf(line));
                                                    started.countDown();
                                                },
                                                NEVER);
                                thrown.complete(new AssertionError("it ended by itself"));
                            } catch (KmodscopeException | InterruptedException e) {
                                thrown.complete(e);
                            }
                        });
        thread.start();
        assertTrue(started.await(20, TimeUnit.SECONDS));
        thread.interrupt();
        assertEquals(InterruptedException.class, thrown.get(20, TimeUnit.SECONDS).getClass());
        thread.join(10_000);
        assertGone(pid.get());
    }

    @Test
    void whatTheSinkThrowsComesOutAndEndsTheProgram() {
        IllegalStateException own = new IllegalStateException("full");
        AtomicReference<Long> pid = new AtomicReference<>();
        IllegalStateException thrown =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                shell("echo $$; exec sleep 1000")
                                        .run(
                                                (channel, line) -> {
                                                    pid.set(Long.valueOf(line));
                                                    throw own;
                                                },
                                                NEVER));
        assertSame(own, thrown);
        assertGone(pid.get());
    }

    @Test
    void aChildThatHoldsThePipesDoesNotHoldTheCall() throws Exception {
        long start = System.nanoTime();
        AtomicReference<Long> pid = new AtomicReference<>();
        int exit =
                shell("sleep 1000 & echo $!")
                        .run((channel, line) -> pid.set(Long.valueOf(line)), NEVER);
        assertEquals(0, exit);
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) < 20);
        ProcessHandle.of(pid.get()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** As a terminal's pager is that nobody scrolls; the program itself ends at once. */
    @Test
    void aSlowSinkGetsAllOfIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<String> lines = new ArrayList<>();
        shell("seq 1 10000")
                .run(
                        (channel, line) -> {
                            if (lines.isEmpty()) {
                                await(never, 5);
                            }
                            lines.add(line);
                        },
                        NEVER);
        assertEquals(10_000, lines.size());
        assertEquals("10000", lines.getLast());
    }

    @Test
    void aSinkThatNeverReturnsCanBeCancelled() throws Exception {
        NullProgressMonitor monitor = new NullProgressMonitor();
        CountDownLatch release = new CountDownLatch(1);
        assertThrows(
                OperationCanceledException.class,
                () ->
                        shell("echo $$")
                                .run(
                                        (channel, line) -> {
                                            assertGone(Long.parseLong(line));
                                            monitor.setCanceled(true);
                                            await(release, 30);
                                        },
                                        monitor));
        assertEquals(1, release.getCount());
        release.countDown();
    }

    @Test
    void aCancelledMonitorStartsNothing() {
        NullProgressMonitor cancelled = new NullProgressMonitor();
        cancelled.setCanceled(true);
        Path mark = temporary.resolve("mark");
        assertThrows(
                OperationCanceledException.class,
                () -> HostCommand.of("touch", mark.toString()).capture(cancelled));
        assertFalse(Files.exists(mark));
    }

    @Test
    void itsThreadsEndWithIt() throws Exception {
        HostCommand.of("true").capture(NEVER);
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("kmodscope true ")));
    }

    private static void await(CountDownLatch latch, int seconds) {
        try {
            latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HostCommand shell(String script) {
        return HostCommand.of("sh", "-c", script);
    }

    private static void assertGone(long pid) {
        ProcessHandle.of(pid)
                .ifPresent(
                        process -> {
                            try {
                                process.onExit().get(5, TimeUnit.SECONDS);
                            } catch (Exception e) {
                                throw new AssertionError("process " + pid + " is still there", e);
                            }
                        });
    }
}
