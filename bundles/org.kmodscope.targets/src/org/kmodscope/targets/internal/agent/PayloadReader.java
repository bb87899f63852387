/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Takes a payload apart.
 *
 * <p>All methods throw {@link BufferUnderflowException} when the payload ends too early.
 */
final class PayloadReader {

    private final ByteBuffer rest;

    PayloadReader(byte[] payload) {
        rest = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    int u32() {
        return rest.getInt();
    }

    long u64() {
        return rest.getLong();
    }

    String string() {
        int start = rest.position();
        int end = start;
        while (end < rest.limit() && rest.get(end) != 0) {
            end++;
        }
        if (end == rest.limit()) {
            throw new BufferUnderflowException();
        }
        rest.position(end + 1);
        return new String(rest.array(), start, end - start, StandardCharsets.UTF_8);
    }
}
