/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.kmodscope.lab.DebugBench.assertAtLine;
import static org.kmodscope.lab.DebugBench.only;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.debug.Fault;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.splat.Splat;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

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

    private DebugBench bench;

    @BeforeEach
    void kernelIsThere() throws Exception {
        Optional<DebugBench> found = DebugBench.find(work, TargetSpec.Uml.KERNEL_ID);
        assumeTrue(found.isPresent(), "build it first: kmodscope kernels --fetch uml-debug");
        bench = found.get();
    }

    private DebugReport debug(String bug, DebugPlan.Depth depth) throws Exception {
        return bench.run(MODULE.replace("@BUG@", bug), depth);
    }

    @Test
    void aFileArrivesAsItIsAndADiskIsThere() throws Exception {
        Path file = Files.write(work.resolve("all"), allBytes());
        try (TargetSession session = bench.open()) {
            assertEquals(TargetInfo.Acceleration.UML, session.info().acceleration());
            session.put(file, "/tmp/all", 0600);
            String sum = said(session, "sha256sum", "/tmp/all");
            String here =
                    HostCommand.of("sha256sum", file.toString()).capture(MONITOR).out().strip();
            assertEquals(here.substring(0, 64), sum.substring(0, 64));
            // For O_DIRECT, which a root in memory has not.
            assertTrue(said(session, "mount").contains(" on /mnt/disk type ext4 (ro"));
        }
    }

    private static String said(TargetSession session, String... argv) throws Exception {
        StringBuilder said = new StringBuilder();
        OutputLines out = new OutputLines(said::append, said::append);
        try (RemoteCommand command = session.start(List.of(argv), out)) {
            assertEquals(0, command.waitFor(MONITOR));
        }
        return said.toString();
    }

    /** Looked at from outside, by way of the kernel's own process. */
    @Test
    void theKernelHasNoNetworkAndNoFilesOfThisMachine() throws Exception {
        Path here = Path.of("/proc/self");
        Path secret = Files.writeString(work.resolve("secret"), "of this machine");
        try (TargetSession session = bench.open()) {
            Optional<String> note = session.info().note();
            assumeTrue(note.isEmpty(), note::toString);
            Path kernel = kernelProcess();
            for (String namespace : List.of("net", "pid", "mnt", "ipc", "user")) {
                Path of = Path.of("ns", namespace);
                assertNotEquals(
                        Files.readSymbolicLink(here.resolve(of)),
                        Files.readSymbolicLink(kernel.resolve(of)));
            }
            // Two lines of heading, and the loopback device.
            assertEquals(3, Files.readAllLines(kernel.resolve("net/dev")).size());
            Path root = kernel.resolve("root");
            for (Path file : List.of(secret, Path.of("/etc/passwd"), Path.of("/usr/bin"))) {
                assertTrue(Files.exists(file), file::toString);
                assertFalse(Files.exists(root.resolve(file.toString().substring(1))));
            }
        }
    }

    /** Its place in /proc; the process is the one that runs the program of the debug kernel. */
    private static Path kernelProcess() {
        return ProcessHandle.current()
                .descendants()
                .map(process -> Path.of("/proc", Long.toString(process.pid())))
                .filter(DebugLabTest::runsTheKernel)
                .findFirst()
                .orElseThrow();
    }

    private static boolean runsTheKernel(Path process) {
        try {
            String program = Files.readString(process.resolve("cmdline")).split("\0")[0];
            return program.endsWith("/linux");
        } catch (IOException ended) {
            return false;
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
        Finding finding = only(report, Splat.Kind.KASAN);
        assertAtLine(LINE_OF_BUG, finding);
        List<String> folded = finding.folded();
        String call = "  bug\\+0x[0-9a-f]+ \\[seeded\\]    seeded.c:" + LINE_OF_BUG;
        assertTrue(folded.stream().anyMatch(line -> line.matches(call)), folded::toString);
        assertTrue(folded.stream().noneMatch(line -> line.contains("load_module")));
    }

    @Test
    void aPanicIsAFindingAndNoFailure() throws Exception {
        DebugReport report = debug("kfree(p); BUG();", DebugPlan.Depth.PROBES);
        Finding panic = only(report, Splat.Kind.FATAL);
        assertTrue(panic.splat().title().contains("BUG"), panic::toString);
        assertAtLine(LINE_OF_BUG, panic);
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
