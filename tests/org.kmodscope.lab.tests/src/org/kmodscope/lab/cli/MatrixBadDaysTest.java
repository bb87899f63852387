/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One kernel's lab dies, another one's build fails: what becomes of the rest of the matrix. */
@Timeout(600)
class MatrixBadDaysTest {

    private static final String NAME = "moodyfifo";

    /** Stands in for the driver's own init function. */
    private static final String INIT =
            """
            static int __init moody_init(void)
            {
            #if LINUX_VERSION_CODE < KERNEL_VERSION(6, 0, 0)
            #error "this driver is not for old kernels"
            #endif
            	if (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0))
            		panic("this driver is not for new kernels");
            	return %1$s_init();
            }
            module_init(moody_init);
            """;

    @TempDir Path place;

    @Test
    void theOthersGoOnAndTheTableSaysIt() throws Exception {
        Path project = place.resolve("driver");
        Kmodscope.run(
                        "new",
                        project.toString(),
                        "--name",
                        NAME,
                        "--features",
                        "fasync,poll,aio=none",
                        "--probes",
                        "signal")
                .expect(0);
        makeMoody(project);
        Path markdown = place.resolve("matrix.md");
        Kmodscope.Ended ended =
                Kmodscope.run(
                                "matrix",
                                project.toString(),
                                "--kernels",
                                "debian-5.10,debian-6.12,debian-6.1",
                                "--markdown",
                                markdown.toString())
                        .expect(1);
        assertRow(ended, "debian-5.10", "1 error");
        assertRow(ended, "debian-6.12", " panic ");
        assertRow(ended, "debian-6.1", " ok ");
        String told = Files.readString(markdown);
        assertTrue(told.contains("this driver is not for old kernels"), told);
        assertTrue(told.contains("this driver is not for new kernels"), told);
    }

    private static void assertRow(Kmodscope.Ended ended, String kernel, String word) {
        List<String> rows =
                ended.out().stream().filter(line -> line.startsWith(kernel + " ")).toList();
        assertTrue(rows.size() == 1 && rows.getFirst().contains(word), ended::toString);
    }

    private static void makeMoody(Path project) throws Exception {
        String end = "module_init(" + NAME + "_init);\n";
        try (var files = Files.list(project)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".c")).toList()) {
                String source = Files.readString(file);
                if (source.contains(end)) {
                    Files.writeString(
                            file,
                            "#include <linux/version.h>\n"
                                    + source.replace(end, INIT.formatted(NAME)));
                    return;
                }
            }
        }
        throw new AssertionError("no " + end);
    }
}
