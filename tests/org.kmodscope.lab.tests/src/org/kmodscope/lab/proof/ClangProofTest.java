/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.DebianKernelStore;

/**
 * Clang has nothing to say about what is generated either. Debian's kernels are configured for gcc,
 * and clang refuses to compile modules with their flags; so it only reads the sources, called by
 * kbuild in the place of sparse. Kernels that need a newer compiler than the machine has are left
 * out.
 */
@Tag("proof")
@Timeout(1_800)
class ClangProofTest {

    private static final String KERNELS =
            System.getProperty("kmodscope.proof.kernels", "debian-6.1");
    private static final List<String> READ_BY_CLANG =
            List.of("debian-5.10", "debian-6.1", "debian-6.12");
    private static final String ALL =
            "fasync,poll,aio=queued,workqueue,ioctl,params,fsync,minors,trace,cdev";

    private static final TemplateRenderer RENDERER =
            new TemplateRenderer(TemplateSource.classLoader(ClangProofTest.class.getClassLoader()));

    @TempDir Path work;

    @BeforeAll
    static void thereIsClang() {
        assumeTrue(
                HostCommand.of("clang").locate().isPresent(),
                "clang is not on this machine: sudo apt install clang");
    }

    static Stream<String> kernels() {
        return Stream.of(KERNELS.split(",")).filter(READ_BY_CLANG::contains);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void clangHasNothingToSay(String kernelId) throws Exception {
        Kernel kernel = kernel(kernelId);
        for (String template : RENDERER.templates()) {
            Path project = work.resolve(template);
            RENDERER.render(RENDERER.begin(template, template).build()).writeTo(project);
            assertEquals(List.of(), said(project, kernel));
        }
        Path project = work.resolve("everything");
        RENDERER.render(
                        RENDERER.begin("globalfifo", "everything")
                                .features(FeatureSet.parse(ALL))
                                .build())
                .writeTo(project);
        assertEquals(List.of(), said(project, kernel));
    }

    /** Else a compiler that never finds anything would prove all. */
    @Test
    void whatClangFindsIsHeard() throws Exception {
        Path project = work.resolve("blank");
        RENDERER.render(RENDERER.begin("nullzero", "blank").build()).writeTo(project);
        Path source = project.resolve("blank_main.c");
        String found = "static int __used oops(void)\n{\n\tint a;\n\treturn a;\n}\n";
        Files.writeString(source, Files.readString(source) + found);
        List<String> said = said(project, kernel("debian-6.1"));
        assertTrue(said.stream().anyMatch(line -> line.contains("blank_main.c")), said::toString);
    }

    private static Kernel kernel(String id) throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        return new DebianKernelStore(cache, System.getenv()).require(id, new NullProgressMonitor());
    }

    /** Warnings and errors of clang; each source must have been read. */
    private List<String> said(Path project, Kernel kernel) throws Exception {
        Path check = work.resolve("check.sh");
        if (!Files.exists(check)) {
            try (InputStream script =
                    Objects.requireNonNull(
                            ClangProofTest.class.getResourceAsStream("/clang/check.sh"))) {
                Files.copy(script, check);
            }
            assertTrue(check.toFile().setExecutable(true));
        }
        List<String> lines = new ArrayList<>();
        HostCommand.of(
                        List.of(
                                "make",
                                "-C",
                                kernel.headers().toString(),
                                "M=" + project.toRealPath(),
                                "CC=" + kernel.compiler().orElse("gcc"),
                                "CHECK=" + check,
                                "C=2",
                                "KBUILD_CHECKSRC=2",
                                "W=1",
                                "CONFIG_DEBUG_INFO_BTF_MODULES=",
                                "modules"))
                .merged()
                .run((channel, line) -> lines.add(line), new NullProgressMonitor());
        long sources;
        try (Stream<Path> files = Files.list(project)) {
            sources = files.filter(file -> file.toString().matches(".*(?<!\\.mod)\\.c")).count();
        }
        assertEquals(
                sources,
                lines.stream().filter(line -> line.startsWith("CLANG ")).count(),
                lines::toString);
        return lines.stream()
                .filter(line -> line.contains("warning: ") || line.contains("error: "))
                .toList();
    }
}
