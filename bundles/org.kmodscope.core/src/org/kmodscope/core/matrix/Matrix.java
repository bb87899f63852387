/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.SparseCheck;
import org.kmodscope.core.check.Checkpatch;
import org.kmodscope.core.check.CheckpatchSupply;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.SpecFile;
import org.kmodscope.core.kernel.KernelEntry;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.Target;

/**
 * Examines a driver on several kernels at the same time: builds it, looks at it with sparse, loads
 * it in a lab, runs its probes and unloads it, loads and unloads it again, and collects what the
 * kernel complains about. Keeps nothing between runs but that the driver passed; safe to use from
 * several threads.
 */
public final class Matrix {

    private final Workshop workshop;

    private final CheckpatchSupply checkpatch;

    /**
     * With these parts.
     *
     * @param passes where it is remembered that the driver passed on a kernel
     */
    public Matrix(
            KernelStore kernels,
            ModuleBuild modules,
            SparseCheck sparse,
            ProbeBuild probes,
            Target target,
            CheckpatchSupply checkpatch,
            LabPasses passes) {
        this.workshop = new Workshop(kernels, modules, sparse, probes, target, passes);
        this.checkpatch = checkpatch;
    }

    /** What rows are made with. */
    record Workshop(
            KernelStore kernels,
            ModuleBuild modules,
            SparseCheck sparse,
            ProbeBuild probes,
            Target target,
            LabPasses passes) {}

    /** The kernels to examine when none are named: Debian's, as far as they can be had. */
    public List<String> defaultKernels() throws KmodscopeException {
        return workshop.kernels().list().stream()
                .filter(entry -> entry.id().matches("debian-[0-9.]+"))
                .filter(
                        entry ->
                                entry.state() == KernelEntry.State.READY
                                        || entry.state() == KernelEntry.State.AVAILABLE)
                .map(KernelEntry::id)
                .toList();
    }

    /**
     * Examines the driver on each kernel. What fails on a kernel is said in its row and keeps the
     * others from nothing. Blocks; when it returns or throws, all that it started is gone.
     *
     * @throws KmodscopeException USAGE, before anything is started, when this is no project or a
     *     kernel is unknown
     * @throws OperationCanceledException when the monitor was cancelled
     */
    public MatrixReport run(
            MatrixRequest request, MatrixListener listener, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return run(request, Capacity.ofThisMachine(), listener, monitor);
    }

    MatrixReport run(
            MatrixRequest request,
            Capacity capacity,
            MatrixListener listener,
            IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        DriverSpec driver = SpecFile.read(request.project());
        List<ProbeSpec> probes = ProbeSpec.ofProject(request.project());
        for (String id : request.kernels()) {
            workshop.kernels().find(id);
        }
        long start = System.nanoTime();
        RowMonitor.Whole whole = new RowMonitor.Whole(monitor, request.kernels().size(), listener);
        ExecutorService pool =
                Executors.newFixedThreadPool(
                        capacity.lanes(),
                        Thread.ofPlatform().name("kmodscope-matrix-", 1).factory());
        try {
            Future<MatrixCell> style = pool.submit(() -> style(request, listener, monitor));
            List<Future<MatrixRow>> running = new ArrayList<>();
            for (String id : request.kernels()) {
                KernelRun row =
                        new KernelRun(
                                workshop, request, driver, probes, id, new RowMonitor(whole, id));
                running.add(pool.submit(row::examine));
            }
            List<MatrixRow> rows = new ArrayList<>();
            for (Future<MatrixRow> row : running) {
                rows.add(await(row));
            }
            return new MatrixReport(
                    await(style), rows, Duration.ofNanos(System.nanoTime() - start));
        } finally {
            // Interrupts what still runs, which is nothing after a regular end, and waits for it.
            pool.shutdownNow();
            pool.close();
        }
    }

    /** The style is that of the project, whatever the kernel. */
    private MatrixCell style(
            MatrixRequest request, MatrixListener listener, IProgressMonitor monitor)
            throws InterruptedException {
        if (!request.style()) {
            return MatrixCell.skipped("Another machine checks it.");
        }
        Path project = request.project();
        long start = System.nanoTime();
        MatrixCell cell;
        try {
            // Two threads must not report to one monitor.
            IProgressMonitor own =
                    new NullProgressMonitor() {
                        @Override
                        public boolean isCanceled() {
                            return monitor.isCanceled();
                        }
                    };
            List<String> findings =
                    new Checkpatch(checkpatch.require(own))
                            .check(project, Checkpatch.filesOf(project), own).stream()
                                    .map(Diagnostic::toString)
                                    .toList();
            cell = MatrixCell.count(findings);
        } catch (KmodscopeException failure) {
            cell =
                    failure.kind() == KmodscopeException.Kind.MISSING
                            ? MatrixCell.skipped(String.valueOf(failure.getMessage()))
                            : KernelRun.failed(failure);
        }
        cell = cell.took(Duration.ofNanos(System.nanoTime() - start));
        listener.style(cell);
        return cell;
    }

    private static <T> T await(Future<T> part) throws KmodscopeException, InterruptedException {
        try {
            return part.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case KmodscopeException failure -> throw failure;
                case InterruptedException interrupted -> throw new OperationCanceledException();
                case RuntimeException defect -> throw defect;
                case Error defect -> throw defect;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
