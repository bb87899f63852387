/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

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

class KernelDirectoryTest {

    @TempDir Path directory;

    @BeforeEach
    void makefile() throws Exception {
        Files.writeString(directory.resolve("Makefile"), "");
    }

    @Test
    void theReleaseIsRead() throws Exception {
        Files.createDirectories(directory.resolve("include/config"));
        Files.writeString(
                directory.resolve("include/config/kernel.release"), "6.12.1+deb13-amd64\n");
        Kernel kernel = KernelDirectory.read(directory).asKernel("/x");
        assertEquals("6.12.1+deb13-amd64", kernel.release());
        assertEquals(directory.toRealPath(), kernel.headers());
        assertEquals(Optional.empty(), kernel.image());
    }

    @Test
    void aBuiltTreeHasAnImage() throws Exception {
        generated("#define UTS_RELEASE \"7.3.0\"\n");
        Path image = directory.resolve("arch/x86/boot/bzImage");
        Files.createDirectories(image.getParent());
        Files.writeString(image, "");
        Kernel kernel = KernelDirectory.read(directory).asKernel("/x");
        assertEquals("7.3.0", kernel.release());
        assertEquals(Optional.of(image.toRealPath()), kernel.image());
        assertEquals(Optional.empty(), kernel.modules());
        Path plain = Files.createFile(directory.resolve("vmlinux"));
        assertEquals(
                Optional.of(image.toRealPath()),
                KernelDirectory.read(directory).asKernel("/x").image(),
                "what every loader knows comes first");
        Files.delete(image);
        assertEquals(
                Optional.of(plain.toRealPath()),
                KernelDirectory.read(directory).asKernel("/x").image());
        Files.writeString(directory.resolve("modules.builtin"), "");
        assertEquals(
                Optional.of(directory.toRealPath()),
                KernelDirectory.read(directory).asKernel("/x").modules());
    }

    @Test
    void otherDirectoriesAreRefusedWithTheReason() throws Exception {
        refused("kernel.release", directory);
        refused("gone", directory.resolve("gone"));
        generated("#define SOMETHING_ELSE\n");
        refused("", directory);
        generated("#define UTS_RELEASE \"../../etc\"\n");
        refused("", directory);
        Files.delete(directory.resolve("Makefile"));
        refused("Makefile", directory);
    }

    @Test
    void aKernelWithoutModulesIsRefusedByName() throws Exception {
        generated("#define UTS_RELEASE \"6.1.0-57-amd64\"\n");
        Path configuration = directory.resolve(".config");
        Files.writeString(configuration, "CONFIG_64BIT=y\n# CONFIG_MODULES is not set\n");
        refused("CONFIG_MODULES", directory);
        Files.writeString(configuration, "CONFIG_64BIT=y\nCONFIG_MODULES=y\n");
        assertEquals("6.1.0-57-amd64", KernelDirectory.read(directory).release());
    }

    @Test
    void debianNamesTheCompiler() throws Exception {
        assertEquals(Optional.empty(), KernelDirectory.compilerOf(directory));
        Files.writeString(
                directory.resolve(".kernelvariables"),
                """
                override ARCH = x86
                CCACHE = ccache
                CC = $(if $(DEBIAN_KERNEL_USE_CCACHE),$(CCACHE)) $(CROSS_COMPILE)gcc-12
                """);
        assertEquals(Optional.of("gcc-12"), KernelDirectory.compilerOf(directory));
        Files.writeString(directory.resolve(".kernelvariables"), "override ARCH = x86\n");
        assertEquals(Optional.empty(), KernelDirectory.compilerOf(directory));
    }

    private void generated(String text) throws Exception {
        Files.createDirectories(directory.resolve("include/generated"));
        Files.writeString(directory.resolve("include/generated/utsrelease.h"), text);
    }

    private static void refused(String word, Path path) {
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> KernelDirectory.read(path));
        assertEquals(Kind.USAGE, failure.kind());
        assertTrue(failure.getMessage().contains(word), failure.getMessage());
    }
}
