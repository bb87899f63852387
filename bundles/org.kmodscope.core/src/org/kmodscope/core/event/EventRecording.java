/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Reason;

/**
 * A recording: a stream of records like that of a source (docs/adr/0001), numbered anew, which
 * holds the events of several sources. The upper byte of a record's flags is the number of its
 * source, and before the first record of a source stands one that gives its name:
 *
 * <pre>
 * kind 0xffff, stream = number of the source, request + result + band = 20 bytes UTF-8, zeros behind
 * </pre>
 *
 * Names that do not fit are cut, and told apart by a number at their end.
 */
public final class EventRecording implements EventWriter {

    private static final int NAME_CODE = 0xffff;

    /** From here on kinds are the recording's own, never an event's. */
    private static final int OWN_CODES = 0xff00;

    private static final int NAME_BYTES = 2 * Long.BYTES + Integer.BYTES;
    private static final int FLAGS = 0xff;
    private static final int BUFFER_BYTES = 1024 * EventCodec.RECORD_BYTES;

    private final FileChannel channel;
    private final ByteBuffer buffer = EventCodec.allocate(BUFFER_BYTES);
    private final List<String> names = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    private int sequence;

    private EventRecording(FileChannel channel) {
        this.channel = channel;
        EventCodec.putHeader(buffer);
    }

    /** Records to a file; replaces what it holds. */
    public static EventRecording create(Path file) throws KmodscopeException {
        try {
            return new EventRecording(
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw cannotCreate(file, e);
        }
    }

    /**
     * Reads a recording from its beginning to its end; does not close the writer.
     *
     * @throws KmodscopeException USAGE when it is not there, FAILED when it is damaged or cannot be
     *     written on; what was read before has been written
     */
    public static void read(Path file, EventWriter to)
            throws KmodscopeException, InterruptedException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "The recording " + file + " cannot be opened: " + Reason.of(e) + ".",
                    "Name a file that was made by \"kmodscope watch --record\".",
                    e);
        }
        try (StreamEventSource source = new StreamEventSource("recording", channel)) {
            source.run(new Reader(to));
        } catch (UncheckedIOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.FAILED,
                    "The recording " + file + " cannot be copied: " + e.getCause() + ".",
                    "Make room on the disk and do it again.",
                    e);
        } catch (KmodscopeException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.FAILED,
                    "The recording " + file + " is damaged. " + e.getMessage(),
                    "What comes before the damage was read; record again for the rest.",
                    e);
        }
    }

    static KmodscopeException cannotCreate(Path file, IOException cause) {
        return new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "The file " + file + " cannot be written: " + cause + ".",
                "Name a file in a directory that exists and that you may write to.",
                cause);
    }

    @Override
    public void write(String source, long time, long head, long request, long result, long tail)
            throws IOException {
        int number = number(source, time);
        int flags = EventCodec.flags(head) & FLAGS | number << 8;
        long marked = head & ~0xffff_0000L | (long) flags << 16;
        if (EventCodec.kindCode(head) >= OWN_CODES) {
            // A damaged or hostile target: its event stays an unknown one, and renames nothing.
            marked &= ~0xffffL;
        }
        put(time, marked, request, result, EventCodec.band(tail));
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }

    private void put(long time, long head, long request, long result, int band) throws IOException {
        if (buffer.remaining() < EventCodec.RECORD_BYTES) {
            flush();
        }
        EventCodec.put(buffer, time, head, request, result, EventCodec.tail(band, sequence++));
    }

    /** The number of a source; tells its name when it is new. */
    private int number(String source, long time) throws IOException {
        int known = names.indexOf(source);
        if (known >= 0) {
            return known;
        }
        if (names.size() > FLAGS) {
            throw new IOException("more than 256 sources in one recording");
        }
        names.add(source);
        int number = names.size() - 1;
        ByteBuffer name = name(source);
        long head = NAME_CODE | (long) number << 32;
        put(time, head, name.getLong(), name.getLong(), name.getInt());
        return number;
    }

    /** The bytes of a name that no other source of this recording has. */
    private ByteBuffer name(String source) {
        String end = "";
        for (int count = 2; ; count++) {
            ByteBuffer name = ByteBuffer.allocate(NAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            name.limit(NAME_BYTES - end.length());
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(source), name, true);
            name.limit(NAME_BYTES);
            name.put(end.getBytes(StandardCharsets.US_ASCII));
            if (told.add(text(name.array()))) {
                return name.clear();
            }
            end = "~" + count;
        }
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8).replace("\0", "");
    }

    /** Gives the records of a recording back to their sources. */
    private static final class Reader implements EventSink {
        private final EventWriter to;
        private final String[] names = new String[FLAGS + 1];

        Reader(EventWriter to) {
            this.to = to;
            Arrays.fill(names, "recording");
        }

        @Override
        public void accept(long time, long head, long request, long result, long tail) {
            if (EventCodec.kindCode(head) == NAME_CODE) {
                byte[] name = new byte[NAME_BYTES];
                ByteBuffer.wrap(name)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(request)
                        .putLong(result)
                        .putInt(EventCodec.band(tail));
                names[EventCodec.stream(head) & FLAGS] = text(name);
                return;
            }
            String source = names[EventCodec.flags(head) >>> 8];
            long plain = head & ~0xff00_0000L;
            try {
                to.write(source, time, plain, request, result, tail);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
