/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Toolchain;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** What tools see that run in a root of their own; this machine's own files stand in for theirs. */
class ToolRoomTest {

    @TempDir Path temporary;

    private Path kernel;
    private Path build;
    private ToolRoom room;

    @BeforeEach
    void room() throws Exception {
        Path root = Files.createDirectory(temporary.resolve("root"));
        Files.createDirectory(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("usr"), Path.of("/usr"));
        kernel = Files.createDirectory(temporary.resolve("kernel"));
        build = Files.createDirectory(temporary.resolve("build"));
        room = new ToolRoom(new Toolchain(root, kernel), build);
    }

    @Test
    void onlyTheBuildCanBeWrittenAndNothingElseIsSeen() throws Exception {
        assumeTrue(run("true").exit() == 0, "no rooms on this machine");
        Files.writeString(kernel.resolve("header"), "");
        Files.writeString(temporary.resolve("mine"), "");
        assertEquals(0, run("touch", build.resolve("made").toString()).exit());
        assertTrue(Files.exists(build.resolve("made")));
        assertEquals(0, run("cat", kernel.resolve("header").toString()).exit());
        for (Path place : List.of(kernel.resolve("made"), Path.of("/usr/made"))) {
            assertFalse(run("touch", place.toString()).exit() == 0, place.toString());
        }
        assertFalse(run("cat", temporary.resolve("mine").toString()).exit() == 0);
        assertEquals(build + "\n", run("pwd").out());
        String environment = run("env").out();
        assertFalse(environment.contains("HOME="), environment);
    }

    @Test
    void aMachineThatDeniesItIsSaidTo() {
        KmodscopeException refused =
                ToolRoom.refusal("bwrap: setting up uid map: Permission denied").orElseThrow();
        assertEquals(Kind.MISSING, refused.kind());
        assertTrue(refused.getMessage().contains("Permission denied"), refused.getMessage());
        assertTrue(refused.remedy().contains("user namespaces"), refused.remedy());
        assertEquals(Optional.empty(), ToolRoom.refusal("main.c:1: error: bwrap: no"));
    }

    private Captured run(String... inside) throws Exception {
        HostCommand command = room.command(List.of(inside));
        assumeTrue(command.locate().isPresent(), "there is no bubblewrap here");
        return command.capture(new NullProgressMonitor());
    }
}
