/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.Kernel;

/** What is refused before make runs; real builds are among the lab's tests. */
class ModuleBuildTest {

    @TempDir Path temporary;

    private Path project;
    private Path headers;

    @BeforeEach
    void directories() throws Exception {
        project = Files.createDirectories(temporary.resolve("project"));
        headers = Files.createDirectories(temporary.resolve("headers"));
        Files.writeString(project.resolve("Kbuild"), "obj-m := a.o\n");
        Files.writeString(headers.resolve("Makefile"), "modules:\n");
    }

    @Test
    void aDirectoryThatIsNoDriversIsRefused() throws Exception {
        Path empty = Files.createDirectories(temporary.resolve("empty"));
        refused(Kind.USAGE, "neither Kbuild nor Makefile", BuildRequest.of(empty, kernel()));
        refused(
                Kind.USAGE,
                "There is no directory",
                BuildRequest.of(temporary.resolve("gone"), kernel()));
    }

    @Test
    void aKernelWithoutHeadersIsRefused() throws Exception {
        Files.delete(headers.resolve("Makefile"));
        refused(Kind.USAGE, "headers", BuildRequest.of(project, kernel()));
    }

    @Test
    void aMissingCompilerNamesItsPackage() {
        BuildRequest request = BuildRequest.of(project, kernel()).withCompiler("gcc-77");
        KmodscopeException failure = refused(Kind.MISSING, "gcc-77", request);
        assertTrue(failure.remedy().contains("apt install gcc-77"), failure.remedy());
    }

    @Test
    void aCompilerIsAProgramNotACommandLine() {
        for (String bad : new String[] {"gcc -O3", "$(id)", "-v", "", "a\nb"}) {
            refused(
                    Kind.USAGE,
                    "no compiler",
                    BuildRequest.of(project, kernel()).withCompiler(bad));
        }
    }

    @Test
    void aCacheThatKbuildCannotWorkInIsRefusedWithTheReason() {
        for (String name : new String[] {"a b", "ü", "x:y", "a#b", "100%", "$x", "q'"}) {
            ModuleBuild build = new ModuleBuild(CacheDirectory.at(temporary.resolve(name)));
            KmodscopeException failure =
                    assertThrows(
                            KmodscopeException.class,
                            () ->
                                    build.build(
                                            BuildRequest.of(project, kernel()),
                                            line -> {},
                                            new NullProgressMonitor()));
            assertEquals(Kind.USAGE, failure.kind());
            assertTrue(failure.getMessage().contains("Kbuild"), failure.getMessage());
            assertTrue(failure.remedy().contains("XDG_CACHE_HOME"), failure.remedy());
        }
    }

    @Test
    void aMakeThatMakesNothingIsAFailedBuild() throws Exception {
        BuildResult result =
                new ModuleBuild(CacheDirectory.at(temporary.resolve("cache")))
                        .build(
                                BuildRequest.of(project, kernel()),
                                line -> {},
                                new NullProgressMonitor());
        assertEquals(Optional.empty(), result.module());
        assertTrue(result.diagnostics().getFirst().text().contains("obj-m"));
    }

    @Test
    void aToolThatMakeMissesIsNamed() throws Exception {
        Files.writeString(headers.resolve("Makefile"), "modules:\n\t@no-such-tool --x\n");
        KmodscopeException failure =
                refused(Kind.MISSING, "no-such-tool", BuildRequest.of(project, kernel()));
        assertTrue(failure.remedy().contains("apt install"), failure.remedy());
    }

    @Test
    void theOutputDirectoryIsAPlainName() {
        assertEquals(
                project.resolve("build/debian-6.1"),
                BuildRequest.of(project, kernel("debian-6.1")).output());
        assertEquals(
                project.resolve("build/kdir-6.1.0"),
                BuildRequest.of(project, kernel("/usr/src/linux")).output());
        assertEquals(
                project.resolve("build/kdir-6.1.0"),
                BuildRequest.of(project, kernel("../x")).output());
    }

    private KmodscopeException refused(Kind kind, String words, BuildRequest request) {
        ModuleBuild build = new ModuleBuild(CacheDirectory.at(temporary.resolve("cache")));
        KmodscopeException failure =
                assertThrows(
                        KmodscopeException.class,
                        () -> build.build(request, line -> {}, new NullProgressMonitor()));
        assertEquals(kind, failure.kind(), failure.getMessage());
        assertTrue(failure.getMessage().contains(words), failure.getMessage());
        return failure;
    }

    private Kernel kernel() {
        return kernel("test");
    }

    private Kernel kernel(String id) {
        return new Kernel(
                id, "6.1.0", headers, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
