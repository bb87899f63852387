/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.kmodscope.bench.Pairs.Sample;
import org.kmodscope.bridge.Armed;
import org.kmodscope.bridge.Bridge;
import org.kmodscope.bridge.Running;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;

/** The same signals, caused by the same writer, received by the bridge or by C. */
record SignalRuns(Bridge bridge, Peers peers, Path directory) {

    /** The writer waits when it is so far ahead: less than any queue of signals holds. */
    static final int WINDOW = 512;

    /**
     * What the writer does.
     *
     * @param count how many events
     * @param rate per second; 0 for as many as the receiver takes
     * @param latency whether to measure how long each takes
     * @param burst how many are queued before the receiver looks again; 0 to let it look at once
     */
    record Load(int count, int rate, boolean latency, int burst) {}

    /** By the bridge of this process. */
    Sample byBridge(Load load) throws KmodscopeException, InterruptedException {
        try (Stage stage = Stage.in(directory)) {
            SignalCounter counter = new SignalCounter(stage.loop(), load);
            try (Armed armed = bridge.arm(request(stage));
                    Running running = armed.start(counter)) {
                stage.loop().ready();
                write(stage, load);
                running.stop();
            }
            check(counter.got(), counter.overflows(), load);
            return counter.sample();
        }
    }

    /**
     * By C.
     *
     * @param how {@code signalfd} or {@code sigwaitinfo}
     */
    Sample byC(String how, Load load) throws KmodscopeException, InterruptedException {
        try (Stage stage = Stage.in(directory);
                ExecutorService receiver =
                        Executors.newSingleThreadExecutor(
                                Thread.ofPlatform().name("bench-receiver").daemon().factory())) {
            Future<JsonObject> received =
                    receiver.submit(
                            () ->
                                    peers.run(
                                            "sigio",
                                            how,
                                            stage.fifo(),
                                            stage.loop().file(),
                                            load.count(),
                                            load.latency() ? 1 : 0,
                                            load.burst()));
            write(stage, load);
            JsonObject figures = get(received);
            check(figures.get("events").getAsLong(), figures.get("overflows").getAsLong(), load);
            return new Sample(
                    figures.get("events").getAsLong(),
                    figures.get("nanos").getAsLong(),
                    figures.get("cpu").getAsLong(),
                    figures.get("p50").getAsLong());
        }
    }

    static ArmRequest request(Stage stage) {
        return new ArmRequest(stage.fifo().toString(), new IoModel.Signals(false, 1));
    }

    private void write(Stage stage, Load load) throws KmodscopeException, InterruptedException {
        peers.run(
                "writer",
                stage.fifo(),
                stage.loop().file(),
                load.count(),
                load.rate(),
                WINDOW,
                load.burst());
    }

    private static void check(long got, long overflows, Load load) throws KmodscopeException {
        if (got != load.count() || overflows != 0) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "Of "
                            + load.count()
                            + " signals "
                            + got
                            + " came, and the queue overflowed "
                            + overflows
                            + " times: the run says nothing.",
                    "Look at the limit of pending signals (ulimit -i) and at who else uses it.");
        }
    }

    private static JsonObject get(Future<JsonObject> received)
            throws KmodscopeException, InterruptedException {
        try {
            return received.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KmodscopeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
