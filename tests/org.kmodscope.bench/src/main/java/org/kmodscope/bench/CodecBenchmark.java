/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a record costs that is written to bytes and read from them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {

    /** What fits the buffer of a StreamEventSource. */
    private static final int RECORDS = 1600;

    private final ByteBuffer buffer = EventCodec.allocate(RECORDS * EventCodec.RECORD_BYTES);
    private final WordSum words = new WordSum();

    /** A buffer full, there and back. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long writeAndRead() {
        long head = EventCodec.head(EventKind.SIGIO_IN, 0, 1);
        buffer.clear();
        for (int record = 0; record < RECORDS; record++) {
            EventCodec.put(buffer, record, head, 0, 0, EventCodec.tail(1, record));
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            EventCodec.take(buffer, words);
        }
        return words.sum();
    }
}
