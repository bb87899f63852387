/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;

/**
 * Writes down the records of a source, some at a time. A disk that is slower than they come slows
 * the source, which then counts what it cannot send.
 */
final class RecordingSource implements EventSource {

    private static final int RECORDS = 512;
    private static final long LATEST_NANOS = Duration.ofMillis(100).toNanos();

    private final EventSource source;
    private final RecordWriter writer;
    private final long call;
    private final ByteBuffer batch = EventCodec.allocate(RECORDS * EventCodec.RECORD_BYTES);
    private long written = System.nanoTime();
    private volatile boolean stopped;

    RecordingSource(EventSource source, RecordWriter writer, long call) {
        this.source = source;
        this.writer = writer;
        this.call = call;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public List<String> streams() {
        return source.streams();
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        try {
            source.run(
                    (time, head, request, result, tail) -> {
                        EventCodec.put(batch, time, head, request, result, tail);
                        sink.accept(time, head, request, result, tail);
                        if (!batch.hasRemaining() || System.nanoTime() - written > LATEST_NANOS) {
                            write();
                        }
                    });
        } catch (KmodscopeException failure) {
            write();
            writer.failure(RecordLine.Kind.END, call, failure);
            throw failure;
        } finally {
            write();
        }
        if (!stopped) {
            writer.of(RecordLine.Kind.END, call);
        }
    }

    private void write() {
        written = System.nanoTime();
        if (batch.position() > 0) {
            writer.records(call, batch.flip());
            batch.clear();
        }
    }

    @Override
    public void stop() {
        stopped = true;
        source.stop();
    }

    @Override
    public void close() {
        stopped = true;
        source.close();
    }
}
