/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.util.Arrays;
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
    private final long[] latencies;
    private long got;
    private long overflows;
    private long wall;
    private long cpuTime;

    /**
     * @param count how many events are expected
     * @param latency whether to measure how long each took
     */
    SignalCounter(SharedLoop loop, int count, boolean latency) {
        this.loop = loop;
        this.count = count;
        latencies = new long[latency ? count : 0];
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
