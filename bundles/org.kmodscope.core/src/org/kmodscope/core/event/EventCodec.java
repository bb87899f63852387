/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The one owner of the event record's layout (docs/adr/0001). The agent's {@code events.h} and the
 * bridge write the same bytes. All numbers are little-endian.
 *
 * <pre>
 * byte  0       8    10    12        16        24        32     36     40
 *       +-------+----+-----+---------+---------+---------+------+------+
 *       | time  |kind|flags| stream  | request | result  | band | seq  |
 *       | u64   |u16 | u16 | u32     | u64     | s64     | u32  | u32  |
 *       +-------+----+-----+---------+---------+---------+------+------+
 * word  0       1 (head)             2         3         4 (tail)
 * </pre>
 *
 * A stream of records starts with one header of 16 bytes: the magic {@code KMSE}, the version (u16),
 * the record's size (u16), and eight reserved bytes that are zero.
 *
 * <p>{@code seq} counts the records of one stream from 0. A gap tells a reader how many records the
 * channel dropped, exactly.
 */
public final class EventCodec {

    /** Bytes of one record. */
    public static final int RECORD_BYTES = 40;

    /** Longs of one record, in memory. */
    public static final int RECORD_WORDS = RECORD_BYTES / Long.BYTES;

    /** Bytes of the header of a stream. */
    public static final int HEADER_BYTES = 16;

    /** Version of this layout. */
    public static final int VERSION = 1;

    /** "KMSE", read as a little-endian u32. */
    public static final int MAGIC = 0x45534d4b;

    /** The event was read back by a poll(2) after an overflow; no signal told of it. */
    public static final int FLAG_RESYNC = 1;

    /** The count of a {@link EventKind#LOST} is not known; {@code result} is 0. */
    public static final int FLAG_COUNT_UNKNOWN = 2;

    private EventCodec() {}

    /** Word 1. */
    public static long head(EventKind kind, int flags, int stream) {
        return kind.code() | (flags & 0xffffL) << 16 | (long) stream << 32;
    }

    /** Word 4. */
    public static long tail(int band, int sequence) {
        return (band & 0xffff_ffffL) | (long) sequence << 32;
    }

    /** The kind's code in word 1. */
    public static int kindCode(long head) {
        return (int) head & 0xffff;
    }

    /** The kind in word 1; empty when a newer writer used a kind that is not known here. */
    public static Optional<EventKind> kind(long head) {
        return EventKind.of(kindCode(head));
    }

    /** The flags in word 1. */
    public static int flags(long head) {
        return (int) (head >>> 16) & 0xffff;
    }

    /** The stream in word 1. */
    public static int stream(long head) {
        return (int) (head >>> 32);
    }

    /** The band in word 4. */
    public static int band(long tail) {
        return (int) tail;
    }

    /** The sequence number in word 4. */
    public static int sequence(long tail) {
        return (int) (tail >>> 32);
    }

    /** A new buffer with the byte order of the format. */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the header that starts a stream. */
    public static void putHeader(ByteBuffer out) {
        out.putInt(MAGIC).putShort((short) VERSION).putShort((short) RECORD_BYTES).putLong(0);
    }
}
