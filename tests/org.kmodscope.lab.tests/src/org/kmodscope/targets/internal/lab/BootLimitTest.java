/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.MachineSize;
import org.kmodscope.core.target.TargetInfo.Acceleration;
import org.kmodscope.targets.DebianKernelStore;

/** Labs that do not come up. */
@Timeout(300)
class BootLimitTest {

    @TempDir Path work;

    private static KmodscopeException failure(Kernel kernel, Duration limit) throws Exception {
        LabStart labs = new LabStart(CacheDirectory.of(System.getenv()));
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () ->
                                labs.boot(
                                                kernel,
                                                kernel.image().orElseThrow(),
                                                qemu(),
                                                Optional.empty(),
                                                limit,
                                                SubMonitor.convert(null))
                                        .close());
        assertEquals(KmodscopeException.Kind.LAB, failure.kind(), failure::toString);
        assertTrue(failure.getMessage().startsWith("The lab did not come up."), failure::toString);
        assertTrue(!failure.remedy().isBlank());
        assertTrue(
                ProcessHandle.current()
                        .descendants()
                        .noneMatch(p -> p.info().command().orElse("").contains("qemu")));
        return failure;
    }

    private static Qemu qemu() throws Exception {
        return new Qemu(
                QemuProgram.locate(new NullProgressMonitor()),
                MachineSize.DEFAULT,
                Acceleration.TCG,
                Optional.empty(),
                false);
    }

    private static Kernel kernel() throws Exception {
        return new DebianKernelStore(CacheDirectory.of(System.getenv()), System.getenv())
                .require(KernelStore.DEFAULT_ID, new NullProgressMonitor());
    }

    @Test
    void oneThatTakesTooLongIsGivenUp() throws Exception {
        String words = failure(kernel(), Duration.ofMillis(100)).getMessage();
        assertTrue(words.contains("did not answer within"), words);
    }

    @Test
    void aStepOfInitThatFailsIsOnTheConsoleThatIsShown() throws Exception {
        // Modules of another place: files that are none.
        Path modules = Files.createDirectory(work.resolve("modules"));
        Files.writeString(modules.resolve("modules.dep"), "virtio_pci.ko:\nvirtio_console.ko:\n");
        Files.createFile(modules.resolve("modules.builtin"));
        Files.writeString(modules.resolve("virtio_pci.ko"), "no module");
        Files.writeString(modules.resolve("virtio_console.ko"), "no module");
        Kernel real = kernel();
        Kernel broken =
                new Kernel(
                        real.id(),
                        real.release(),
                        real.headers(),
                        real.compiler(),
                        real.image(),
                        Optional.of(modules));
        String words = failure(broken, Duration.ofSeconds(90)).getMessage();
        assertTrue(words.contains("kmodscope-init: /modules/0.ko does not load"), words);
    }

    @Test
    void whatIsNoKernelIsQemusToTell() throws Exception {
        Kernel real = kernel();
        Kernel broken =
                new Kernel(
                        real.id(),
                        real.release(),
                        real.headers(),
                        real.compiler(),
                        Optional.of(Files.writeString(work.resolve("image"), "no kernel")),
                        real.modules());
        KmodscopeException failure = failure(broken, Duration.ofSeconds(90));
        assertTrue(failure.getMessage().contains("qemu"), failure::toString);
    }
}
