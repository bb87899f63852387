/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.targets.internal.agent.AgentClient;

/** What comes of the helper that reads the log, with programs in its place. */
class HelperLogTest {

    @TempDir Path work;
    private AgentClient client;

    @BeforeEach
    void connect() throws Exception {
        PipedInputStream answers = new PipedInputStream(new PipedOutputStream());
        client = AgentClient.start("test", answers, new ByteArrayOutputStream());
    }

    @AfterEach
    void close() {
        client.close();
    }

    private RootWay running(String script) throws Exception {
        Path program = work.resolve("way");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new RootWay("pkexec", List.of(program.toString()));
    }

    @Test
    void whileAPasswordIsAskedForItCanBeCancelled() throws Exception {
        Path pid = work.resolve("pid");
        RootWay way =
                running("echo $$ >" + pid + ".new; mv " + pid + ".new " + pid + "; exec sleep 600");
        IProgressMonitor whenItAsks =
                new NullProgressMonitor() {
                    @Override
                    public boolean isCanceled() {
                        return Files.exists(pid);
                    }
                };
        assertThrows(
                OperationCanceledException.class, () -> HelperLog.start(way, client, whenItAsks));
        awaitEnd(pid);
    }

    /** As sudo, which is root's by then, with a program that asks in a dialog. */
    @Test
    void whoCannotBeKilledIsLeftWithoutAnAnswer() throws Exception {
        Path pid = work.resolve("pid");
        Path asks = work.resolve("asks");
        RootWay way =
                running(
                        "trap : TERM; echo $$ >"
                                + pid
                                + "; sh -c 'echo $$ >"
                                + asks
                                + ".new; mv "
                                + asks
                                + ".new "
                                + asks
                                + "; exec sleep 600'; cat");
        IProgressMonitor whenItAsks =
                new NullProgressMonitor() {
                    @Override
                    public boolean isCanceled() {
                        return Files.exists(asks);
                    }
                };
        assertThrows(
                OperationCanceledException.class, () -> HelperLog.start(way, client, whenItAsks));
        awaitEnd(asks);
        awaitEnd(pid);
    }

    private static void awaitEnd(Path pid) throws Exception {
        Optional<ProcessHandle> process =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        if (process.isPresent()) {
            process.get().onExit().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRefusalIsTold() throws Exception {
        RootWay way = running("echo not you >&2; exit 126");
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> HelperLog.start(way, client, new NullProgressMonitor()));
        assertTrue(String.valueOf(failure.getMessage()).contains("not you"), failure::toString);
    }

    @Test
    void onceItFollowsItIsEndedByItsInput() throws Exception {
        Path over = work.resolve("over");
        RootWay way = running("echo following; cat; echo $1 >" + over);
        HelperLog.start(way, client, new NullProgressMonitor()).close();
        assertEquals("log", Files.readString(over).strip());
    }
}
