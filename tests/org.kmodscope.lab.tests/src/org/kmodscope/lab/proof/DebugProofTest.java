/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.debug.DebugRun;
import org.kmodscope.core.debug.IoctlNumber;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.lab.Deaf;
import org.kmodscope.lab.proof.Candidates.Candidate;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.UmlTarget;

/**
 * Each choice of features that covers all pairs, in the debug lab: all probes under KASAN, lockdep
 * and debug objects, a search for leaks while it is loaded and after, and a walk through every
 * allocation that can fail. Each has labs of its own: lockdep says nothing after its first report.
 */
@Tag("proof-debug")
@Timeout(900)
class DebugProofTest {

    private static final ProofTable TABLE =
            new ProofTable(
                    "debug kernel × choice × check",
                    List.of("probe runs", "tests", "skips", "reports", "faults made", "unclean"));

    @TempDir Path work;

    @BeforeAll
    static void thereIsADebugKernel() throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        assumeTrue(
                new DebianKernelStore(cache, System.getenv())
                        .find(TargetSpec.Uml.KERNEL_ID)
                        .isPresent(),
                "debug kernel is not built; ./kmodscope kernels --fetch uml-debug");
    }

    @AfterAll
    static void tell() throws Exception {
        TABLE.write("debug");
    }

    static Stream<Candidate> choices() throws Exception {
        return new Candidates().all().stream().filter(Candidate::covering);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("choices")
    void nothingIsFound(Candidate one) throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        DebianKernelStore kernels = new DebianKernelStore(cache, System.getenv());
        String name = one.name(9);
        Path project = work.resolve(name);
        new Candidates().render(one, name).writeTo(project);
        DebugPlan plan =
                new DebugPlan(
                        project,
                        name,
                        new Candidates().node(one, name),
                        one.features().toString(),
                        module(project, kernels.find(TargetSpec.Uml.KERNEL_ID).orElseThrow()),
                        programs(cache, project),
                        DebugPlan.Depth.ALL,
                        IoctlNumber.first(project));
        DebugReport report =
                new DebugRun(new UmlTarget(cache, kernels, Optional.empty()), new TargetSpec.Uml())
                        .run(plan, new Deaf(), new NullProgressMonitor());
        List<String> faults = new ArrayList<>();
        for (ProbeRun.Result result : report.probes()) {
            String where = TargetSpec.Uml.KERNEL_ID + ", " + one + ", " + result.report().name();
            Skips skips = new Skips(one, where, result.report());
            TABLE.add(one.toString(), "skips", skips.count());
            TABLE.add(one.toString(), "tests", result.report().counts().total());
            faults.addAll(skips.unexplained());
            if (!result.report().passed()) {
                faults.add(where + ": " + result.report());
            }
        }
        report.findings().forEach(found -> faults.add(found + "\n" + found.splat().text()));
        report.unclean().forEach(fault -> faults.add(fault.toString()));
        TABLE.set(one.toString(), "probe runs", report.probes().size());
        TABLE.set(one.toString(), "reports", report.findings().size());
        TABLE.set(one.toString(), "faults made", report.faults().size());
        TABLE.set(one.toString(), "unclean", report.unclean().size());
        assertEquals(List.of(), faults);
        assertTrue(report.passed());
    }

    private Path module(Path project, Kernel kernel) throws Exception {
        BuildResult built =
                new ModuleBuild(CacheDirectory.at(work.resolve("cache")))
                        .build(
                                BuildRequest.of(project, kernel).withDebugInfo(),
                                line -> {},
                                new NullProgressMonitor());
        assertEquals(List.of(), built.diagnostics());
        return built.module().orElseThrow();
    }

    private static SequencedMap<ProbeSpec, Path> programs(CacheDirectory cache, Path project)
            throws Exception {
        ProbeShelf shelf = new ProbeShelf(cache);
        SequencedMap<ProbeSpec, Path> programs = new LinkedHashMap<>();
        for (ProbeSpec probe : ProbeSpec.ofProject(project)) {
            programs.put(probe, shelf.program(probe));
        }
        return programs;
    }
}
