/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** Builds real programs with the host's compiler. */
@Timeout(120)
class ProbeBuildTest {

    @TempDir Path temporary;

    private Path project;
    private ProbeBuild build;

    @BeforeEach
    void project() throws Exception {
        project = Files.createDirectories(temporary.resolve("my prøject")).toRealPath();
        build = new ProbeBuild(CacheDirectory.at(temporary.resolve("cache")));
        put("probes/ktap.h", "#define OK \"ok 1 it runs\"\n");
        put(
                "probes/hello.c",
                """
                #include <stdio.h>
                #include "ktap.h"
                int main(void) { puts(OK); return 0; }
                """);
    }

    @Test
    void aProbeIsAStaticProgram() throws Exception {
        ProbeProgram made = run("hello");
        assertEquals(List.of(), made.diagnostics());
        Path program = made.program().orElseThrow();
        assertEquals(project.resolve("build/probes/hello"), program);
        Captured said = HostCommand.of(program.toString()).capture(new NullProgressMonitor());
        assertEquals(new Captured(0, "ok 1 it runs\n", ""), said);
        Captured kind =
                HostCommand.of("readelf", "-l", program.toString())
                        .capture(new NullProgressMonitor());
        assertFalse(kind.out().contains("INTERP"), "it needs no loader");
    }

    @Test
    void itIsBuiltAgainWhenAHeaderChanged() throws Exception {
        assertFalse(run("hello").upToDate());
        assertTrue(run("hello").upToDate());
        put("probes/ktap.h", "#define OK \"ok 1 it still runs\"\n");
        assertFalse(run("hello").upToDate());
        Files.delete(project.resolve("build/probes/hello"));
        assertFalse(run("hello").upToDate());
    }

    @Test
    void errorsHaveTheirPlaceAndWarningsStay() throws Exception {
        run("hello");
        put("probes/hello.c", "int main(void) { int x; return y; }\n");
        ProbeProgram failed = run("hello");
        assertTrue(failed.program().isEmpty());
        assertTrue(
                failed.diagnostics().stream()
                        .anyMatch(
                                one ->
                                        one.toString()
                                                .startsWith("probes/hello.c:1:32: error: ‘y’")),
                failed.diagnostics().toString());
        assertFalse(
                Files.exists(project.resolve("build/probes/hello")),
                "the old one is not run again");
        put("probes/hello.c", "int main(void) { int x; return 0; }\n");
        assertEquals(1, run("hello").diagnostics().size());
        ProbeProgram again = run("hello");
        assertTrue(again.upToDate());
        assertEquals(1, again.diagnostics().size(), "what was said is said again");
    }

    @Test
    void severalFilesMakeOneProbe() throws Exception {
        put("probes/two/own.h", "int b(void);\n");
        put("probes/two/a.c", "#include \"own.h\"\nint main(void) { return b(); }\n");
        put("probes/two/b.c", "int b(void) { return 0; }\n");
        assertTrue(run("two").program().isPresent());
        assertTrue(run("two").upToDate());
        put("probes/two/own.h", "int b(void); /* changed */\n");
        assertFalse(run("two").upToDate(), "a header of its own counts");
        assertEquals(
                List.of("hello", "two"),
                ProbeSpec.ofProject(project).stream().map(ProbeSpec::name).toList());
    }

    @Test
    void aHeaderOfALibraryLinksIt() throws Exception {
        put(
                "probes/posix.c",
                """
                #include <aio.h>
                #include <math.h>
                int main(int argc, char **argv)
                {
                        (void)argv;
                        return aio_error(0) + (int)cbrt(argc);
                }
                """);
        ProbeProgram made = run("posix");
        assertTrue(made.program().isPresent(), made.diagnostics().toString());
    }

    @Test
    void aProbeThatIsNotThereIsRefused() {
        ProbeSpec none = new ProbeSpec(project, "none", List.of(), java.time.Duration.ofSeconds(1));
        KmodscopeException refused =
                assertThrows(
                        KmodscopeException.class,
                        () -> build.build(none, line -> {}, new NullProgressMonitor()));
        assertEquals(KmodscopeException.Kind.USAGE, refused.kind());
    }

    @Test
    void namesArePlain() {
        for (String bad : new String[] {"", "../x", "a/b", "-x", ".x", "a b", "ü"}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new ProbeSpec(project, bad, List.of(), java.time.Duration.ofSeconds(1)),
                    bad);
        }
    }

    private ProbeProgram run(String name) throws Exception {
        ProbeSpec spec =
                ProbeSpec.ofProject(project).stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        return build.build(spec, line -> {}, new NullProgressMonitor());
    }

    private void put(String name, String text) throws Exception {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
