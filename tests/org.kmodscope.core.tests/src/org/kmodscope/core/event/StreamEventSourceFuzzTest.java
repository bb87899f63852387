/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.KmodscopeException;

/**
 * Streams with damage of every kind: each ends well or with a failure for people, in bounded
 * memory, and delivers no more than it holds. {@code -Dkmodscope.fuzz.streams=…} for more than
 * usual.
 */
class StreamEventSourceFuzzTest {

    private static final int STREAMS = Integer.getInteger("kmodscope.fuzz.streams", 100_000);

    private int delivered;
    private int failures;
    private int successes;

    @Test
    void damageNeverGetsPastTheSource() throws InterruptedException {
        Random random = Seeded.random(StreamEventSourceFuzzTest.class);
        EventModel model = new EventModel(1024, 10);
        int source = model.source("fuzz");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < STREAMS; round++) {
            byte[] bytes = mutated(random);
            delivered = 0;
            run(bytes, model, source);
            // Each record may bring one LOST with it.
            assertTrue(delivered <= 2 * (bytes.length / EventCodec.RECORD_BYTES));
            if (round % 1000 == 0) {
                // The model lives on whatever it was told.
                EventSnapshot snapshot =
                        model.snapshot(
                                0,
                                new boolean[EventModel.MOST_SOURCES],
                                java.util.Optional.of(new Viewport.Live(1_000_000_000, 100)));
                assertTrue(snapshot.lost() >= 0);
                model.settle();
            }
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / STREAMS;
        System.out.println(
                STREAMS
                        + " streams: "
                        + successes
                        + " ended well, "
                        + failures
                        + " failed; "
                        + each
                        + " bytes allocated for one");
        assertTrue(each < 32_000, each + " bytes per stream");
        assertTrue(successes > STREAMS / 100 && failures > STREAMS / 100);
    }

    private void run(byte[] bytes, EventModel model, int source) throws InterruptedException {
        try (StreamEventSource stream =
                new StreamEventSource(
                        "fuzz", Channels.newChannel(new ByteArrayInputStream(bytes)))) {
            stream.run(
                    (time, head, request, result, tail) -> {
                        delivered++;
                        model.record(source, time, head, request, result, tail);
                    });
            successes++;
        } catch (KmodscopeException e) {
            assertTrue(e.getMessage().contains("\"fuzz\""));
            failures++;
        }
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
