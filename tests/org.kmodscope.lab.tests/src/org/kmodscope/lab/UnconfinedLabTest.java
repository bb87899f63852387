/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.process.HostCommand;

/** A kernel that is a process of this machine, where nothing can confine it. */
@Tag("debug")
@Timeout(180)
class UnconfinedLabTest {

    @TempDir Path work;

    @BeforeEach
    void kernelIsThere() throws Exception {
        assumeTrue(
                new Workshop().hasDebugKernel(),
                "build it first: kmodscope kernels --fetch uml-debug");
    }

    @Test
    void withoutBubblewrapItSaysSoAndEndsWithItsOwnerAllTheSame() throws Exception {
        // The first lab compiles its programs; this machine then needs no other tools.
        new Workshop().openDebug().close();
        Path path = Files.createDirectory(work.resolve("bin"));
        Path busybox = HostCommand.of("busybox").locate().orElseThrow();
        Files.createSymbolicLink(path.resolve("busybox"), busybox);
        String note = killOwner(path);
        assertTrue(note.contains("is not confined"), note);
        assertTrue(note.contains("apt install bubblewrap"), note);
    }

    /**
     * Has a process of its own open a lab, kills it, and waits until all that it started is gone.
     *
     * @param path the programs it has
     * @return what it said of its lab
     */
    private static String killOwner(Path path) throws Exception {
        Process owner = LabOwner.start(Optional.of(path), LabOwner.DEBUG);
        try (BufferedReader out = new BufferedReader(owner.inputReader(StandardCharsets.UTF_8))) {
            assertEquals("up", out.readLine());
            String note = out.readLine();
            LabOwner.kill(owner);
            return note;
        } finally {
            owner.destroyForcibly();
        }
    }
}
