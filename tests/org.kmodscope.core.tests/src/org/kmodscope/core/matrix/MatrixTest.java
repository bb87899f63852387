/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.SparseCheck;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.SpecFile;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/** Who works when, what is said, and what happens when kernels cannot be had; no lab is booted. */
@Timeout(60)
class MatrixTest {

    @TempDir Path work;
    private Path project;

    @BeforeEach
    void project() throws Exception {
        project = Files.createDirectories(work.resolve("driver"));
        SpecFile.write(project, DriverSpec.named("fifo").build());
    }

    @Test
    void aKernelThatCannotBeHadIsARowAndTheOthersGoOn() throws Exception {
        Store store = new Store();
        MatrixReport report =
                matrix(store).run(request("a", "b"), new Heard(), new NullProgressMonitor());
        assertEquals(MatrixVerdict.MISSING, report.verdict());
        assertEquals(MatrixVerdict.SKIPPED, report.style().verdict());
        assertEquals(List.of("a", "b"), report.rows().stream().map(MatrixRow::kernelId).toList());
        MatrixCell kernel = report.rows().get(1).cell(MatrixStep.KERNEL);
        assertEquals("missing", kernel.text());
        assertEquals(List.of("There is no network for b.", "Plug it in."), kernel.details());
        MatrixCell build = report.rows().get(1).cell(MatrixStep.BUILD);
        assertEquals(MatrixVerdict.SKIPPED, build.verdict());
    }

    @Test
    void whatIsWrongWithTheRequestIsSaidBeforeAnythingStarts() {
        Heard heard = new Heard();
        KmodscopeException unknown =
                assertThrows(
                        KmodscopeException.class,
                        () ->
                                matrix(new Store())
                                        .run(
                                                request("a", "nobody"),
                                                heard,
                                                new NullProgressMonitor()));
        assertEquals(Kind.USAGE, unknown.kind());
        assertEquals(List.of(), heard.said);
    }

    @Test
    void asManyKernelsAtOnceAsTheMachineHolds() throws Exception {
        Store store = new Store();
        matrix(store)
                .run(
                        request("a", "b", "c", "d", "e"),
                        new Capacity(1, 100_000),
                        new Heard(),
                        new NullProgressMonitor());
        assertEquals(2, store.most.get());
    }

    @Test
    void cancellingEndsAllOfThemAtOnce() throws Exception {
        CountDownLatch reached = new CountDownLatch(2);
        Store store =
                new Store() {
                    @Override
                    public Kernel require(String id, IProgressMonitor monitor)
                            throws InterruptedException {
                        reached.countDown();
                        while (!monitor.isCanceled()) {
                            new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
                        }
                        throw new OperationCanceledException();
                    }
                };
        NullProgressMonitor monitor = new NullProgressMonitor();
        Heard heard = new Heard();
        Thread canceller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        reached.await();
                                        monitor.setCanceled(true);
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                });
        assertThrows(
                OperationCanceledException.class,
                () ->
                        matrix(store)
                                .run(
                                        request("a", "b", "c"),
                                        new Capacity(1, 9_999),
                                        heard,
                                        monitor));
        canceller.join();
        assertNoWorker();
    }

    @Test
    void interruptingEndsAllOfThemAtOnce() throws Exception {
        Thread self = Thread.currentThread();
        AtomicBoolean asked = new AtomicBoolean();
        Store store =
                new Store() {
                    @Override
                    public Kernel require(String id, IProgressMonitor monitor)
                            throws InterruptedException {
                        // Once: a second interrupt would meet whatever this thread does next.
                        if (!asked.getAndSet(true)) {
                            self.interrupt();
                        }
                        new CountDownLatch(1).await();
                        throw new AssertionError("nobody counts down");
                    }
                };
        assertThrows(
                InterruptedException.class,
                () -> matrix(store).run(request("a", "b"), new Heard(), new NullProgressMonitor()));
        assertNoWorker();
    }

    @Test
    void sharesHaveEachKernelOnce() {
        MatrixRequest whole = request("a", "b", "c", "d", "e");
        List<String> together = new ArrayList<>();
        for (int index = 1; index <= 3; index++) {
            together.addAll(whole.shard(index, 3).kernels());
        }
        assertEquals(List.of("a", "d", "b", "e", "c"), together);
        assertEquals(List.of(), whole.shard(7, 7).kernels());
        assertEquals(whole, whole.shard(1, 1));
        assertFalse(whole.shard(2, 2).style(), "the first one checks it");
        assertEquals(List.of("a"), request("a", "a").kernels());
        assertThrows(IllegalArgumentException.class, () -> whole.shard(0, 2));
    }

    @Test
    void nothingToDoIsASuccess() throws Exception {
        MatrixReport report =
                matrix(new Store()).run(request(), new Heard(), new NullProgressMonitor());
        assertEquals(MatrixVerdict.SKIPPED, report.verdict());
    }

    @Test
    void theDefaultIsDebiansKernelsThatCanBeHad() throws Exception {
        assertEquals(List.of("debian-1", "debian-2"), matrix(new Store()).defaultKernels());
    }

    @Test
    void logsStayInTheProjectWhateverAKernelIsCalled() {
        for (String id : List.of("../../etc", "/usr/src/linux", ".", "..", "a b")) {
            Path logs = request().logs(id).normalize();
            assertTrue(logs.startsWith(project.resolve("build/matrix")), logs.toString());
            assertFalse(logs.equals(project.resolve("build/matrix")), logs.toString());
        }
    }

    @Test
    void memoryAndCoresLimitTheLanes() {
        assertEquals(3, new Capacity(2, 20_000).lanes());
        assertEquals(2, new Capacity(8, 2_500).lanes());
        assertEquals(1, new Capacity(8, 100).lanes());
        assertTrue(Capacity.ofThisMachine().lanes() >= 1);
    }

    private MatrixRequest request(String... kernels) {
        return new MatrixRequest(project, List.of(kernels));
    }

    private Matrix matrix(Store store) {
        CacheDirectory cache = CacheDirectory.at(work.resolve("cache"));
        return new Matrix(
                store,
                new ModuleBuild(cache),
                new SparseCheck(cache),
                new ProbeBuild(cache),
                new NoTarget(),
                new NoStyle(),
                new LabPasses(cache));
    }

    private static void assertNoWorker() throws InterruptedException {
        for (Thread one : Thread.getAllStackTraces().keySet()) {
            if (one.getName().startsWith("kmodscope-matrix")) {
                // Its pool has terminated; the thread itself may need a moment more.
                assertTrue(one.join(Duration.ofSeconds(10)), one::toString);
            }
        }
    }

    /** Has no kernel, counts who asks at the same time. */
    private static class Store implements KernelStore {

        final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger now = new AtomicInteger();

        @Override
        public List<KernelEntry> list() {
            return List.of(
                    new KernelEntry("debian-1", "", KernelEntry.State.READY, 1),
                    new KernelEntry("debian-2", "", KernelEntry.State.AVAILABLE, 0),
                    new KernelEntry("debian-3", "", KernelEntry.State.NOT_YET, 0),
                    new KernelEntry("host", "", KernelEntry.State.READY, 1));
        }

        @Override
        public Optional<Kernel> find(String id) throws KmodscopeException {
            if (id.equals("nobody")) {
                throw new KmodscopeException(Kind.USAGE, "There is no kernel nobody.", "");
            }
            return Optional.empty();
        }

        @Override
        public Kernel require(String id, IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            // Long enough for another worker to come, if there is one.
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            now.decrementAndGet();
            throw new KmodscopeException(
                    Kind.MISSING, "There is no network for " + id + ".", "Plug it in.");
        }

        @Override
        public void add(Path directory) {}

        @Override
        public void remove(String id) {}
    }

    private static final class NoStyle implements CheckpatchSupply {

        @Override
        public Optional<Path> find() {
            return Optional.empty();
        }

        @Override
        public Path require(IProgressMonitor monitor) throws KmodscopeException {
            throw new KmodscopeException(Kind.MISSING, "There is no checkpatch.", "");
        }
    }

    private static final class NoTarget implements Target {

        @Override
        public boolean accepts(TargetSpec spec) {
            return true;
        }

        @Override
        public TargetSession open(TargetSpec spec, IProgressMonitor monitor) {
            throw new AssertionError("no lab is needed");
        }
    }

    private static final class Heard implements MatrixListener {

        final List<String> said = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void started(String kernelId, MatrixStep step) {
            said.add(kernelId + " " + step);
        }

        @Override
        public void ended(String kernelId, MatrixStep step, MatrixCell cell) {
            said.add(kernelId + " " + step + " " + cell.text());
        }
    }
}
