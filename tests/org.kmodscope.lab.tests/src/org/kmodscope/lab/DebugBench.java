/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.debug.DebugRun;
import org.kmodscope.core.debug.Finding;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.splat.Splat;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.core.target.Targets;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;
import org.kmodscope.targets.UmlTarget;

/** A module with a seeded bug, and the debug lab that it is run in. */
final class DebugBench {

    private static final NullProgressMonitor MONITOR = new NullProgressMonitor();

    private final Path work;
    private final TargetSpec lab;
    private final Kernel kernel;
    private final Target target;

    private DebugBench(Path work, TargetSpec lab, Kernel kernel, Target target) {
        this.work = work;
        this.lab = lab;
        this.kernel = kernel;
        this.target = target;
    }

    /**
     * A bench, where the kernel of the lab is here: tests never build one.
     *
     * @param work where modules are built
     */
    static Optional<DebugBench> find(Path work, String kernelId) throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        KernelStore kernels = new DebianKernelStore(cache, System.getenv());
        Target target =
                new Targets(
                        List.of(
                                new QemuTarget(cache, kernels, Optional.empty()),
                                new UmlTarget(cache, kernels, Optional.empty())));
        return kernels.find(kernelId)
                .map(
                        kernel ->
                                new DebugBench(
                                        work, TargetSpec.lab(kernelId, false), kernel, target));
    }

    /** A lab with nothing in it. */
    TargetSession open() throws Exception {
        return target.open(lab, MONITOR);
    }

    /** A debug run of {@code seeded.c}, which has this text. */
    DebugReport run(String source, DebugPlan.Depth depth) throws Exception {
        DebugPlan plan =
                new DebugPlan(
                        work,
                        "seeded",
                        "/dev/null",
                        "",
                        build(source),
                        new LinkedHashMap<>(),
                        depth,
                        OptionalLong.empty());
        return new DebugRun(target, lab).run(plan, new Deaf(), MONITOR);
    }

    private Path build(String source) throws Exception {
        Files.writeString(work.resolve("seeded.c"), source);
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

    /** The one thing that was found. */
    static Finding only(DebugReport report, Splat.Kind kind) {
        assertEquals(
                List.of(kind),
                report.findings().stream().map(each -> each.splat().kind()).toList(),
                report::toString);
        return report.findings().getFirst();
    }

    static void assertAtLine(int line, Finding finding) {
        assertEquals("seeded.c", finding.diagnostic().file(), finding::toString);
        assertEquals(line, finding.diagnostic().line(), finding::toString);
    }
}
