/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventRing;
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
import org.openjdk.jmh.annotations.TearDown;

/** What an event costs the thread of a source that hands it to the model's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingBenchmark {

    /** Half a ring: it never is full. */
    private static final int BURST = EventRing.DEFAULT_CAPACITY / 2;

    /** As long as the recorder's. */
    private static final long REST_NANOS = 2_000_000;

    /**
     * {@code rests} when it has emptied the ring, as the recorder's thread does; or {@code spins},
     * so that both threads are at the same cache lines all the time, which no product does.
     */
    @Param({"rests", "spins"})
    public String reader;

    private final EventRing ring = new EventRing();
    private final WordSum words = new WordSum();
    private Thread thread;
    private volatile boolean over;
    private volatile long taken;
    private long given;

    /** Starts the reader. */
    @Setup(Level.Trial)
    public void start() {
        boolean rests = reader.equals("rests");
        thread = Thread.ofPlatform().name("bench-reader").start(() -> read(rests));
    }

    private void read(boolean rests) {
        while (!over) {
            if (ring.drain(words, Integer.MAX_VALUE) == 0) {
                taken = words.records();
                if (rests) {
                    LockSupport.parkNanos(REST_NANOS);
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Waits for the reader. */
    @Setup(Level.Invocation)
    public void awaitRoom() {
        while (taken < given) {
            Thread.onSpinWait();
        }
    }

    /** A burst of events. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void write() {
        long head = EventCodec.head(EventKind.SIGIO_IN, 0, 1);
        for (int event = 0; event < BURST; event++) {
            ring.accept(event, head, 0, 0, EventCodec.tail(1, event));
        }
        given += BURST;
    }

    /** Ends the reader. */
    @TearDown(Level.Trial)
    public void end() throws InterruptedException {
        over = true;
        thread.join();
        if (ring.refused() != 0) {
            throw new IllegalStateException(ring.refused() + " events found no room");
        }
    }
}
