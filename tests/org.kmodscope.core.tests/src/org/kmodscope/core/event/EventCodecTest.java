/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventCodecTest {

    @Test
    void whatIsWrittenIsRead() {
        Random random = Seeded.random(EventCodecTest.class);
        EventKind[] kinds = EventKind.values();
        for (int round = 0; round < 100_000; round++) {
            Event event =
                    new Event(
                            random.nextLong(),
                            kinds[1 + random.nextInt(kinds.length - 1)],
                            random.nextInt(0x1_0000),
                            random.nextInt(),
                            random.nextLong(),
                            random.nextLong(),
                            random.nextInt(),
                            random.nextInt());
            ByteBuffer bytes = ByteBuffer.allocate(EventCodec.RECORD_BYTES);
            EventCodec.put(bytes, event);
            assertEquals(0, bytes.remaining());
            Sent sent = new Sent();
            EventCodec.take(bytes.flip().order(ByteOrder.BIG_ENDIAN), sent);
            assertEquals(List.of(event), sent.events);
        }
    }

    /** These bytes are what the agent's events.h must produce, too. */
    @Test
    void theBytesAreThoseOfTheDecision() {
        ByteBuffer bytes = ByteBuffer.allocate(EventCodec.RECORD_BYTES);
        EventCodec.put(
                bytes,
                new Event(
                        0x0102030405060708L,
                        EventKind.LOST,
                        2,
                        0x11121314,
                        0x21222324L,
                        -2,
                        0x41,
                        0x31323334));
        assertEquals(
                "0807060504030201"
                        + "1100"
                        + "0200"
                        + "14131211"
                        + "2423222100000000"
                        + "feffffffffffffff"
                        + "41000000"
                        + "34333231",
                HexFormat.of().formatHex(bytes.array()));
    }

    @Test
    void theHeaderSaysWhatFollows() {
        ByteBuffer bytes = ByteBuffer.allocate(EventCodec.HEADER_BYTES);
        EventCodec.putHeader(bytes);
        assertArrayEquals(
                HexFormat.of().parseHex("4b4d5345010028000000000000000000"), bytes.array());
        assertEquals(new EventCodec.Header.Valid(), EventCodec.header(bytes.rewind()));

        assertEquals(
                new EventCodec.Header.OtherVersion(2, 40),
                EventCodec.header(bytes.duplicate().put(4, (byte) 2).rewind()));
        bytes.put(4, (byte) 1).put(6, (byte) 48);
        assertEquals(new EventCodec.Header.OtherVersion(1, 48), EventCodec.header(bytes.rewind()));
        bytes.put(6, (byte) 40).put(15, (byte) 1);
        assertEquals(new EventCodec.Header.OtherVersion(1, 40), EventCodec.header(bytes.rewind()));
        bytes.put(15, (byte) 0).put(0, (byte) 'X');
        assertEquals(new EventCodec.Header.Foreign(), EventCodec.header(bytes.rewind()));
    }

    @Test
    void kindsOfNewerWritersAreUnknownAndNotWritten() {
        for (int code : new int[] {0, 19, 0xff, 0xffff}) {
            assertEquals(EventKind.UNKNOWN, EventKind.of(code));
        }
        for (EventKind kind : EventKind.values()) {
            assertEquals(kind, EventKind.of(kind.code()));
        }
        Event unknown = EventCodec.toEvent(1, 77, 2, 3, 4);
        assertEquals(EventKind.UNKNOWN, unknown.kind());
        assertThrows(
                IllegalArgumentException.class,
                () -> EventCodec.put(ByteBuffer.allocate(40), unknown));
    }
}
