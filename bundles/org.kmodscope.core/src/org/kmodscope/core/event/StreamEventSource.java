/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.util.OptionalInt;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;

/**
 * Events that come as bytes, from the agent or the bridge in a target: one header, then records
 * (docs/adr/0001). Whatever the bytes are, the source needs one buffer of {@value #BUFFER_BYTES}
 * bytes and ends with success or a {@link KmodscopeException}.
 *
 * <p>Gaps in the records' numbers are told as {@link EventKind#LOST}, in their place and with the
 * exact count (docs/adr/0002). Records of kinds that only a newer writer knows are passed on.
 */
public final class StreamEventSource implements EventSource {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final String name;
    private final ReadableByteChannel channel;
    private volatile boolean stopping;
    private volatile int delivered;
    private volatile OptionalInt stopAt = OptionalInt.empty();

    // Owned by the thread in run().
    private int expected;
    private long lastTime;

    /**
     * @param name for the column "source"
     * @param channel blocking, and woken by its close as an {@link
     *     java.nio.channels.InterruptibleChannel} is; the source owns it from now on
     */
    public StreamEventSource(String name, ReadableByteChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * The number of the next record: so many came, modulo 2<sup>32</sup>. It is brought up to date
     * whenever the source has to wait for more.
     */
    public int nextSequence() {
        return delivered;
    }

    /**
     * Ends the source, as the end of its stream does, when the records before this number have been
     * delivered; at once if they have. {@link #stop}, in contrast, leaves unread what is on its
     * way.
     */
    public void stopAt(int sequence) {
        stopAt = OptionalInt.of(sequence);
        if (delivered - sequence >= 0) {
            stop();
        }
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        ByteBuffer buffer = EventCodec.allocate(BUFFER_BYTES).limit(0);
        try (channel) {
            if (fill(buffer, EventCodec.HEADER_BYTES)) {
                check(EventCodec.header(buffer));
                while (fill(buffer, EventCodec.RECORD_BYTES)) {
                    deliver(buffer, sink);
                }
            } else if (!stopping) {
                throw broken("ended before it began", null);
            }
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException();
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            if (!stopping) {
                throw broken("cannot be read (" + e + ")", e);
            }
        } finally {
            delivered = expected;
        }
    }

    @Override
    public void stop() {
        stopping = true;
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing more will be read from it, and that was asked for.
            return;
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Makes the buffer hold so many bytes; false at the end of the stream. */
    private boolean fill(ByteBuffer buffer, int bytes) throws IOException, KmodscopeException {
        while (buffer.remaining() < bytes) {
            delivered = expected;
            OptionalInt end = stopAt;
            if (stopping || end.isPresent() && expected - end.getAsInt() >= 0) {
                return false;
            }
            buffer.compact();
            int read = channel.read(buffer);
            buffer.flip();
            if (read == 0) {
                throw broken("does not wait for data: its channel is not blocking", null);
            }
            if (read < 0) {
                if (buffer.hasRemaining() && !stopping) {
                    throw broken(
                            "ended after " + buffer.remaining() + " of " + bytes + " bytes", null);
                }
                return false;
            }
        }
        return true;
    }

    private void check(EventCodec.Header header) throws KmodscopeException {
        switch (header) {
            case EventCodec.Header.Valid() -> {
                return;
            }
            case EventCodec.Header.Foreign() ->
                    throw broken("does not start as one: it holds something else", null);
            case EventCodec.Header.OtherVersion(int version, int recordBytes) ->
                    throw new KmodscopeException(
                            KmodscopeException.Kind.LAB,
                            String.format(
                                    "The event stream \"%s\" has version %d with records of %d"
                                            + " bytes; this kmodscope reads version %d with %d.",
                                    name,
                                    version,
                                    recordBytes,
                                    EventCodec.VERSION,
                                    EventCodec.RECORD_BYTES),
                            "Use the agent that belongs to this kmodscope.");
        }
    }

    private void deliver(ByteBuffer buffer, EventSink sink) throws KmodscopeException {
        long time = buffer.getLong();
        long head = buffer.getLong();
        long request = buffer.getLong();
        long result = buffer.getLong();
        long tail = buffer.getLong();
        int gap = EventCodec.sequence(tail) - expected;
        if (gap < 0) {
            throw broken(
                    String.format(
                            "is damaged: record %s follows where %s should",
                            Integer.toUnsignedString(EventCodec.sequence(tail)),
                            Integer.toUnsignedString(expected)),
                    null);
        }
        if (gap > 0) {
            long reach = expected == 0 ? 0 : Math.max(0, time - lastTime);
            long lost = EventCodec.head(EventKind.LOST, 0, 0);
            sink.accept(time, lost, reach, gap, EventCodec.tail(0, expected));
        }
        sink.accept(time, head, request, result, tail);
        expected += gap + 1;
        lastTime = time;
    }

    private KmodscopeException broken(String how, @Nullable Throwable cause) {
        return new KmodscopeException(
                KmodscopeException.Kind.LAB,
                "The event stream \"" + name + "\" " + how + ".",
                "Look at the kernel log of the target, and start it again.",
                cause);
    }
}
