/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;

/** A driver is known by what it is made of, not by its name. */
class LabPassesTest {

    @TempDir Path work;
    private LabPasses passes;
    private Path project;
    private Path module;

    @BeforeEach
    void driver() throws Exception {
        passes = new LabPasses(CacheDirectory.at(work.resolve("cache")));
        project = Files.createDirectories(work.resolve("driver"));
        Files.writeString(project.resolve("Kbuild"), "obj-m := driver.o\n");
        Files.writeString(project.resolve("driver.c"), "int one;\n");
        module = built("debian-6.1", "code for 6.1");
    }

    private Path built(String kernel, String code) throws Exception {
        Path directory = Files.createDirectories(project.resolve("build").resolve(kernel));
        return Files.writeString(directory.resolve("driver.ko"), code);
    }

    @Test
    void theSameSourcesHavePassedWhateverKernelTheyAreBuiltFor() throws Exception {
        assertEquals(Optional.empty(), passes.find(LabPasses.of(project, module)));
        passes.passed(LabPasses.of(project, module), "debian-6.1");
        Path other = built("host", "code for this machine");
        assertEquals(Optional.of("debian-6.1"), passes.find(LabPasses.of(project, other)));
        passes.passed(LabPasses.of(project, module), "uml-debug");
        assertEquals(Optional.of("uml-debug"), passes.find(LabPasses.of(project, other)));
    }

    @Test
    void aChangedSourceHasNot() throws Exception {
        passes.passed(LabPasses.of(project, module), "debian-6.1");
        Files.writeString(project.resolve("driver.c"), "int two;\n");
        Path other = built("host", "other code for this machine");
        assertEquals(Optional.empty(), passes.find(LabPasses.of(project, other)));
    }

    @Test
    void aModuleWithoutSourcesIsKnownByItselfAlone() throws Exception {
        passes.passed(LabPasses.of(project, module), "debian-6.1");
        Path copy = Files.copy(module, work.resolve("copy.ko"));
        assertEquals(Optional.of("debian-6.1"), passes.find(LabPasses.of(copy)));
        Files.writeString(copy, "other");
        assertEquals(Optional.empty(), passes.find(LabPasses.of(copy)));
        assertThrows(KmodscopeException.class, () -> LabPasses.of(work.resolve("absent.ko")));
    }

    @Test
    void whatWasNotLoadedAsItIsHasNot() throws Exception {
        LabPasses.Identity before = LabPasses.of(project, module);
        Files.writeString(project.resolve("driver.c"), "int edited_while_it_ran;\n");
        passes.passed(before, "debian-6.1");
        Path other = built("host", "code with the edit");
        assertEquals(Optional.empty(), passes.find(LabPasses.of(project, other)));
    }
}
