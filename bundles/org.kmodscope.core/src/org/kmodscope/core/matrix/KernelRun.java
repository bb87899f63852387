/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.build.Diagnostic.Severity;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.build.SparseReport;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/** Makes one row. Used once, by one thread. */
final class KernelRun {

    private static final Set<MatrixStep> IN_LAB = EnumSet.range(MatrixStep.BOOT, MatrixStep.SPLATS);

    private final Matrix.Workshop workshop;
    private final MatrixRequest request;
    private final DriverSpec driver;
    private final List<ProbeSpec> probes;
    private final String kernelId;
    private final RowMonitor monitor;
    private final RowLogs logs;
    private final Map<MatrixStep, MatrixCell> cells = new EnumMap<>(MatrixStep.class);
    private final List<MatrixRow.ProbeResult> results = new ArrayList<>();

    KernelRun(
            Matrix.Workshop workshop,
            MatrixRequest request,
            DriverSpec driver,
            List<ProbeSpec> probes,
            String kernelId,
            RowMonitor monitor) {
        this.workshop = workshop;
        this.request = request;
        this.driver = driver;
        this.probes = probes;
        this.kernelId = kernelId;
        this.monitor = monitor;
        this.logs = new RowLogs(request.logs(kernelId));
    }

    /**
     * Does it.
     *
     * @throws KmodscopeException when the logs, or that it passed, cannot be written; all else is
     *     in the row
     */
    MatrixRow examine() throws KmodscopeException, InterruptedException {
        long start = System.nanoTime();
        logs.clear();
        Optional<LabPasses.Identity> loaded = Optional.empty();
        Optional<Kernel> kernel = kernel();
        if (kernel.isPresent()) {
            Optional<Path> module = build(kernel.get());
            if (module.isPresent()) {
                // Before anything is loaded, since the sources may change meanwhile.
                loaded = Optional.of(LabPasses.of(request.project(), module.get()));
                sparse(kernel.get());
                inLab(kernel.get(), module.get());
            }
        }
        MatrixRow row =
                new MatrixRow(
                        kernelId,
                        cells,
                        results,
                        logs.directory(),
                        Duration.ofNanos(System.nanoTime() - start));
        if (loaded.isPresent() && passedInLab(row)) {
            workshop.passes().passed(loaded.get(), kernelId);
        }
        monitor.ended(row);
        return row;
    }

    /** Whether probes ran there and nothing was wrong, whatever compiler and sparse say. */
    private static boolean passedInLab(MatrixRow row) {
        return IN_LAB.stream().allMatch(step -> row.cell(step).verdict() == MatrixVerdict.PASSED);
    }

    private Optional<Kernel> kernel() throws InterruptedException {
        return step(
                MatrixStep.KERNEL,
                () -> {
                    Kernel kernel = workshop.kernels().require(kernelId, monitor);
                    return new Done<>(MatrixCell.passed(kernel.release()), Optional.of(kernel));
                });
    }

    private Optional<Path> build(Kernel kernel) throws InterruptedException {
        List<Diagnostic> warnings = new ArrayList<>();
        Optional<Path> module =
                step(
                        MatrixStep.BUILD,
                        () -> {
                            BuildRequest build = BuildRequest.of(request.project(), kernel);
                            BuildResult result =
                                    workshop.modules().build(build, line -> {}, monitor);
                            logs.write("build.log", result.diagnostics().stream());
                            result.diagnostics().stream()
                                    .filter(one -> one.severity() == Severity.WARNING)
                                    .filter(KernelRun::isOfTheDriver)
                                    .forEach(warnings::add);
                            List<String> errors = texts(result, Severity.ERROR);
                            MatrixCell cell =
                                    result.module().isPresent()
                                            ? MatrixCell.passed("ok")
                                            : MatrixCell.failed(
                                                    counted(errors.size(), "error"), errors);
                            return new Done<>(cell, result.module());
                        });
        if (module.isPresent()) {
            end(
                    MatrixStep.WARNINGS,
                    MatrixCell.count(warnings.stream().map(Diagnostic::toString).toList()));
        }
        return module;
    }

    private void sparse(Kernel kernel) throws InterruptedException {
        step(
                MatrixStep.SPARSE,
                () -> {
                    SparseReport report =
                            workshop.sparse()
                                    .check(
                                            BuildRequest.of(request.project(), kernel),
                                            line -> {},
                                            monitor);
                    logs.write("sparse.log", report.diagnostics().stream());
                    return new Done<>(sparse(report), Optional.of(report));
                });
    }

    private static MatrixCell sparse(SparseReport report) {
        List<String> said = report.diagnostics().stream().map(Diagnostic::toString).toList();
        return switch (report.outcome()) {
            case CLEAN, FOUND -> MatrixCell.count(said);
            case UNPARSED ->
                    MatrixCell.skipped("This sparse does not understand the kernel's headers.");
            case NOT_RUN ->
                    MatrixCell.failed("not run", List.of("Make ran sparse on no file at all."));
            case NOT_BUILT -> MatrixCell.failed("not built", said);
        };
    }

    /** Whether a message is about the driver and not about a header of the kernel. */
    private static boolean isOfTheDriver(Diagnostic one) {
        return !one.file().startsWith("/");
    }

    private static List<String> texts(BuildResult result, Severity severity) {
        return result.diagnostics().stream()
                .filter(one -> one.severity() == severity)
                .map(Diagnostic::toString)
                .toList();
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private void inLab(Kernel kernel, Path module) throws KmodscopeException, InterruptedException {
        Map<ProbeSpec, Path> programs = new LinkedHashMap<>();
        List<String> broken = new ArrayList<>();
        for (ProbeSpec probe : probes) {
            program(kernel, probe, broken).ifPresent(program -> programs.put(probe, program));
        }
        Optional<TargetSession> session =
                step(
                        MatrixStep.BOOT,
                        () ->
                                new Done<>(
                                        MatrixCell.passed("ok"),
                                        Optional.of(
                                                workshop.target()
                                                        .open(
                                                                TargetSpec.lab(kernelId, false),
                                                                monitor))));
        if (session.isEmpty()) {
            return;
        }
        try (LabRounds rounds = new LabRounds(session.get(), driver, logs, monitor)) {
            rounds.run(request.repeats(), module, programs, broken);
            results.addAll(rounds.results());
            rounds.cells().forEach(this::end);
        }
    }

    /** A probe's program; one that does not compile is a failure of the probes. */
    private Optional<Path> program(Kernel kernel, ProbeSpec probe, List<String> broken)
            throws InterruptedException {
        try {
            ProbeProgram built =
                    workshop.probes().build(probe, kernel.cross(), line -> {}, monitor);
            if (built.program().isEmpty()) {
                built.diagnostics().stream()
                        .filter(one -> one.severity() == Severity.ERROR)
                        .forEach(one -> broken.add(one.toString()));
            }
            return built.program();
        } catch (KmodscopeException failure) {
            broken.add(probe.name() + ": " + failure.getMessage());
            return Optional.empty();
        }
    }

    private <T> Optional<T> step(MatrixStep step, Body<T> body) throws InterruptedException {
        long start = System.nanoTime();
        monitor.started(step);
        Done<T> done;
        try {
            done = body.run();
        } catch (KmodscopeException failure) {
            done = new Done<>(failed(failure), Optional.empty());
        }
        end(step, done.cell.took(Duration.ofNanos(System.nanoTime() - start)));
        return done.product;
    }

    private void end(MatrixStep step, MatrixCell cell) {
        cells.put(step, cell);
        monitor.ended(step, cell);
    }

    /** A failure as a cell. */
    static MatrixCell failed(KmodscopeException failure) {
        MatrixVerdict verdict = MatrixVerdict.of(failure.kind());
        String word =
                switch (verdict) {
                    case MISSING -> "missing";
                    case BROKEN -> "lab broke";
                    case PASSED, SKIPPED, FAILED -> "failed";
                };
        List<String> details =
                Stream.of(String.valueOf(failure.getMessage()), failure.remedy())
                        .filter(text -> !text.isEmpty())
                        .toList();
        return new MatrixCell(verdict, word, Duration.ZERO, details);
    }

    private record Done<T>(MatrixCell cell, Optional<T> product) {}

    @FunctionalInterface
    private interface Body<T> {

        Done<T> run() throws KmodscopeException, InterruptedException;
    }
}
