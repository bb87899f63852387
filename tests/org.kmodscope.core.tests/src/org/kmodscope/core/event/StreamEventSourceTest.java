/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;

class StreamEventSourceTest {

    /** A stream of records with these numbers; the time of each is its place. */
    static byte[] stream(int... sequences) {
        ByteBuffer bytes =
                EventCodec.allocate(
                        EventCodec.HEADER_BYTES + sequences.length * EventCodec.RECORD_BYTES);
        EventCodec.putHeader(bytes);
        for (int at = 0; at < sequences.length; at++) {
            EventCodec.put(
                    bytes,
                    new Event(10L * at, EventKind.SIGIO_IN, 0, 1, at, 0, 0x41, sequences[at]));
        }
        byte[] array = new byte[bytes.flip().remaining()];
        bytes.get(array);
        return array;
    }

    private static ReadableByteChannel channel(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    private static List<Event> read(byte[] bytes) throws Exception {
        Sent sent = new Sent();
        try (StreamEventSource source = new StreamEventSource("agent", channel(bytes))) {
            source.run(sent);
        }
        return sent.events;
    }

    private static KmodscopeException failure(byte[] bytes, Sent sent) {
        try (StreamEventSource source = new StreamEventSource("agent", channel(bytes))) {
            return assertThrows(KmodscopeException.class, () -> source.run(sent));
        }
    }

    @Test
    void gapsBecomeLossesInTheirPlace() throws Exception {
        List<Event> events = read(stream(0, 1, 5, 6));
        assertEquals(5, events.size());
        assertEquals(
                new Event(20, EventKind.LOST, 0, 0, 10, 3, 0, 2),
                events.get(2),
                "the time of the record behind the gap, reaching back to the one before it");
        assertEquals(5, events.get(3).sequence());
    }

    @Test
    void aGapBeforeTheFirstRecordCounts() throws Exception {
        assertEquals(7, read(stream(7)).get(0).result());
    }

    @Test
    void numbersWrap() throws Exception {
        // Two leaps of less than 2^31 bring the reader to the end of the numbers.
        int far = Integer.MAX_VALUE;
        List<Event> events = read(stream(far, far + far, -1, 0, 3));
        List<Long> losses = new ArrayList<>();
        events.stream()
                .filter(each -> each.kind() == EventKind.LOST)
                .forEach(each -> losses.add(each.result()));
        assertEquals(List.of((long) far, (long) far - 1, 2L), losses.subList(0, 3));
    }

    @Test
    void aStepBackIsDamage() {
        Sent sent = new Sent();
        KmodscopeException failure = failure(stream(0, 1, 2, 1), sent);
        assertEquals(3, sent.events.size(), "what came before stays");
        assertTrue(failure.getMessage().contains("record 1 follows where 3 should"));
        assertEquals(KmodscopeException.Kind.LAB, failure.kind());
    }

    @Test
    void whatTheWriterCountsIsNotCountedTwice() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(16 + 3 * 40);
        EventCodec.putHeader(bytes);
        EventCodec.put(bytes, new Event(1, EventKind.SIGIO_IN, 0, 1, 0, 0, 0, 0));
        EventCodec.put(bytes, new Event(5, EventKind.LOST, 0, 0, 2, 9, 0, 1));
        EventCodec.put(bytes, new Event(6, EventKind.SIGIO_IN, 0, 1, 0, 0, 0, 2));
        long lost =
                read(bytes.array()).stream()
                        .filter(each -> each.kind() == EventKind.LOST)
                        .mapToLong(Event::result)
                        .sum();
        assertEquals(9, lost);
    }

    @Test
    void aRecordThatIsCutIsReported() {
        byte[] whole = stream(0, 1);
        for (int cut = 1; cut < 40; cut++) {
            Sent sent = new Sent();
            KmodscopeException failure = failure(Arrays.copyOf(whole, whole.length - cut), sent);
            assertEquals(1, sent.events.size());
            assertTrue(failure.getMessage().contains((40 - cut) + " of 40 bytes"));
        }
        assertTrue(failure(Arrays.copyOf(whole, 9), new Sent()).getMessage().contains("9 of 16"));
        assertTrue(failure(new byte[0], new Sent()).getMessage().contains("before it began"));
    }

    @Test
    void otherStreamsAreRefusedWithTheReason() {
        byte[] other = stream(0);
        other[4] = 2;
        KmodscopeException version = failure(other, new Sent());
        assertTrue(version.getMessage().contains("version 2 with records of 40"));
        assertTrue(version.remedy().contains("agent"));
        byte[] text = "root@globalfifo:~# ls -l /dev\n\n\n".getBytes();
        assertTrue(failure(text, new Sent()).getMessage().contains("something else"));
    }

    @Test
    void unknownKindsArePassedOn() throws Exception {
        byte[] bytes = stream(0, 1);
        bytes[16 + 8] = 99;
        assertEquals(EventKind.UNKNOWN, read(bytes).get(0).kind());
        assertEquals(2, read(bytes).size());
    }

    @Test
    void howTheBytesAreCutUpDoesNotMatter() throws Exception {
        Random random = Seeded.random(StreamEventSourceTest.class);
        int[] numbers = new int[5000];
        for (int at = 1; at < numbers.length; at++) {
            numbers[at] = numbers[at - 1] + 1 + Math.max(0, random.nextInt(20) - 17);
        }
        byte[] bytes = stream(numbers);
        List<Event> whole = read(bytes);
        for (int round = 0; round < 20; round++) {
            int most = 1 + random.nextInt(round < 10 ? 50 : 5000);
            Sent sent = new Sent();
            ReadableByteChannel crumbs =
                    Channels.newChannel(
                            new ByteArrayInputStream(bytes) {
                                @Override
                                public synchronized int read(byte[] to, int off, int length) {
                                    return super.read(
                                            to, off, Math.min(length, 1 + random.nextInt(most)));
                                }
                            });
            try (StreamEventSource source = new StreamEventSource("agent", crumbs)) {
                source.run(sent);
                assertEquals(numbers[numbers.length - 1] + 1, source.nextSequence());
            }
            assertEquals(whole, sent.events);
        }
    }

    /** A source that runs on a thread of its own, behind a pipe. */
    private static final class Running implements AutoCloseable {
        private final Pipe pipe = Pipe.open();
        private final StreamEventSource source = new StreamEventSource("agent", pipe.source());
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private final BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        private final Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        source.run(
                                                (time, head, request, result, tail) ->
                                                        events.add(
                                                                EventCodec.toEvent(
                                                                        time, head, request, result,
                                                                        tail)));
                                        outcome.add("normal");
                                    } catch (KmodscopeException | InterruptedException e) {
                                        outcome.add(e);
                                    }
                                });

        Running(int... sequences) throws IOException, InterruptedException {
            pipe.sink().write(ByteBuffer.wrap(stream(sequences)));
            for (int each = 0; each < sequences.length; each++) {
                next();
            }
        }

        Event next() throws InterruptedException {
            return events.poll(10, TimeUnit.SECONDS);
        }

        Object outcome() throws InterruptedException {
            return outcome.poll(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            source.close();
            pipe.sink().close();
        }
    }

    @Test
    void stopWakesTheReader() throws Exception {
        try (Running running = new Running(0)) {
            running.source.stop();
            assertEquals("normal", running.outcome());
            running.source.stop();
        }
    }

    @Test
    void anInterruptIsACancellation() throws Exception {
        try (Running running = new Running(0)) {
            running.thread.interrupt();
            assertInstanceOf(InterruptedException.class, running.outcome());
        }
    }

    @Test
    void theEndOfTheStreamIsTheEnd() throws Exception {
        try (Running running = new Running(0, 1)) {
            running.pipe.sink().close();
            assertEquals("normal", running.outcome());
        }
    }

    @Test
    void stopAtEndsAtOnceWhenAllIsThere() throws Exception {
        try (Running running = new Running(0, 1, 2)) {
            running.source.stopAt(3);
            assertEquals("normal", running.outcome());
        }
    }

    @Test
    void stopAtWaitsForWhatIsOnItsWay() throws Exception {
        try (Running running = new Running(0, 1)) {
            running.source.stopAt(4);
            byte[] more = stream(2, 3);
            ByteBuffer records = ByteBuffer.wrap(more, 16, more.length - 16);
            records.limit(16 + 40);
            running.pipe.sink().write(records);
            assertEquals(2, running.next().sequence());
            assertTrue(running.thread.isAlive());
            records.limit(more.length);
            running.pipe.sink().write(records);
            assertEquals(3, running.next().sequence());
            assertEquals("normal", running.outcome());
        }
    }

    @Test
    void aStopBeforeTheRunEndsItAtOnce() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
                StreamEventSource source = new StreamEventSource("agent", pipe.source())) {
            source.stop();
            source.run(new Sent());
            assertTrue(sink.isOpen());
        }
    }

    @Test
    void anErrorOfTheChannelIsAFailure() {
        ReadableByteChannel broken =
                new ReadableByteChannel() {
                    @Override
                    public int read(ByteBuffer to) throws IOException {
                        throw new IOException("Connection reset by peer");
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {}
                };
        try (StreamEventSource source = new StreamEventSource("agent", broken)) {
            assertTrue(
                    assertThrows(KmodscopeException.class, () -> source.run(new Sent()))
                            .getMessage()
                            .contains("reset by peer"));
        }
    }
}
