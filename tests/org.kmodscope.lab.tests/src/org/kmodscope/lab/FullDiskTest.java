/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;

/** The kernels are there, but the disk of the cache is full; only root can make such a disk. */
@Timeout(300)
class FullDiskTest {

    @TempDir Path work;

    private Path disk;
    private CacheDirectory full;
    private final Workshop workshop = new Workshop();

    FullDiskTest() throws KmodscopeException {}

    @BeforeEach
    void fill() throws Exception {
        disk = Files.createDirectory(work.resolve("disk"));
        Captured mounted =
                HostCommand.of("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString())
                        .capture(Workshop.MONITOR);
        assumeTrue(mounted.exit() == 0, "only root can make a small disk: " + mounted.words());
        full = CacheDirectory.at(disk.resolve("cache"));
        byte[] some = new byte[4096];
        try (OutputStream filler = Files.newOutputStream(disk.resolve("filler"))) {
            while (true) {
                filler.write(some);
            }
        } catch (IOException isFull) {
            assertTrue(isFull.getMessage().contains("No space left"), isFull::toString);
        }
    }

    @AfterEach
    void takeDown() throws Exception {
        assertEquals(0, HostCommand.of("umount", disk.toString()).capture(Workshop.MONITOR).exit());
    }

    @Test
    void aLabSaysIt() throws Exception {
        KernelStore kernels =
                new DebianKernelStore(CacheDirectory.of(System.getenv()), System.getenv());
        TargetSpec spec = new TargetSpec.Qemu(KernelStore.DEFAULT_ID);
        Target target = new QemuTarget(full, kernels, Optional.empty());
        refused(() -> target.open(spec, Workshop.MONITOR));
    }

    @Test
    void aBuildSaysIt() throws Exception {
        Path project = Files.createDirectory(work.resolve("small"));
        Files.writeString(
                project.resolve("small.c"),
                "#include <linux/module.h>\nMODULE_LICENSE(\"GPL\");\nMODULE_DESCRIPTION(\"small\");\n");
        Files.writeString(project.resolve("Kbuild"), "obj-m := small.o\n");
        BuildRequest request = BuildRequest.of(project, workshop.kernel());
        refused(() -> new ModuleBuild(full).build(request, line -> {}, Workshop.MONITOR));
    }

    private static void refused(Executable what) {
        KmodscopeException failure = assertThrows(KmodscopeException.class, what);
        assertEquals(KmodscopeException.Kind.MISSING, failure.kind());
        assertTrue(failure.getMessage().contains(": No space left on device."), failure::toString);
        assertTrue(failure.remedy().startsWith("Free space"), failure.remedy());
    }
}
