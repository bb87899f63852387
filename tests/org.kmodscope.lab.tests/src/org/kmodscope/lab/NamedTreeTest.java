/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;

/**
 * Kernel trees that users name by their path, as they lie after "make": Debian's in their place.
 */
@Timeout(300)
class NamedTreeTest {

    private static final NullProgressMonitor NEVER = new NullProgressMonitor();

    @TempDir Path tree;

    private CacheDirectory cache;
    private KernelStore kernels;

    @BeforeEach
    void store() throws Exception {
        cache = CacheDirectory.of(System.getenv());
        kernels = new DebianKernelStore(cache);
    }

    @Test
    void oneWithVirtioBuiltInBoots() throws Exception {
        Kernel debian = make("debian-6.12");
        try (TargetSession session = open()) {
            assertEquals(debian.release(), session.info().kernelRelease());
        }
    }

    @Test
    void oneWithoutVirtioIsRefusedWithWhatToBuildIn() throws Exception {
        make("debian-6.1");
        KmodscopeException refused = assertThrows(KmodscopeException.class, () -> open().close());
        assertEquals(Kind.MISSING, refused.kind());
        assertTrue(
                refused.getMessage().contains("no module virtio_pci built in"), refused::toString);
        assertTrue(refused.remedy().contains("kvm_guest.config"), refused::remedy);
    }

    @Test
    void oneThatWasNotBuiltIsRefused() throws Exception {
        make("debian-6.12");
        Files.delete(tree.resolve("modules.builtin"));
        KmodscopeException noModules = assertThrows(KmodscopeException.class, () -> open().close());
        assertEquals(Kind.MISSING, noModules.kind());
        assertTrue(noModules.getMessage().contains("has no modules"), noModules::toString);

        Files.delete(tree.resolve("arch/x86/boot/bzImage"));
        KmodscopeException noImage = assertThrows(KmodscopeException.class, () -> open().close());
        assertEquals(Kind.MISSING, noImage.kind());
        assertTrue(noImage.getMessage().contains("has no image"), noImage::toString);
    }

    /** Lays out what a build leaves of a kernel. */
    private Kernel make(String id) throws Exception {
        Kernel kernel = kernels.require(id, NEVER);
        Files.writeString(tree.resolve("Makefile"), "");
        Path release = Files.createDirectories(tree.resolve("include/config"));
        Files.writeString(release.resolve("kernel.release"), kernel.release() + "\n");
        Path boot = Files.createDirectories(tree.resolve("arch/x86/boot"));
        Files.createSymbolicLink(boot.resolve("bzImage"), kernel.image().orElseThrow());
        Files.copy(
                kernel.modules().orElseThrow().resolve("modules.builtin"),
                tree.resolve("modules.builtin"));
        return kernel;
    }

    private TargetSession open() throws Exception {
        return new QemuTarget(cache, kernels, Optional.empty())
                .open(new TargetSpec.Qemu(tree.toString()), NEVER);
    }
}
