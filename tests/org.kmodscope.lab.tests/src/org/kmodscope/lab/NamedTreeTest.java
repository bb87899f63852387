/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
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
        kernels = new DebianKernelStore(cache, System.getenv());
    }

    @Test
    void oneWithVirtioBuiltInBoots() throws Exception {
        Kernel debian = make("debian-6.12");
        try (TargetSession session = open()) {
            assertEquals(debian.release(), session.info().kernelRelease());
        }
    }

    /** What the linker made, which is in Debian's image, compressed. */
    @Test
    void oneThatHasVmlinuxAloneBoots() throws Exception {
        assumeTrue(HostCommand.of("zstd").locate().isPresent(), "apt install zstd");
        Kernel debian = make("debian-6.12");
        Files.delete(tree.resolve("arch/x86/boot/bzImage"));
        ByteBuffer image =
                ByteBuffer.wrap(Files.readAllBytes(debian.image().orElseThrow()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        // Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length
        int start = (image.get(0x1f1) + 1) * 512 + image.getInt(0x248);
        byte[] payload = new byte[image.getInt(0x24c) - Integer.BYTES];
        image.get(start, payload);
        Path packed = Files.write(tree.resolve("vmlinux.zst"), payload);
        Captured unpacked = HostCommand.of("zstd", "-qd", packed.toString()).capture(NEVER);
        assertEquals(0, unpacked.exit(), unpacked::words);
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
