/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.SparseCheck;
import org.kmodscope.core.build.SparseReport;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.lab.Deaf;
import org.kmodscope.lab.proof.Candidates.Candidate;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;

/**
 * Each choice of features, on each kernel: builds at W=1 without a word, is clean under sparse,
 * loads, passes all probes that come with it, unloads, and all that again; the kernel has nothing
 * to say. One boot carries all choices.
 *
 * <p>{@code -Dkmodscope.proof.kernels=ID,…} names the kernels, one if not. {@link Candidates} says
 * which choices; those beyond a covering set are built and not loaded.
 */
@Tag("proof")
@Timeout(43_200)
class KernelProofTest {

    private static final String KERNELS =
            System.getProperty("kmodscope.proof.kernels", "debian-6.1");
    private static final int BUILDS_AT_ONCE = 2;

    private static final List<String> COLUMNS =
            List.of(
                    "choices",
                    "built",
                    "sparse clean",
                    "faults",
                    "loads",
                    "probe runs",
                    "tests",
                    "skips",
                    "splats");
    private static final ProofTable TABLE = new ProofTable("kernel × check", COLUMNS);
    private static final ProofTable CHOICES =
            new ProofTable(
                    "kernel × choice × check",
                    List.of("built", "sparse clean", "loads", "probe runs", "tests", "skips"));

    @TempDir Path work;

    static Stream<String> kernels() {
        return Stream.of(KERNELS.split(","));
    }

    @AfterAll
    static void tell() throws Exception {
        CHOICES.write("choices");
        TABLE.write("kernels");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyChoiceIsRightOn(String kernelId) throws Exception {
        CacheDirectory cache = CacheDirectory.of(System.getenv());
        KernelStore kernels = new DebianKernelStore(cache, System.getenv());
        Kernel kernel = kernels.require(kernelId, new NullProgressMonitor());
        Candidates candidates = new Candidates();
        List<Candidate> all = candidates.all();
        assertFalse(all.isEmpty());
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger compiled = new AtomicInteger();
        AtomicInteger clean = new AtomicInteger();
        List<Built> built = build(candidates, all, kernel, compiled, clean, faults);
        TABLE.set(kernelId, "choices", all.size());
        TABLE.set(kernelId, "built", compiled.get());
        TABLE.set(kernelId, "sparse clean", clean.get());
        TABLE.set(kernelId, "faults", faults.size());
        try (TargetSession session =
                        new QemuTarget(cache, kernels, Optional.empty())
                                .open(new TargetSpec.Qemu(kernelId), new NullProgressMonitor());
                KernelLog log = new KernelLog(session)) {
            Tally tally = new Tally(kernelId, session, log, new ProbeShelf(cache), faults);
            log.complaints("begin");
            for (Built one : built) {
                tally.prove(one, 1);
                tally.prove(one, 2);
            }
            tally.tell();
            TABLE.set(kernelId, "faults", faults.size());
        }
        assertEquals(List.of(), faults);
    }

    private record Built(
            Candidate candidate, Path project, String name, String node, Path module) {}

    /** What of all is to be loaded. */
    private List<Built> build(
            Candidates candidates,
            List<Candidate> all,
            Kernel kernel,
            AtomicInteger compiled,
            AtomicInteger clean,
            List<String> faults)
            throws Exception {
        List<Future<Optional<Built>>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(BUILDS_AT_ONCE)) {
            for (Candidate one : all) {
                running.add(
                        pool.submit(() -> build(candidates, one, kernel, compiled, clean, faults)));
            }
        }
        List<Built> built = new ArrayList<>();
        for (Future<Optional<Built>> one : running) {
            one.get().ifPresent(built::add);
        }
        return built;
    }

    private Optional<Built> build(
            Candidates candidates,
            Candidate one,
            Kernel kernel,
            AtomicInteger compiled,
            AtomicInteger clean,
            List<String> faults)
            throws Exception {
        String name = one.name(9);
        String row = kernel.id() + ", " + one;
        Path place = work.resolve(kernel.id()).resolve(name);
        // A cache of its own, so that what nobody needs any more can go with it.
        CacheDirectory cache = CacheDirectory.at(place.resolve("cache"));
        Path project = place.resolve(name);
        String node = candidates.node(one, name);
        candidates.render(one, name).writeTo(project);
        BuildResult result =
                new ModuleBuild(cache)
                        .build(
                                BuildRequest.of(project, kernel),
                                line -> {},
                                new NullProgressMonitor());
        result.diagnostics().forEach(said -> faults.add(row + ": " + said));
        CHOICES.set(row, "built", result.module().isPresent() ? 1 : 0);
        if (result.module().isPresent()) {
            compiled.incrementAndGet();
            SparseReport sparse =
                    new SparseCheck(cache)
                            .check(
                                    BuildRequest.of(project, kernel),
                                    line -> {},
                                    new NullProgressMonitor());
            if (sparse.outcome() == SparseReport.Outcome.CLEAN) {
                clean.incrementAndGet();
            } else {
                faults.add(row + ": sparse: " + sparse);
            }
            CHOICES.set(
                    row,
                    "sparse clean",
                    sparse.outcome() == SparseReport.Outcome.CLEAN ? sparse.checked() : 0);
        }
        if (!one.covering()) {
            delete(place);
            return Optional.empty();
        }
        return result.module().map(module -> new Built(one, project, name, node, module));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Loads and probes, and counts. */
    private static final class Tally {

        private final String kernelId;
        private final TargetSession session;
        private final KernelLog log;
        private final ProbeShelf shelf;
        private final List<String> faults;
        private int loads;
        private int runs;
        private int tests;
        private int skips;
        private int splats;

        Tally(
                String kernelId,
                TargetSession session,
                KernelLog log,
                ProbeShelf shelf,
                List<String> faults) {
            this.kernelId = kernelId;
            this.session = session;
            this.log = log;
            this.shelf = shelf;
            this.faults = faults;
        }

        void prove(Built one, int round) throws Exception {
            String row = kernelId + ", " + one.candidate();
            String where = row + ", load " + round + ": ";
            int runsBefore = runs;
            int testsBefore = tests;
            int skipsBefore = skips;
            session.load(one.module(), List.of());
            loads++;
            for (ProbeSpec probe : ProbeSpec.ofProject(one.project())) {
                ProbeRun run =
                        new ProbeRun(
                                session, probe, one.node(), one.candidate().features().toString());
                ProbeReport report =
                        run.run(shelf.program(probe), new Deaf(), new NullProgressMonitor())
                                .report();
                runs++;
                tests += report.counts().total();
                if (!report.passed()) {
                    faults.add(where + report);
                }
                Skips passedOver = new Skips(one.candidate(), where + probe.name(), report);
                skips += passedOver.count();
                faults.addAll(passedOver.unexplained());
            }
            session.unload(one.name());
            List<String> complaints = log.complaints(one.name() + " " + round);
            splats += complaints.size();
            complaints.forEach(line -> faults.add(where + line));
            CHOICES.add(row, "loads", 1);
            CHOICES.add(row, "probe runs", runs - runsBefore);
            CHOICES.add(row, "tests", tests - testsBefore);
            CHOICES.add(row, "skips", skips - skipsBefore);
        }

        void tell() {
            TABLE.set(kernelId, "loads", loads);
            TABLE.set(kernelId, "probe runs", runs);
            TABLE.set(kernelId, "tests", tests);
            TABLE.set(kernelId, "skips", skips);
            TABLE.set(kernelId, "splats", splats);
        }
    }
}
