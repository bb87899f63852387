/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventRing;

@Timeout(60)
class PortWriterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void writesAHeaderAndAllRecordsNumberedInTheirOrder() throws Exception {
        Port port = new Port(Integer.MAX_VALUE, 1_000);
        PortWriter writer = new PortWriter(new EventRing(), port, () -> {});
        for (int i = 0; i < 5_000; i++) {
            write(writer, i);
        }
        assertEquals(5_000, writer.finish(PATIENCE));

        List<Event> events = port.events();
        assertEquals(
                IntStream.range(0, 5_000).boxed().toList(),
                events.stream().map(Event::sequence).toList());
        assertEquals(
                IntStream.range(0, 5_000).mapToObj(i -> (long) i).toList(),
                events.stream().map(Event::timeNanos).toList());
    }

    @Test
    void writesWhenItWasIdle() throws Exception {
        Port port = new Port(Integer.MAX_VALUE, Integer.MAX_VALUE);
        PortWriter writer = new PortWriter(new EventRing(16), port, () -> {});
        for (int i = 0; i < 2_000; i++) {
            write(writer, i);
            port.awaitBytes(EventCodec.HEADER_BYTES + (i + 1) * EventCodec.RECORD_BYTES);
        }
        assertEquals(2_000, writer.finish(PATIENCE));
    }

    @Test
    void aPortThatStandsStillHoldsNobodyUpAndItsLossIsTold() throws Exception {
        Port port = new Port(0, Integer.MAX_VALUE);
        PortWriter writer = new PortWriter(new EventRing(16), port, () -> {});
        for (int i = 0; i < 1_000; i++) {
            write(writer, i);
        }
        port.open();
        long written = writer.finish(PATIENCE);

        List<Event> events = port.events();
        assertEquals(written, events.size());
        long lost =
                events.stream()
                        .filter(event -> event.kind() == EventKind.LOST)
                        .mapToLong(Event::result)
                        .sum();
        long kept = events.stream().filter(event -> event.kind() == EventKind.SIGIO_IN).count();
        assertTrue(lost > 0);
        assertEquals(1_000, kept + lost);
        assertEquals(
                IntStream.range(0, events.size()).boxed().toList(),
                events.stream().map(Event::sequence).toList());
    }

    @Test
    void nobodyWhoReadsIsAFailureAfterAWhile() throws Exception {
        PortWriter writer = new PortWriter(new EventRing(16), new Port(0, 1), () -> {});
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> writer.finish(Duration.ofMillis(50)));
        assertEquals(KmodscopeException.Kind.LAB, failure.kind());
        assertTrue(failure.getMessage().contains("nobody reads"), failure.getMessage());
    }

    @Test
    void aBrokenPortIsToldAtOnceAndAtTheEnd() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Port port = new Port(Integer.MAX_VALUE, 1);
        port.close();
        PortWriter writer = new PortWriter(new EventRing(16), port, told::countDown);
        told.await();
        write(writer, 1);
        KmodscopeException failure =
                assertThrows(KmodscopeException.class, () -> writer.finish(PATIENCE));
        assertInstanceOf(IOException.class, failure.getCause());
    }

    private static void write(PortWriter writer, int i) {
        writer.accept(i, EventCodec.head(EventKind.SIGIO_IN, 0, 1), 0, 0, EventCodec.tail(1, 7));
    }

    /** Takes bytes as far as it is open, in pieces. */
    private static final class Port implements WritableByteChannel {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Semaphore room;
        private final int piece;
        private volatile boolean closed;

        Port(int room, int piece) {
            this.room = new Semaphore(room);
            this.piece = piece;
        }

        void open() {
            room.release(Integer.MAX_VALUE);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            if (closed) {
                throw new IOException("no such port");
            }
            byte[] taken = new byte[Math.min(piece, from.remaining())];
            room.acquireUninterruptibly(taken.length);
            from.get(taken);
            synchronized (this) {
                bytes.writeBytes(taken);
                notifyAll();
            }
            return taken.length;
        }

        synchronized void awaitBytes(int count) throws InterruptedException {
            while (bytes.size() < count) {
                wait();
            }
        }

        synchronized List<Event> events() {
            ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
            assertInstanceOf(EventCodec.Header.Valid.class, EventCodec.header(in));
            List<Event> events = new ArrayList<>();
            while (in.hasRemaining()) {
                EventCodec.take(
                        in,
                        (time, head, request, result, tail) ->
                                events.add(EventCodec.toEvent(time, head, request, result, tail)));
            }
            return events;
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
