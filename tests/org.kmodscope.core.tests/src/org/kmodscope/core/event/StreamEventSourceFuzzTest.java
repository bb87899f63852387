/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;

/**
 * Streams with damage of every kind, cut up in every way: each is delivered as a second, slower
 * reading of the format says, ends well or with a failure for people, and needs bounded memory.
 *
 * <p>{@code -Dkmodscope.fuzz.seconds=…} goes on for so long instead of {@value #STREAMS} streams;
 * {@code -Dkmodscope.seed=… -Dkmodscope.fuzz.only=…} has one stream again.
 */
class StreamEventSourceFuzzTest {

    private static final int STREAMS = 20_000;
    private static final int PER_PICTURE = 1000;
    private static final long SECONDS = Long.getLong("kmodscope.fuzz.seconds", 0);
    private static final long ONLY = Long.getLong("kmodscope.fuzz.only", -1);

    private final long seed = Seeded.random(StreamEventSourceFuzzTest.class).nextLong();
    private EventModel model = new EventModel(1024, 10);
    private int source = model.source("fuzz");
    private long failures;
    private long successes;
    private long records;

    /** What is delivered of a stream: a sum over all words in order, and how it ended. */
    private static final class Delivery implements EventSink {
        private final EventSink next;
        private int count;
        private long sum;
        private boolean well;

        Delivery(EventSink next) {
            this.next = next;
        }

        @Override
        public void accept(long time, long head, long request, long result, long tail) {
            count++;
            for (long word : new long[] {time, head, request, result, tail}) {
                sum = sum * 0x9e3779b97f4a7c15L + word;
            }
            next.accept(time, head, request, result, tail);
        }

        @Override
        public String toString() {
            return count + " records, sum " + sum + (well ? ", ended well" : ", failed");
        }
    }

    @Test
    void damageNeverGetsPastTheSource() throws InterruptedException {
        if (ONLY >= 0) {
            one(ONLY);
            return;
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long streams = 0;
        while (SECONDS > 0 ? System.nanoTime() - end < 0 : streams < STREAMS) {
            for (int each = 0; each < PER_PICTURE; each++) {
                one(streams++);
            }
            look();
            if (SECONDS > 0 && streams % (1000 * PER_PICTURE) == 0) {
                System.out.println(streams + " streams");
            }
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / streams;
        System.out.printf(
                "%d streams with %d records: %d ended well, %d failed; %d bytes for each%n",
                streams, records, successes, failures, each);
        assertTrue(each < 64_000, each + " bytes per stream");
        assertTrue(successes > streams / 100 && failures > streams / 100);
    }

    /** The model lives on whatever it was told, and so does a picture of it. */
    private void look() {
        EventSnapshot snapshot =
                model.snapshot(
                        0,
                        new boolean[EventModel.MOST_SOURCES],
                        Optional.of(new Viewport.Live(1_000_000_000, 100)));
        assertTrue(snapshot.lost() >= 0);
        model.settle();
        model = new EventModel(1024, 10);
        source = model.source("fuzz");
    }

    private void one(long number) throws InterruptedException {
        Random random = new Random(seed ^ number * 0x9e3779b97f4a7c15L);
        byte[] bytes = mutated(random);
        int crumbs = random.nextInt(4) == 0 ? 1 + random.nextInt(100) : Integer.MAX_VALUE;
        Delivery expected = expected(bytes);
        Delivery delivered = run(bytes, crumbs, number);
        assertEquals(
                expected.toString(),
                delivered.toString(),
                () -> "again by -Dkmodscope.seed and -Dkmodscope.fuzz.only=" + number);
        records += delivered.count;
        successes += delivered.well ? 1 : 0;
        failures += delivered.well ? 0 : 1;
    }

    /** The format (docs/adr/0001, 0002) read once more, without a buffer. */
    private static Delivery expected(byte[] bytes) {
        Delivery delivery = new Delivery((time, head, request, result, tail) -> {});
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 16
                || in.getInt(0) != 0x45534d4b
                || in.getShort(4) != 1
                || in.getShort(6) != 40
                || in.getLong(8) != 0) {
            return delivery;
        }
        int wanted = 0;
        long last = 0;
        int at = 16;
        for (; at + 40 <= bytes.length; at += 40) {
            long time = in.getLong(at);
            int number = in.getInt(at + 36);
            int missing = number - wanted;
            if (missing < 0) {
                return delivery;
            }
            if (missing > 0) {
                long reach = wanted == 0 ? 0 : Math.max(0, time - last);
                long lost = EventKind.LOST.code();
                delivery.accept(time, lost, reach, missing, (long) wanted << 32);
            }
            delivery.accept(
                    time,
                    in.getLong(at + 8),
                    in.getLong(at + 16),
                    in.getLong(at + 24),
                    in.getLong(at + 32));
            wanted = number + 1;
            last = time;
        }
        delivery.well = at == bytes.length;
        return delivery;
    }

    private Delivery run(byte[] bytes, int crumbs, long number) throws InterruptedException {
        Delivery delivery =
                new Delivery(
                        (time, head, request, result, tail) ->
                                model.record(source, time, head, request, result, tail));
        InputStream in =
                new ByteArrayInputStream(bytes) {
                    @Override
                    public synchronized int read(byte[] to, int offset, int length) {
                        return super.read(to, offset, Math.min(length, crumbs));
                    }
                };
        try (StreamEventSource stream = new StreamEventSource("fuzz", Channels.newChannel(in))) {
            stream.run(delivery);
            delivery.well = true;
        } catch (KmodscopeException e) {
            assertTrue(e.getMessage().contains("\"fuzz\""));
        } catch (RuntimeException e) {
            throw new AssertionError("-Dkmodscope.fuzz.only=" + number, e);
        }
        return delivery;
    }

    private static byte[] mutated(Random random) {
        int records = random.nextInt(40);
        ByteBuffer buffer = ByteBuffer.allocate(16 + records * 40);
        EventCodec.putHeader(buffer);
        EventKind[] kinds = EventKind.values();
        int sequence = 0;
        long time = random.nextInt(1_000_000);
        for (int each = 0; each < records; each++) {
            time += random.nextInt(100_000);
            EventKind kind = kinds[1 + random.nextInt(kinds.length - 1)];
            EventCodec.put(
                    buffer,
                    new Event(
                            time,
                            kind,
                            random.nextInt(4),
                            random.nextInt(3),
                            random.nextInt(10),
                            random.nextInt(),
                            0x41,
                            sequence++));
        }
        byte[] bytes = buffer.array();
        int hits = random.nextInt(4);
        for (int hit = 0; hit < hits && bytes.length > 0; hit++) {
            bytes = damage(random, bytes);
        }
        return bytes;
    }

    private static byte[] damage(Random random, byte[] bytes) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> {
                // A piece is missing.
                byte[] less = new byte[bytes.length - Math.min(bytes.length - at, 1 + at % 90)];
                System.arraycopy(bytes, 0, less, 0, Math.min(at, less.length));
                int rest = less.length - Math.min(at, less.length);
                System.arraycopy(bytes, bytes.length - rest, less, less.length - rest, rest);
                return less;
            }
            case 4 -> {
                // A piece comes twice.
                byte[] more = Arrays.copyOf(bytes, bytes.length + at);
                System.arraycopy(bytes, 0, more, bytes.length, at);
                return more;
            }
            default -> {
                // A word of extremes.
                long[] extremes = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 1L << 31};
                if (bytes.length >= 24) {
                    ByteBuffer.wrap(bytes)
                            .putLong(
                                    16 + (at / 8 * 8) % Math.max(8, bytes.length - 23),
                                    extremes[random.nextInt(extremes.length)]);
                }
            }
        }
        return bytes;
    }
}
