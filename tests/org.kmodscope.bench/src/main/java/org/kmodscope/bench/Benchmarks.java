/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.bench.Pairs.Sample;
import org.kmodscope.bench.SignalRuns.Load;
import org.kmodscope.bridge.Bridge;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.IoModel.Direction;

/**
 * What is measured, and the budgets of it.
 *
 * @param size how much of it
 * @param directory for what a run needs; on a disk
 * @param progress told in a few words what is being measured
 */
record Benchmarks(Size size, Path directory, Consumer<String> progress) {

    /**
     * How much is measured.
     *
     * @param pairs runs of each side
     * @param events of a run as fast as it goes
     * @param latencySeconds of a run at a steady rate
     * @param fileMebibytes to read
     * @param modelSeconds of steady load
     * @param rounds of what is measured without C
     */
    record Size(
            int pairs,
            int events,
            int latencySeconds,
            int fileMebibytes,
            int modelSeconds,
            int rounds) {

        static final Size FULL = new Size(7, 300_000, 3, 128, 20, 10);
        static final Size QUICK = new Size(3, 30_000, 1, 16, 2, 3);
    }

    /** Measured in a prototype, which was worth 30 % more or less. */
    private static final double RING_NANOS = 2.5 * 1.3;

    private static final double MODEL_MEBIBYTES = 64;

    /** Measures all of it, one after the other. */
    List<Row> run() throws KmodscopeException, InterruptedException {
        Bridge bridge = Bridge.open();
        progress.accept("compiling the C programs");
        Peers peers = Peers.compile(directory);
        List<Row> rows = new ArrayList<>();
        signals(new SignalRuns(bridge, peers, directory), rows);
        transfers(bridge, peers, rows);
        forked(rows);
        model(rows);
        losses(new LossRuns(bridge, peers, directory), rows);
        return rows;
    }

    private void signals(SignalRuns runs, List<Row> rows)
            throws KmodscopeException, InterruptedException {
        Load full = new Load(size.events(), 0, false);
        for (String how : List.of("signalfd", "sigwaitinfo")) {
            boolean judged = how.equals("signalfd");
            progress.accept("SIGIO as fast as it is taken, against " + how);
            Pairs pairs = pairs(() -> runs.byBridge(full), () -> runs.byC(how, full));
            rows.add(
                    pairs.row(
                            "sigio-rate-" + how,
                            "SIGIO, against " + how,
                            "events/s",
                            Sample::perSecond,
                            judged ? atLeast(0.95) : Optional.empty()));
            rows.add(
                    pairs.row(
                            "sigio-cpu-" + how,
                            "SIGIO, CPU, against " + how,
                            "us/event",
                            Sample::cpuPerEvent,
                            judged ? atMost(1.1) : Optional.empty()));
        }
        for (int rate : new int[] {1_000, 20_000}) {
            progress.accept("latency at " + rate + " events/s");
            Load steady = new Load(rate * size.latencySeconds(), rate, true);
            String thousands = rate / 1000 + "k";
            rows.add(
                    pairs(() -> runs.byBridge(steady), () -> runs.byC("signalfd", steady))
                            .row(
                                    "latency-p50-" + thousands,
                                    "signal to consumer at " + thousands + "/s, p50",
                                    "us",
                                    Sample::p50,
                                    atMost(1.5)));
        }
    }

    private void transfers(Bridge bridge, Peers peers, List<Row> rows)
            throws KmodscopeException, InterruptedException {
        progress.accept("writing a file of " + size.fileMebibytes() + " MiB");
        try (DataFile file = DataFile.create(directory.resolve("data"), size.fileMebibytes())) {
            TransferRuns runs = new TransferRuns(bridge, peers, file);
            int depth = TransferRuns.DEPTH;
            int bytes = DataFile.BLOCK;
            transfer(
                    runs,
                    "aio",
                    "kernel AIO",
                    new IoModel.KernelAio(Direction.READ, depth, bytes),
                    "kernel-aio",
                    atLeast(0.95),
                    rows);
            transfer(
                    runs,
                    "posix-aio",
                    "POSIX AIO",
                    new IoModel.PosixAio(Direction.READ, depth, bytes),
                    "posix-aio",
                    Optional.empty(),
                    rows);
            transfer(
                    runs,
                    "uring",
                    "io_uring",
                    new IoModel.IoUring(Direction.READ, depth, bytes),
                    "uring",
                    Optional.empty(),
                    rows);
            fio(runs, rows);
        }
    }

    private void transfer(
            TransferRuns runs,
            String name,
            String title,
            IoModel.Queued model,
            String program,
            Optional<Budget> budget,
            List<Row> rows)
            throws KmodscopeException, InterruptedException {
        progress.accept(title + " at depth " + TransferRuns.DEPTH);
        Pairs pairs;
        try {
            pairs = pairs(() -> runs.byBridge(model), () -> runs.byC(program));
        } catch (KmodscopeException e) {
            if (e.kind() != Kind.MISSING || budget.isPresent()) {
                throw e;
            }
            rows.add(new Row.Skipped(name + "-rate", title, e.getMessage()));
            return;
        }
        String note = runs.file().direct() ? "" : "without O_DIRECT: this file system has none";
        rows.add(
                pairs.row(
                                name + "-rate",
                                title + ", depth " + TransferRuns.DEPTH,
                                "reads/s",
                                Sample::perSecond,
                                budget)
                        .with(note));
        rows.add(
                pairs.row(
                        name + "-cpu",
                        title + ", CPU",
                        "us/read",
                        Sample::cpuPerEvent,
                        Optional.empty()));
    }

    private void fio(TransferRuns runs, List<Row> rows)
            throws KmodscopeException, InterruptedException {
        String title = "kernel AIO, against fio";
        if (!TransferRuns.hasFio()) {
            rows.add(new Row.Skipped("aio-rate-fio", title, "fio is not installed"));
            return;
        }
        progress.accept(title);
        IoModel.Queued model =
                new IoModel.KernelAio(Direction.READ, TransferRuns.DEPTH, DataFile.BLOCK);
        rows.add(
                pairs(() -> runs.byBridge(model), runs::byFio)
                        .row(
                                "aio-rate-fio",
                                title,
                                "reads/s",
                                Sample::perSecond,
                                Optional.empty()));
    }

    private void forked(List<Row> rows) throws KmodscopeException, InterruptedException {
        progress.accept("hand-off and codec");
        rows.add(
                Row.Measured.alone(
                        "handoff-ring",
                        "hand-off to the model",
                        "ns/event",
                        Spread.of(fork("ring", size.rounds())),
                        atMost(RING_NANOS)));
        rows.add(
                Row.Measured.alone(
                        "codec",
                        "record written and read",
                        "ns/event",
                        Spread.of(fork("codec", size.rounds())),
                        Optional.empty()));
    }

    /** In a JVM of its own: this one has compiled other uses of the same code. */
    private static double[] fork(String what, int size)
            throws KmodscopeException, InterruptedException {
        Captured ended =
                HostCommand.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                // Whose figure of the heap is that of the objects, not of regions.
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Fork.class.getName(),
                                what,
                                Integer.toString(size))
                        .capture(new NullProgressMonitor());
        if (ended.exit() != 0) {
            throw new KmodscopeException(
                    Kind.FAILED, "The benchmark " + what + " failed: " + ended.words(), "");
        }
        return ended.out().lines().mapToDouble(Double::parseDouble).toArray();
    }

    private void model(List<Row> rows) throws KmodscopeException, InterruptedException {
        progress.accept("the model at " + ModelRun.RATE + " events/s");
        double[] told = fork("model", size.modelSeconds());
        ModelRun run = new ModelRun((long) told[0], (long) told[1], told[2], (long) told[3]);
        rows.add(
                Row.Measured.alone(
                        "model-loss",
                        "model at 200k events/s, lost",
                        "events",
                        Spread.of(run.lost()),
                        atMost(0)));
        rows.add(
                Row.Measured.alone(
                        "model-cpu",
                        "model at 200k events/s, CPU",
                        "% of one",
                        Spread.of(100 * run.cpuShare()),
                        Optional.empty()));
        rows.add(
                Row.Measured.alone(
                        "model-memory",
                        "model, a window of a million",
                        "MiB",
                        Spread.of(run.heapBytes() / 1048576.0),
                        atMost(MODEL_MEBIBYTES)));
    }

    private void losses(LossRuns runs, List<Row> rows)
            throws KmodscopeException, InterruptedException {
        progress.accept("forced overflows");
        rows.add(loss("loss-handoff", "slow reader, loss not reported", runs.inTheRing(20_000)));
        rows.add(loss("loss-kernel", "signal queue full, loss not reported", runs.inTheKernel()));
    }

    private static Row loss(String name, String title, LossRuns.Loss loss)
            throws KmodscopeException {
        if (!loss.isForced()) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "No overflow could be forced: all " + loss.sent() + " events came.",
                    "This is a defect of the benchmark; please report it.");
        }
        return Row.Measured.alone(name, title, "events", Spread.of(loss.unreported()), atMost(0))
                .with(
                        loss.overflows() > 0
                                ? loss.sent() + " sent, " + loss.came() + " came, overflow told"
                                : String.join(
                                        ", ",
                                        loss.sent() + " sent",
                                        loss.came() + " came",
                                        loss.told() + " told lost"));
    }

    private Pairs pairs(Pairs.Run own, Pairs.Run c)
            throws KmodscopeException, InterruptedException {
        return Pairs.measure(size.pairs(), own, c);
    }

    private static Optional<Budget> atLeast(double limit) {
        return Optional.of(new Budget.AtLeast(limit));
    }

    private static Optional<Budget> atMost(double limit) {
        return Optional.of(new Budget.AtMost(limit));
    }
}
