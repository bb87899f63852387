/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;

/** The records of a source, read from the recording. When it is stopped, the rest comes at once. */
final class RecordedSource implements EventSource {

    private final String name;
    private final List<String> streams;
    private final Path file;
    private final Recording.Call call;
    private final ReplayClock clock;
    private volatile boolean stopped;
    private volatile boolean running;
    private volatile long place;

    /**
     * @param streams as in {@link EventSource#streams}
     */
    RecordedSource(
            String name, List<String> streams, Path file, Recording.Call call, ReplayClock clock) {
        this.name = name;
        this.streams = streams;
        this.file = file;
        this.call = call;
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> streams() {
        return streams;
    }

    /** Whether what comes before this place in the file was delivered, or never will be. */
    boolean past(long offset) {
        return !running || place > offset;
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        running = true;
        try {
            deliver(sink);
        } finally {
            running = false;
            clock.wake();
        }
    }

    private void deliver(EventSink sink) throws KmodscopeException, InterruptedException {
        long began = System.nanoTime();
        try (RecordReader reader = new RecordReader(file, call.offset())) {
            reader.next();
            for (Optional<RecordLine> next = reader.next();
                    next.isPresent();
                    next = reader.next()) {
                RecordLine line = next.get();
                place = reader.start();
                if (line.kind() == RecordLine.Kind.OPEN) {
                    break;
                }
                boolean mine = !line.fields().isEmpty() && is(line);
                if (mine && line.kind() == RecordLine.Kind.EVENTS) {
                    clock.pass(began, line.micros() - call.micros(), () -> stopped);
                    deliver(line, reader, sink);
                    clock.breathe();
                    clock.wake();
                } else if (mine && line.kind() == RecordLine.Kind.END) {
                    clock.pass(began, line.micros() - call.micros(), () -> stopped);
                    if (line.fields().size() > 1) {
                        throw line.failure(1);
                    }
                    return;
                }
            }
        }
        place = Long.MAX_VALUE;
        clock.wake();
        clock.until(() -> stopped);
    }

    private boolean is(RecordLine line) throws KmodscopeException {
        return line.raw(0).equals(Long.toString(call.number()));
    }

    private static void deliver(RecordLine line, RecordReader reader, EventSink sink)
            throws KmodscopeException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(line.raw(1).getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw reader.damaged("its records are no Base64");
        }
        if (bytes.length % EventCodec.RECORD_BYTES != 0) {
            throw reader.damaged("a record in it is cut");
        }
        ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (records.hasRemaining()) {
            EventCodec.take(records, sink);
        }
    }

    @Override
    public void stop() {
        stopped = true;
        clock.wake();
    }

    @Override
    public void close() {
        stop();
    }
}
