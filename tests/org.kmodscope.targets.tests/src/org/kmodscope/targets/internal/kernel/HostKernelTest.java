/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelEntry.State;

/** The kernel of a machine, as distributions install it. */
class HostKernelTest {

    private static final String RELEASE = "6.6.6-amd64";

    @TempDir Path root;

    private Path modules;

    @BeforeEach
    void install() throws Exception {
        modules = Files.createDirectories(root.resolve("lib/modules").resolve(RELEASE));
    }

    private HostKernel host() {
        return new HostKernel(root, RELEASE);
    }

    private void installHeaders() throws Exception {
        Path headers = root.resolve("usr/src/linux-headers");
        Files.createDirectories(headers.resolve("include/generated"));
        Files.writeString(
                headers.resolve("include/generated/utsrelease.h"),
                "#define UTS_RELEASE \"" + RELEASE + "\"\n");
        Files.writeString(headers.resolve("Makefile"), "");
        Files.createSymbolicLink(modules.resolve("build"), headers);
    }

    @Test
    void withoutHeadersItIsSaidWhatToInstall() throws Exception {
        assertEquals(Optional.empty(), host().find());
        assertEquals(State.LACKING, host().entry().state());
        assertTrue(host().entry().title().contains("linux-headers-" + RELEASE));
        assertEquals(Kind.MISSING, host().missing().kind());
        assertTrue(host().missing().remedy().contains("apt install linux-headers-" + RELEASE));
        // What a header package that was removed leaves.
        Files.createSymbolicLink(modules.resolve("build"), root.resolve("gone"));
        assertEquals(Optional.empty(), host().find());
    }

    @Test
    void damagedHeadersAreToldInItsLine() throws Exception {
        installHeaders();
        Files.delete(root.resolve("usr/src/linux-headers/Makefile"));
        KernelEntry entry = host().entry();
        assertEquals(State.LACKING, entry.state());
        assertTrue(entry.title().contains("Makefile is not there"), entry.title());
        assertThrows(KmodscopeException.class, () -> host().find());
    }

    @Test
    void withHeadersItIsBuiltFor() throws Exception {
        installHeaders();
        Kernel kernel = host().find().orElseThrow();
        assertEquals("host", kernel.id());
        assertEquals(RELEASE, kernel.release());
        assertEquals(root.resolve("usr/src/linux-headers").toRealPath(), kernel.headers());
        assertEquals(Optional.empty(), kernel.image());
        assertEquals(State.READY, host().entry().state());
        // An image alone does not boot a lab: its modules are needed, too.
        Files.createFile(Files.createDirectory(root.resolve("boot")).resolve("vmlinuz-" + RELEASE));
        assertEquals(Optional.empty(), host().find().orElseThrow().image());
    }

    @Test
    void withImageAndModulesItBootsWhereverTheImageIs() throws Exception {
        installHeaders();
        Files.createFile(modules.resolve("modules.dep"));
        Path beside = Files.createFile(modules.resolve("vmlinuz"));
        assertEquals(Optional.of(beside), host().find().orElseThrow().image());
        Path boot = Files.createDirectory(root.resolve("boot"));
        Path image = Files.createFile(boot.resolve("vmlinuz-" + RELEASE));
        Kernel kernel = host().find().orElseThrow();
        assertEquals(Optional.of(image), kernel.image());
        assertEquals(Optional.of(modules), kernel.modules());
    }
}
