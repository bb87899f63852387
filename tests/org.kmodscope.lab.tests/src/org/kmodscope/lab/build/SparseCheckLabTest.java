/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.build.SparseCheck;
import org.kmodscope.core.build.SparseReport;
import org.kmodscope.core.build.SparseReport.Outcome;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.DebianKernelStore;

/** sparse on drivers against Debian's headers: it really runs, and says when it cannot. */
@Timeout(300)
class SparseCheckLabTest {

    private static final NullProgressMonitor NEVER = new NullProgressMonitor();

    private static final String GOOD =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/module.h>
            #include <linux/uaccess.h>

            static int take(const int __user *from)
            {
            	int value;

            	return get_user(value, from) ? : value;
            }

            static int __init good_init(void)
            {
            	return take(NULL);
            }
            module_init(good_init);
            MODULE_DESCRIPTION("a test");
            MODULE_LICENSE("GPL");
            """;

    private static KernelStore store;
    private static Kernel kernel;

    @TempDir Path temporary;

    private Path project;
    private SparseCheck check;

    @BeforeAll
    static void fetch() throws Exception {
        store = new DebianKernelStore(CacheDirectory.of(System.getenv()), System.getenv());
        kernel = store.require(KernelStore.DEFAULT_ID, NEVER);
    }

    @BeforeEach
    void project() throws Exception {
        assumeTrue(HostCommand.of("sparse").locate().isPresent(), "there is no sparse here");
        project = Files.createDirectories(temporary.resolve("my prøject"));
        check = new SparseCheck(CacheDirectory.at(temporary.resolve("cache")));
        put("Kbuild", "obj-m := good.o\ngood-y := main.o other.o\n");
        put("main.c", GOOD);
        put("other.c", "// SPDX-License-Identifier: GPL-2.0\n#include <linux/module.h>\n");
    }

    @Test
    void everySourceIsLookedAtEachTime() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertEquals(new SparseReport(Outcome.CLEAN, 2, List.of()), check(kernel));
        }
    }

    @Test
    void whatTheCompilerAcceptsIsFoundAtItsLine() throws Exception {
        put("main.c", GOOD.replace("return get_user(value, from) ? : value;", "return *from;"));
        SparseReport report = check(kernel);
        assertEquals(Outcome.FOUND, report.outcome());
        assertEquals(
                List.of("main.c:9:17: warning: dereference of noderef expression"),
                report.diagnostics().stream().map(Diagnostic::toString).toList());
        put("main.c", GOOD);
        assertEquals(Outcome.CLEAN, check(kernel).outcome());
    }

    @Test
    void whatDoesNotCompileIsNotChecked() throws Exception {
        put("main.c", GOOD + "broken\n");
        SparseReport report = check(kernel);
        assertEquals(Outcome.NOT_BUILT, report.outcome());
        assertEquals("main.c", report.diagnostics().getFirst().file());
    }

    @Test
    void headersThatSparseDoesNotUnderstandAreNoVerdictOnTheDriver() throws Exception {
        Path header = Files.createDirectories(temporary.resolve("kernel")).resolve("new.h");
        // As with __typeof_unqual__ and sparse 0.6.4: the compiler takes what sparse does not.
        Files.writeString(header, "#ifdef __CHECKER__\n__not_understood__ int x;\n#endif\n");
        put("main.c", GOOD.replace("<linux/uaccess.h>", "<linux/uaccess.h>\n#include \"new.h\""));
        put("Kbuild", "obj-m := good.o\ngood-y := main.o\nccflags-y := -I" + header.getParent());
        SparseReport report = check(kernel);
        assertEquals(Outcome.UNPARSED, report.outcome(), report.toString());
        assertEquals(header.toString(), report.diagnostics().getFirst().file());
    }

    @Test
    void itRunsWhereTheHeaderPackageLacksItsScript() throws Exception {
        Path copy = temporary.resolve("headers");
        Path root = kernel.headers().getParent().getParent().getParent();
        assertEquals(
                0,
                HostCommand.of("cp", "-a", root.toString(), copy.toString()).capture(NEVER).exit());
        try (Stream<Path> all = Files.walk(copy)) {
            for (Path script : all.filter(each -> each.endsWith("checker-valid.sh")).toList()) {
                Files.delete(script);
            }
        }
        Kernel without =
                new Kernel(
                        "without",
                        kernel.release(),
                        copy.resolve(root.relativize(kernel.headers())),
                        kernel.compiler(),
                        kernel.image(),
                        kernel.modules());
        assertEquals(new SparseReport(Outcome.CLEAN, 2, List.of()), check(without));
    }

    @Test
    void theSparseOfTheToolsUnderstandsTheNewerKernels() throws Exception {
        for (String id : List.of("debian-7.2", "debian-7.3")) {
            Kernel newer = NewerKernel.require(store, id);
            assertEquals(new SparseReport(Outcome.CLEAN, 2, List.of()), check(newer), id);
        }
    }

    private SparseReport check(Kernel which) throws Exception {
        StringBuffer said = new StringBuffer();
        SparseReport report =
                check.check(
                        BuildRequest.of(project, which),
                        line -> said.append(line).append('\n'),
                        NEVER);
        assertTrue(report.outcome() != Outcome.NOT_RUN, said.toString());
        return report;
    }

    private void put(String name, String text) throws Exception {
        Files.writeString(project.resolve(name), text);
    }
}
