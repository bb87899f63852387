/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.debug.DebugRun;
import org.kmodscope.core.debug.Fault;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.splat.Splat;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.UmlTarget;

/**
 * The debug lab. Not run where its kernel was not built: that takes longer than all other tests.
 */
@Timeout(600)
class DebugLabTest {

    private static final NullProgressMonitor MONITOR = new NullProgressMonitor();

    private static final String MODULE =
            """
            // SPDX-License-Identifier: GPL-2.0
            #include <linux/module.h>
            #include <linux/slab.h>

            static noinline void bug(void)
            {
            	char *p = kmalloc(40, GFP_KERNEL);

            	@BUG@
            }

            static int __init seeded_init(void)
            {
            	bug();
            	return 0;
            }
            module_init(seeded_init);

            static void __exit seeded_exit(void)
            {
            }
            module_exit(seeded_exit);

            MODULE_DESCRIPTION("A module with a seeded bug");
            MODULE_LICENSE("GPL");
            """;

    private static final int LINE_OF_BUG = 9;

    @TempDir Path work;

    private final CacheDirectory cache = cache();
    private Kernel kernel;

    private static CacheDirectory cache() {
        try {
            return CacheDirectory.of(System.getenv());
        } catch (KmodscopeException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void kernelIsThere() throws Exception {
        Optional<Kernel> found = new DebianKernelStore(cache).find(TargetSpec.Uml.KERNEL_ID);
        assumeTrue(found.isPresent(), "build it first: kmodscope kernels --fetch uml-debug");
        kernel = found.get();
    }

    private UmlTarget target() {
        return new UmlTarget(cache, new DebianKernelStore(cache), Optional.empty());
    }

    private Path build(String bug) throws Exception {
        Files.writeString(work.resolve("seeded.c"), MODULE.replace("@BUG@", bug));
        Files.writeString(work.resolve("Makefile"), "obj-m := seeded.o\n");
        Captured made =
                HostCommand.of(
                                "make",
                                "-C",
                                kernel.headers().toString(),
                                "M=" + work,
                                "KCFLAGS=-g",
                                "modules")
                        .merged()
                        .capture(MONITOR);
        assertEquals(0, made.exit(), made::words);
        return work.resolve("seeded.ko");
    }

    private DebugReport debug(String bug, DebugPlan.Depth depth) throws Exception {
        DebugPlan plan =
                new DebugPlan(
                        work,
                        "seeded",
                        "/dev/null",
                        "",
                        build(bug),
                        new LinkedHashMap<>(),
                        depth,
                        OptionalLong.empty());
        DebugRun.Listener deaf =
                new DebugRun.Listener() {
                    @Override
                    public void phase(String what) {}

                    @Override
                    public void found(Finding finding) {}

                    @Override
                    public void out(String line) {}

                    @Override
                    public void err(String line) {}
                };
        return new DebugRun(target(), new TargetSpec.Uml()).run(plan, deaf, MONITOR);
    }

    private static Finding only(DebugReport report, Splat.Kind kind) {
        assertEquals(
                List.of(kind),
                report.findings().stream().map(each -> each.splat().kind()).toList(),
                report::toString);
        return report.findings().getFirst();
    }

    private static void assertAtTheBug(Finding finding) {
        assertEquals("seeded.c", finding.diagnostic().file(), finding::toString);
        assertEquals(LINE_OF_BUG, finding.diagnostic().line(), finding::toString);
    }

    @Test
    void aFileArrivesAsItIsAndTheNoteIsTold() throws Exception {
        Path file = Files.write(work.resolve("all"), allBytes());
        try (TargetSession session = target().open(new TargetSpec.Uml(), MONITOR)) {
            assertEquals(TargetInfo.Acceleration.UML, session.info().acceleration());
            session.put(file, "/tmp/all", 0600);
            StringBuilder sum = new StringBuilder();
            OutputLines out = new OutputLines(sum::append, sum::append);
            try (RemoteCommand command = session.start(List.of("sha256sum", "/tmp/all"), out)) {
                assertEquals(0, command.waitFor(MONITOR));
            }
            String here =
                    HostCommand.of("sha256sum", file.toString()).capture(MONITOR).out().strip();
            assertEquals(here.substring(0, 64), sum.substring(0, 64));
        }
    }

    /** Every byte, the terminal's special ones among them, and more than any buffer on the way. */
    private static byte[] allBytes() {
        byte[] bytes = new byte[200_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        return bytes;
    }

    @Test
    void aUseAfterFreeIsAtItsLine() throws Exception {
        DebugReport report = debug("kfree(p); *(volatile char *)p = 1;", DebugPlan.Depth.PROBES);
        assertAtTheBug(only(report, Splat.Kind.KASAN));
    }

    @Test
    void aPanicIsAFindingAndNoFailure() throws Exception {
        DebugReport report = debug("kfree(p); BUG();", DebugPlan.Depth.PROBES);
        Finding panic = only(report, Splat.Kind.FATAL);
        assertTrue(panic.splat().title().contains("BUG"), panic::toString);
        assertAtTheBug(panic);
    }

    @Test
    void aLeakIsAtTheLineThatAllocatedAndAllThatCanFailIsWalkedThrough() throws Exception {
        DebugReport report =
                debug("if (p) *(volatile char *)p = 1; p = NULL;", DebugPlan.Depth.ALL);
        Finding leak = report.findings().getFirst();
        assertEquals(Splat.Kind.LEAK, leak.splat().kind(), report::toString);
        assertEquals(LINE_OF_BUG - 2, leak.diagnostic().line(), leak::toString);
        assertTrue(
                report.faults()
                        .contains(new Fault("insmod", Fault.Kind.SLAB, 1, Fault.Outcome.OK, 0)),
                report::toString);
        assertEquals(List.of(), report.unclean());
        assertFalse(report.passed());
    }

    @Test
    void anOwnerKilledBySigkillLeavesNoLab() throws Exception {
        Process owner = LabOwner.start(Optional.empty(), LabOwner.DEBUG);
        try (BufferedReader out = owner.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("up", out.readLine());
            LabOwner.kill(owner);
        } finally {
            owner.destroyForcibly();
        }
    }
}
