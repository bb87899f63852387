/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSession;

/**
 * Loads, probes and unloads a driver in an open lab, and then loads and unloads it once more: what
 * a driver leaves behind shows when it comes back. Owns the session and one timer. Used by one
 * thread.
 */
final class LabRounds implements AutoCloseable {

    /** A driver whose init or exit function takes longer hangs, however busy the machine is. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long LAST_WORDS_SECONDS = 3;

    private final TargetSession session;
    private final DriverSpec driver;
    private final RowLogs logs;
    private final RowMonitor monitor;
    private final LabLog log;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("kmodscope-matrix-limit").daemon().factory());
    private final Map<MatrixStep, Duration> times = new EnumMap<>(MatrixStep.class);
    private final Map<MatrixStep, MatrixCell> cells = new EnumMap<>(MatrixStep.class);
    private final List<MatrixRow.ProbeResult> results = new ArrayList<>();
    private List<String> lastWords = List.of();
    private volatile boolean late;

    LabRounds(TargetSession session, DriverSpec driver, RowLogs logs, RowMonitor monitor) {
        this.session = session;
        this.driver = driver;
        this.logs = logs;
        this.monitor = monitor;
        this.log = new LabLog(session);
    }

    /**
     * Does it.
     *
     * @param repeats how often to run the probes, each time with the module loaded anew
     * @param programs the probes to run
     * @param broken what is wrong with those that could not be built
     */
    void run(int repeats, Path module, Map<ProbeSpec, Path> programs, List<String> broken)
            throws KmodscopeException, InterruptedException {
        boolean going = step(MatrixStep.LOAD, () -> log.mark("begin"));
        for (int round = 1; going && round <= repeats; round++) {
            going = load(module) && probes(round, programs) && unload();
        }
        if (going && load(module) && unload()) {
            step(MatrixStep.UNLOAD, () -> log.mark("end"));
        }
        if (!cells.containsKey(MatrixStep.PROBES) && times.containsKey(MatrixStep.PROBES)) {
            cells.put(MatrixStep.PROBES, ProbeTally.of(results, broken));
        }
        times.keySet().forEach(step -> cells.putIfAbsent(step, MatrixCell.passed("ok")));
        times.forEach((step, time) -> cells.computeIfPresent(step, (s, cell) -> cell.took(time)));
        List<String> complaints = new ArrayList<>(SplatScan.headlines(log.sinceFirstMark()));
        lastWords.stream().filter(line -> !complaints.contains(line)).forEach(complaints::add);
        cells.put(MatrixStep.SPLATS, MatrixCell.count(complaints));
        logs.write("kernel.log", log.all().stream());
    }

    /** What came of each step that was reached. */
    Map<MatrixStep, MatrixCell> cells() {
        return cells;
    }

    /** Each run of a probe. */
    List<MatrixRow.ProbeResult> results() {
        return results;
    }

    /** Ends the lab. */
    @Override
    public void close() {
        log.close();
        session.close();
        timer.shutdownNow();
    }

    private boolean load(Path module) throws KmodscopeException, InterruptedException {
        return step(MatrixStep.LOAD, () -> limited(() -> session.load(module, List.of())));
    }

    private boolean unload() throws KmodscopeException, InterruptedException {
        return step(MatrixStep.UNLOAD, () -> limited(() -> session.unload(driver.module())));
    }

    private boolean probes(int round, Map<ProbeSpec, Path> programs)
            throws KmodscopeException, InterruptedException {
        return step(
                MatrixStep.PROBES,
                () -> {
                    for (Map.Entry<ProbeSpec, Path> one : programs.entrySet()) {
                        monitor.subTask(one.getKey().name());
                        probe(round, one.getKey(), one.getValue());
                    }
                });
    }

    private void probe(int round, ProbeSpec spec, Path program)
            throws KmodscopeException, InterruptedException {
        ProbeRun run = new ProbeRun(session, spec, driver.node(), driver.features().toString());
        Said said = new Said();
        try {
            ProbeRun.Result result = run.run(program, said, monitor);
            results.add(new MatrixRow.ProbeResult(round, result.report(), result.elapsed()));
        } finally {
            logs.write("probe-" + spec.name() + "-" + round + ".log", said.lines.stream());
        }
    }

    /** Does a part of a step; false when it failed, which then is the step's result. */
    private boolean step(MatrixStep step, Body body)
            throws KmodscopeException, InterruptedException {
        long start = System.nanoTime();
        if (!times.containsKey(step) || step == MatrixStep.PROBES) {
            monitor.started(step);
        }
        try {
            body.run();
            return true;
        } catch (KmodscopeException failure) {
            cells.put(step, failed(failure));
            return false;
        } finally {
            times.merge(step, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
        }
    }

    /** Nothing but the end of the lab wakes who waits for a driver that hangs. */
    private void limited(Body body) throws KmodscopeException, InterruptedException {
        ScheduledFuture<?> end =
                timer.schedule(
                        () -> {
                            late = true;
                            session.close();
                        },
                        LIMIT.toSeconds(),
                        TimeUnit.SECONDS);
        try {
            body.run();
        } finally {
            end.cancel(false);
        }
    }

    private MatrixCell failed(KmodscopeException failure)
            throws KmodscopeException, InterruptedException {
        if (late) {
            return MatrixCell.failed(
                    "hangs", List.of("It did not return in " + LIMIT.toSeconds() + " s."));
        }
        if (failure.kind() != Kind.LAB) {
            return KernelRun.failed(failure);
        }
        try {
            TargetEnd end =
                    session.ended().toCompletableFuture().get(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
            return switch (end) {
                case TargetEnd.Closed closed -> KernelRun.failed(failure);
                case TargetEnd.Panicked panic -> panicked(panic);
                case TargetEnd.Vanished vanished -> {
                    logs.write("console.log", vanished.log().lines());
                    yield KernelRun.failed(failure);
                }
            };
        } catch (TimeoutException alive) {
            return KernelRun.failed(failure);
        } catch (ExecutionException unknown) {
            throw new IllegalStateException(unknown);
        }
    }

    /** A kernel that dies of the driver is the driver's failure, not the lab's. */
    private MatrixCell panicked(TargetEnd.Panicked panic) throws KmodscopeException {
        logs.write("console.log", panic.log().lines());
        List<String> lines =
                panic.log()
                        .lines()
                        .map(line -> line.replaceFirst("^\\[ *[0-9.]+\\] ", ""))
                        .toList();
        List<String> headlines = SplatScan.headlines(lines);
        lastWords = headlines.isEmpty() ? List.of(panic.reason()) : headlines;
        return MatrixCell.failed("panic", List.of("The kernel panicked: " + panic.reason()));
    }

    @FunctionalInterface
    private interface Body {

        void run() throws KmodscopeException, InterruptedException;
    }

    /** All that a probe prints, for the log; its report has what matters. */
    private static final class Said implements ProbeRun.Listener {

        private final List<String> lines = new ArrayList<>();

        @Override
        public synchronized void out(String line) {
            lines.add(line);
        }

        @Override
        public synchronized void err(String line) {
            lines.add("stderr: " + line);
        }
    }
}
