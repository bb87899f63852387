/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.Kernel;

class ModuleTreeTest {

    @TempDir Path modules;

    @BeforeEach
    void lists() throws IOException {
        Files.writeString(
                modules.resolve("modules.dep"),
                """
                kernel/virtio/virtio_pci.ko: kernel/virtio/modern-dev.ko kernel/virtio/virtio.ko kernel/virtio/virtio_ring.ko
                kernel/virtio/virtio.ko: kernel/virtio/virtio_ring.ko
                kernel/virtio/virtio_ring.ko:
                kernel/virtio/modern-dev.ko:
                kernel/fs/squashfs.ko.xz:
                kernel/loop/a.ko: kernel/loop/b.ko
                kernel/loop/b.ko: kernel/loop/a.ko
                kernel/broken.ko: kernel/not-there.ko
                """);
        Files.writeString(modules.resolve("modules.builtin"), "kernel/char/virtio_console.ko\n");
    }

    private ModuleTree tree() throws KmodscopeException {
        return ModuleTree.of(kernel(Optional.of(modules)));
    }

    private static Kernel kernel(Optional<Path> modules) {
        Path nowhere = Path.of("/");
        return new Kernel("test", "1.0", nowhere, Optional.empty(), Optional.empty(), modules);
    }

    private List<String> order(String... names) throws KmodscopeException {
        return tree().inLoadOrder(List.of(names)).stream()
                .map(file -> modules.relativize(file).toString())
                .toList();
    }

    @Test
    void whatIsNeededComesFirstAndOnce() throws KmodscopeException {
        assertEquals(
                List.of(
                        "kernel/virtio/modern-dev.ko",
                        "kernel/virtio/virtio_ring.ko",
                        "kernel/virtio/virtio.ko",
                        "kernel/virtio/virtio_pci.ko"),
                order("virtio_pci", "virtio"));
    }

    @Test
    void namesHaveUnderscoresWhateverFilesHave() throws KmodscopeException {
        assertEquals(List.of("kernel/virtio/modern-dev.ko"), order("modern_dev"));
        assertEquals(List.of("kernel/fs/squashfs.ko.xz"), order("squashfs"));
    }

    @Test
    void whatIsBuiltInIsLeftOut() throws KmodscopeException {
        assertEquals(List.of(), order("virtio_console"));
    }

    @Test
    void aCircleEnds() throws KmodscopeException {
        assertEquals(List.of("kernel/loop/b.ko", "kernel/loop/a.ko"), order("a"));
    }

    @Test
    void whatIsNotThereIsNamed() {
        for (String name : List.of("nothing", "broken")) {
            KmodscopeException failure = assertThrows(KmodscopeException.class, () -> order(name));
            assertEquals(KmodscopeException.Kind.MISSING, failure.kind());
            assertTrue(failure.getMessage().contains("has no module"), failure::toString);
        }
    }

    @Test
    void aTreeThatAUserBuiltHasWhatIsBuiltIn() throws Exception {
        Files.delete(modules.resolve("modules.dep"));
        Files.writeString(modules.resolve("Makefile"), "");
        assertEquals(List.of(), order("virtio_console"));
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> order("virtio_pci"));
        assertEquals(KmodscopeException.Kind.MISSING, failure.kind());
        assertTrue(failure.getMessage().contains("virtio_pci built in"), failure::toString);
        assertTrue(failure.remedy().contains("CONFIG_VIRTIO_PCI=y"), failure::remedy);
    }

    @Test
    void damagedOrMissingListsAreSaidToBe() throws IOException {
        Files.writeString(modules.resolve("modules.dep"), "no colon here\n");
        assertThrows(KmodscopeException.class, this::tree);
        Files.delete(modules.resolve("modules.dep"));
        assertThrows(KmodscopeException.class, this::tree);
        assertThrows(KmodscopeException.class, () -> ModuleTree.of(kernel(Optional.empty())));
    }

    @Test
    void modulesAreDecompressedOrRefused() throws Exception {
        byte[] content = "module".getBytes();
        Path plain = Files.write(modules.resolve("plain.ko"), content);
        Path packed = modules.resolve("packed.ko.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(content);
        }
        assertArrayEquals(content, tree().read(plain));
        assertArrayEquals(content, tree().read(packed));
        Path strange = Files.write(modules.resolve("strange.ko.zst"), content);
        assertThrows(KmodscopeException.class, () -> tree().read(strange));
        assertThrows(KmodscopeException.class, () -> tree().read(modules.resolve("no.ko")));
    }
}
