/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.results;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kmodscope.core.matrix.MatrixCell;
import org.kmodscope.core.matrix.MatrixListener;
import org.kmodscope.core.matrix.MatrixReport;
import org.kmodscope.core.matrix.MatrixRow;
import org.kmodscope.core.matrix.MatrixStep;
import org.kmodscope.core.matrix.MatrixVerdict;
import org.kmodscope.ide.results.RunRecord.Trouble;

/** A run on all kernels: what it came to, or how far it is. Safe to use from several threads. */
public final class MatrixBoard implements HistoryEntry, MatrixListener {

    private final String project;
    private final Path logs;
    private final Instant started;
    private final Runnable changed;
    private final Map<String, Map<MatrixStep, Square>> squares = new LinkedHashMap<>();
    private Optional<MatrixReport> report = Optional.empty();
    private Optional<Trouble> trouble = Optional.empty();

    /** A square of the table. */
    public sealed interface Square {

        /** Its turn has not come; when the run is over, it never will. */
        record Waiting() implements Square {}

        /**
         * It is being done.
         *
         * @param what what exactly, in a few words; may be empty
         */
        record Running(String what) implements Square {}

        /** It is done. */
        record Done(MatrixCell cell) implements Square {}
    }

    /**
     * One that nothing has happened on.
     *
     * @param project its name
     * @param directory where its files are
     * @param kernels their ids, in the order of the table
     * @param changed called after each change, on threads of the run
     */
    public MatrixBoard(
            String project,
            Path directory,
            Instant started,
            List<String> kernels,
            Runnable changed) {
        this.project = project;
        this.logs = directory.resolve("build").resolve("matrix");
        this.started = started;
        this.changed = changed;
        kernels.forEach(id -> squares.put(id, new EnumMap<>(MatrixStep.class)));
    }

    @Override
    public String project() {
        return project;
    }

    @Override
    public String title() {
        return "all kernels";
    }

    @Override
    public Instant started() {
        return started;
    }

    /** The kernels, in the order of the table. */
    public synchronized List<String> kernels() {
        return List.copyOf(squares.keySet());
    }

    /** One square. */
    public synchronized Square square(String kernelId, MatrixStep step) {
        Map<MatrixStep, Square> row = squares.getOrDefault(kernelId, Map.of());
        return row.getOrDefault(step, new Square.Waiting());
    }

    /** The whole, once it is there. */
    public synchronized Optional<MatrixReport> report() {
        return report;
    }

    /** Why it is not complete. */
    public synchronized Optional<Trouble> trouble() {
        return trouble;
    }

    /** Whether it still runs. */
    public synchronized boolean running() {
        return report.isEmpty() && trouble.isEmpty();
    }

    /** What stands above the table, such as {@code 1 of 5 kernels needs attention}. */
    public synchronized String headline() {
        long bad =
                squares.values().stream()
                        .filter(row -> row.values().stream().anyMatch(MatrixBoard::bad))
                        .count();
        String all = squares.size() + (squares.size() == 1 ? " kernel" : " kernels");
        if (bad > 0) {
            return bad + " of " + all + (bad == 1 ? " needs" : " need") + " attention";
        }
        if (running()) {
            return "Running on " + all;
        }
        return trouble.isPresent() ? "Not complete" : "All " + all + " passed";
    }

    private static boolean bad(Square square) {
        return square instanceof Square.Done done
                && done.cell().verdict().compareTo(MatrixVerdict.MISSING) >= 0;
    }

    /** The file that says most about a square; empty when it was not written. Asks the disk. */
    public Optional<Path> log(String kernelId, MatrixStep step) {
        Path directory =
                report().flatMap(
                                whole ->
                                        whole.rows().stream()
                                                .filter(row -> row.kernelId().equals(kernelId))
                                                .map(MatrixRow::logs)
                                                .findFirst())
                        .orElse(logs.resolve(kernelId));
        List<String> names =
                switch (step) {
                    case KERNEL, BUILD, WARNINGS -> List.of("build.log");
                    case SPARSE -> List.of("sparse.log", "build.log");
                    case PROBES -> failedProbe(kernelId);
                    case BOOT, LOAD, UNLOAD, SPLATS -> List.of("console.log", "kernel.log");
                };
        return names.stream().map(directory::resolve).filter(Files::isRegularFile).findFirst();
    }

    /** The log of the first probe that failed, else that of the first. */
    private List<String> failedProbe(String kernelId) {
        return report().stream()
                .flatMap(whole -> whole.rows().stream())
                .filter(row -> row.kernelId().equals(kernelId))
                .flatMap(row -> row.probes().stream())
                .sorted(
                        (one, other) ->
                                Boolean.compare(one.report().passed(), other.report().passed()))
                .map(one -> "probe-" + one.report().name() + "-" + one.round() + ".log")
                .toList();
    }

    /** Takes the result. */
    public void done(MatrixReport result) {
        synchronized (this) {
            report = Optional.of(result);
        }
        changed.run();
    }

    /** Takes why there is none. */
    public void failed(Trouble reason) {
        synchronized (this) {
            trouble = Optional.of(reason);
        }
        changed.run();
    }

    @Override
    public void started(String kernelId, MatrixStep step) {
        put(kernelId, step, new Square.Running(""));
    }

    @Override
    public void progress(String kernelId, String what) {
        synchronized (this) {
            Map<MatrixStep, Square> row = squares.getOrDefault(kernelId, Map.of());
            row.replaceAll(
                    (step, square) ->
                            square instanceof Square.Running ? new Square.Running(what) : square);
        }
        changed.run();
    }

    @Override
    public void ended(String kernelId, MatrixStep step, MatrixCell cell) {
        put(kernelId, step, new Square.Done(cell));
    }

    @Override
    public void ended(MatrixRow row) {
        row.cells().forEach((step, cell) -> ended(row.kernelId(), step, cell));
    }

    private void put(String kernelId, MatrixStep step, Square square) {
        synchronized (this) {
            squares.computeIfAbsent(kernelId, id -> new EnumMap<>(MatrixStep.class))
                    .put(step, square);
        }
        changed.run();
    }
}
