/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.kmodscope.bench.Pairs.Sample;
import org.kmodscope.bench.SignalRuns.Load;
import org.kmodscope.bridge.Bridge;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.ModelBenchmark;
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
     * How much is measured. Many short runs rather than few long ones: where a virtual machine's
     * CPUs are, and who shares them, changes within a second, and the two runs of a pair are to see
     * the same.
     *
     * @param pairs of runs as fast as they go
     * @param events of such a run
     * @param fileMebibytes to read in such a run; an eighth of it by POSIX AIO, where each read is
     *     a thread's
     * @param latencyPairs of runs at a steady rate
     * @param latencySeconds of such a run
     * @param modelSeconds of steady load
     */
    record Size(
            int pairs,
            int events,
            int fileMebibytes,
            int latencyPairs,
            int latencySeconds,
            int modelSeconds) {

        static final Size FULL = new Size(81, 100_000, 64, 9, 3, 20);
        static final Size QUICK = new Size(3, 30_000, 16, 3, 1, 2);
    }

    private static final double MODEL_MEBIBYTES = 64;

    /** Measures all of it, one after the other. */
    List<Row> run() throws KmodscopeException, InterruptedException {
        Bridge bridge = Bridge.open();
        progress.accept("compiling the C programs");
        Peers peers = Peers.compile(directory);
        List<Row> rows = new ArrayList<>();
        signals(new SignalRuns(bridge, peers, directory), rows);
        transfers(bridge, peers, rows);
        progress.accept("hand-off to the model");
        rows.add(
                new HandOffRuns(peers)
                        .row(
                                "handoff",
                                "hand-off to the model",
                                size.pairs(),
                                new Budget.AtMost(1.5)));
        pipeline(new JmhRuns(directory, size == Size.QUICK), rows);
        model(rows);
        losses(new LossRuns(bridge, peers, directory), rows);
        return rows;
    }

    private void signals(SignalRuns runs, List<Row> rows)
            throws KmodscopeException, InterruptedException {
        Load full = new Load(size.events(), 0, false, 0);
        progress.accept("SIGIO, until the JVM has compiled what it will");
        Pairs.warmUp(() -> runs.byBridge(full));
        Load queued = new Load(size.events(), 0, false, SignalRuns.WINDOW);
        progress.accept("SIGIO, CPU for what is queued already");
        Pairs.warmUp(() -> runs.byBridge(queued));
        rows.add(
                pairs(() -> runs.byBridge(queued), () -> runs.byC("signalfd", queued))
                        .row(
                                "sigio-cpu-signalfd",
                                "SIGIO, CPU, against signalfd",
                                "us/event",
                                Sample::cpuPerEvent,
                                atMost(1.1)));
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
                            "sigio-cpu-waking-" + how,
                            "the same, CPU with the waking, against " + how,
                            "us/event",
                            Sample::cpuPerEvent,
                            Optional.empty()));
        }
        for (int rate : new int[] {1_000, 20_000}) {
            progress.accept("latency at " + rate + " events/s");
            Load steady = new Load(rate * size.latencySeconds(), rate, true, 0);
            String thousands = rate / 1000 + "k";
            rows.add(
                    Pairs.measure(
                                    size.latencyPairs(),
                                    () -> runs.byBridge(steady),
                                    () -> runs.byC("signalfd", steady))
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
        int depth = TransferRuns.DEPTH;
        int bytes = DataFile.BLOCK;
        progress.accept("writing a file of " + size.fileMebibytes() + " MiB");
        try (DataFile file = DataFile.create(directory.resolve("data"), size.fileMebibytes())) {
            TransferRuns runs = new TransferRuns(bridge, peers, file);
            transfer(
                    runs,
                    "aio",
                    "kernel AIO",
                    new IoModel.KernelAio(Direction.READ, depth, bytes),
                    "kernel-aio",
                    atLeast(0.95),
                    rows);
            fio(runs, rows);
            transfer(
                    runs,
                    "uring",
                    "io_uring",
                    new IoModel.IoUring(Direction.READ, depth, bytes),
                    "uring",
                    Optional.empty(),
                    rows);
        }
        int less = Math.max(1, size.fileMebibytes() / 8);
        try (DataFile file = DataFile.create(directory.resolve("data"), less)) {
            transfer(
                    new TransferRuns(bridge, peers, file),
                    "posix-aio",
                    "POSIX AIO",
                    new IoModel.PosixAio(Direction.READ, depth, bytes),
                    "posix-aio",
                    Optional.empty(),
                    rows);
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

    private void pipeline(JmhRuns jmh, List<Row> rows)
            throws KmodscopeException, InterruptedException {
        progress.accept("ring, codec and model, by JMH");
        Map<String, Spread> ring = jmh.nanos(RingBenchmark.class);
        rows.add(nanos("handoff-ring", "hand-off, by itself", ring.get("write rests")));
        rows.add(
                nanos(
                        "handoff-ring-contended",
                        "the same, to a reader that never rests",
                        ring.get("write spins")));
        Map<String, Spread> codec = jmh.nanos(CodecBenchmark.class);
        rows.add(nanos("codec", "record written and read", codec.get("writeAndRead")));
        Map<String, Spread> model = jmh.nanos(ModelBenchmark.class);
        for (String rate : List.of("2000", "20000", "200000")) {
            String thousands = rate.replaceAll("000$", "k/s");
            rows.add(
                    nanos(
                            "model-record-" + rate,
                            "model, an event at " + thousands,
                            model.get("record " + rate)));
            rows.add(
                    Row.Measured.alone(
                            "model-snapshot-" + rate,
                            "model, a snapshot at " + thousands,
                            "us",
                            model.get("snapshot " + rate).times(1e-3),
                            Optional.empty()));
        }
    }

    private static Row.Measured nanos(String name, String title, Spread spread) {
        return Row.Measured.alone(name, title, "ns/event", spread, Optional.empty());
    }

    private void model(List<Row> rows) throws KmodscopeException, InterruptedException {
        progress.accept("the model at " + ModelRun.RATE + " events/s");
        ModelRun run = ModelRun.forked(size.modelSeconds());
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
