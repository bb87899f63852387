/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
 * A stream of records starts with one header of 16 bytes: the magic {@code KMSE}, the version
 * (u16), the record's size (u16), and eight reserved bytes that are zero.
 *
 * <p>{@code seq} numbers the records that were put into one channel, from 0. A gap tells a reader
 * how many records the channel dropped, exactly; what the writer itself dropped has no number and
 * is told by {@link EventKind#LOST} (docs/adr/0002).
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

    /** A {@link EventKind#LOST} whose {@code result} is only the part of the loss that is known. */
    public static final int FLAG_COUNT_UNKNOWN = 2;

    /**
     * A {@link EventKind#SIGNAL_GENERATED} that came about in a write call of the same source: in
     * the thread that writes, while it was in that call.
     */
    public static final int FLAG_OWN_WRITE = 4;

    /**
     * A {@link EventKind#MARKER}, by its result: one of several models that take turns has the
     * device from now on. {@code request} counts the turns.
     */
    public static final int TURN_BEGINS = 1;

    /** A {@link EventKind#MARKER}, by its result: that model does not watch any more. */
    public static final int TURN_ENDS = 2;

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

    /** The kind in word 1; {@link EventKind#UNKNOWN} when only a newer writer knows it. */
    public static EventKind kind(long head) {
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
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putShort((short) VERSION).putShort((short) RECORD_BYTES).putLong(0);
    }

    /** Takes {@link #HEADER_BYTES} from the buffer and says what they announce. */
    public static Header header(ByteBuffer in) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt();
        int version = Short.toUnsignedInt(in.getShort());
        int recordBytes = Short.toUnsignedInt(in.getShort());
        long reserved = in.getLong();
        if (magic != MAGIC) {
            return new Header.Foreign();
        }
        return version == VERSION && recordBytes == RECORD_BYTES && reserved == 0
                ? new Header.Valid()
                : new Header.OtherVersion(version, recordBytes);
    }

    /** What the first bytes of a stream announce. */
    public sealed interface Header {

        /** Records as laid out here follow. */
        record Valid() implements Header {}

        /** The bytes are no event stream at all. */
        record Foreign() implements Header {}

        /** An event stream of another layout, which must not be read by this one. */
        record OtherVersion(int version, int recordBytes) implements Header {}
    }

    /** Writes one record; the buffer is little-endian from then on. */
    public static void put(
            ByteBuffer out, long time, long head, long request, long result, long tail) {
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(time).putLong(head).putLong(request).putLong(result).putLong(tail);
    }

    /** Writes one event; {@link EventKind#UNKNOWN} has no bytes and is refused. */
    public static void put(ByteBuffer out, Event event) {
        send(
                event,
                (time, head, request, result, tail) -> put(out, time, head, request, result, tail));
    }

    /** Takes one record from the buffer, which holds at least that many bytes. */
    public static void take(ByteBuffer in, EventSink sink) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        sink.accept(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /** Hands an event over as its five words. */
    public static void send(Event event, EventSink sink) {
        if (event.kind() == EventKind.UNKNOWN) {
            throw new IllegalArgumentException("an event of unknown kind cannot be written");
        }
        sink.accept(
                event.timeNanos(),
                head(event.kind(), event.flags(), event.stream()),
                event.request(),
                event.result(),
                tail(event.band(), event.sequence()));
    }

    /** The event of five words. */
    public static Event toEvent(long time, long head, long request, long result, long tail) {
        return new Event(
                time,
                kind(head),
                flags(head),
                stream(head),
                request,
                result,
                band(tail),
                sequence(tail));
    }
}
