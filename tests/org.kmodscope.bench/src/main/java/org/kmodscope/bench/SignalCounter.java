/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.kmodscope.bench.Pairs.Sample;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;

/**
 * Counts signals as the C program {@code sigio} does: called by the bridge's thread, read by others
 * when that has ended.
 */
final class SignalCounter implements EventSink {

    private final ProcessCpu cpu = new ProcessCpu();
    private final SharedLoop loop;
    private final long count;
    private final long burst;
    private final long[] latencies;
    private long got;
    private long overflows;
    private long wall;
    private long cpuTime;

    SignalCounter(SharedLoop loop, SignalRuns.Load load) {
        this.loop = loop;
        count = load.count();
        burst = load.burst();
        latencies = new long[load.latency() ? load.count() : 0];
    }

    @Override
    public void accept(long time, long head, long request, long result, long tail) {
        EventKind kind = EventCodec.kind(head);
        if (kind == EventKind.OVERFLOW) {
            overflows++;
        }
        if (kind != EventKind.SIGIO_IN) {
            return;
        }
        if (got == 0) {
            wall = System.nanoTime();
            cpuTime = cpu.nanos();
        }
        if (got < latencies.length) {
            latencies[(int) got] = System.nanoTime() - loop.sentAt(got);
        }
        got++;
        if (got == count) {
            wall = System.nanoTime() - wall;
            cpuTime = cpu.nanos() - cpuTime;
        }
        loop.consumed(got);
        if (burst > 0 && got % burst == 0 && got < count) {
            awaitBurst();
        }
    }

    /** The CPU time of this waiting does not count. */
    private void awaitBurst() {
        long before = cpu.nanos();
        long wanted = Math.min(count, got + burst);
        while (loop.queued() < wanted) {
            LockSupport.parkNanos(100_000);
        }
        cpuTime += cpu.nanos() - before;
    }

    long got() {
        return got;
    }

    long overflows() {
        return overflows;
    }

    /** What was measured, once all have come. */
    Sample sample() {
        Arrays.sort(latencies);
        long p50 = latencies.length == 0 ? 0 : latencies[latencies.length / 2];
        return new Sample(got, wall, cpuTime, p50);
    }
}
