/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an event costs the model, and a snapshot with the picture that the view asks for. In the
 * package of the model, which nobody else may see.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ModelBenchmark {

    private static final int WINDOW = 1 << 20;
    private static final int LATEST = 1000;
    private static final int EVENTS = 3000;
    private static final Optional<Viewport> PICTURE =
            Optional.of(new Viewport.Live(5_000_000_000L, 1600));

    /** Events in a second: how dense the window is. */
    @Param({"2000", "20000", "200000"})
    public int rate;

    private final EventModel model = new EventModel(WINDOW, LATEST);
    private final boolean[] running = new boolean[EventModel.MOST_SOURCES];
    private final int source = model.source("bench");
    private long step;
    private long sent;

    /** Fills the window. */
    @Setup(Level.Trial)
    public void fill() {
        step = 1_000_000_000L / rate;
        while (sent < WINDOW) {
            record();
        }
    }

    /** Signals, each answered by a read. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void record() {
        for (int event = 0; event < EVENTS; event += 3) {
            recordAnswered();
        }
        model.settle();
    }

    private void recordAnswered() {
        long request = 1 + sent / 3;
        record(EventKind.SIGIO_IN, 0, 0);
        record(EventKind.READ_START, request, 0);
        record(EventKind.READ_END, request, 1);
    }

    private void record(EventKind kind, long request, long result) {
        long head = EventCodec.head(kind, 0, 1);
        model.record(source, now(), head, request, result, EventCodec.tail(0, (int) sent));
        sent++;
    }

    private long now() {
        return sent * step;
    }

    /** What comes between two snapshots, thirty of which are made in a second; not measured. */
    @State(Scope.Thread)
    public static class Between {

        /** Records it. */
        @Setup(Level.Invocation)
        public void fill(ModelBenchmark model) {
            long until = model.sent + model.rate / 30;
            while (model.sent < until) {
                model.recordAnswered();
            }
        }
    }

    /** What the view gets, from a live picture to the next. */
    @Benchmark
    public Object snapshot(Between before) {
        return model.snapshot(now(), running, PICTURE);
    }
}
