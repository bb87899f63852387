/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;

/**
 * One frame of the control channel, little-endian:
 *
 * <pre>
 * byte  0        4      6      8     12
 *       +--------+------+------+-----+---------------
 *       | length | type | zero | id  | payload[length]
 *       +--------+------+------+-----+---------------
 * </pre>
 */
record Frame(FrameType type, int id, byte[] payload) {

    /** The version of the protocol. */
    static final int VERSION = 2;

    static final int HEADER_BYTES = 12;

    /** The longest payload. */
    static final int PAYLOAD_MAX = 1024 * 1024;

    /** As bytes, to be sent. */
    byte[] toBytes() {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length)
                .putShort((short) type.code())
                .putShort((short) 0)
                .putInt(id)
                .put(payload)
                .array();
    }

    /**
     * The next frame; empty at the end of the stream.
     *
     * @throws IOException when the stream breaks or does not hold frames
     */
    static Optional<Frame> read(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length == 0) {
            return Optional.empty();
        }
        if (header.length < HEADER_BYTES) {
            throw new EOFException("it ended inside a frame");
        }
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int length = fields.getInt();
        int code = Short.toUnsignedInt(fields.getShort());
        fields.getShort();
        int id = fields.getInt();
        if (length < 0 || length > PAYLOAD_MAX) {
            throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        FrameType type =
                FrameType.of(code).orElseThrow(() -> new IOException("a frame of type " + code));
        byte[] payload = new byte[length];
        new DataInputStream(in).readFully(payload);
        return Optional.of(new Frame(type, id, payload));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Frame frame
                && type == frame.type
                && id == frame.id
                && Arrays.equals(payload, frame.payload);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + id) + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return type + " " + id + ", " + payload.length + " bytes";
    }
}
