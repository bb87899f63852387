/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts a payload together: little-endian numbers, strings that end with NUL. */
final class PayloadWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PayloadWriter u32(int value) {
        return bytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array(), 4);
    }

    PayloadWriter u64(long value) {
        return bytes(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), 8);
    }

    /**
     * @throws IllegalArgumentException when the text holds a NUL, which would end it too early
     */
    PayloadWriter string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in \"" + text + '"');
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes(encoded, encoded.length);
        bytes.write(0);
        return this;
    }

    PayloadWriter bytes(byte[] content, int length) {
        bytes.write(content, 0, length);
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
