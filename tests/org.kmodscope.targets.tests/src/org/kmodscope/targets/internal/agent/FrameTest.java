/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

    private static final Frame FRAME = new Frame(FrameType.STDOUT, 7, new byte[] {1, 2, 3});

    @Test
    void whatIsWrittenIsRead() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(FRAME.toBytes());
        assertEquals(Optional.of(FRAME), Frame.read(in));
        assertEquals(Optional.empty(), Frame.read(in));
    }

    @Test
    void theLayoutIsTheAgents() {
        byte[] expected = {3, 0, 0, 0, (byte) 131, 0, 0, 0, 7, 0, 0, 0, 1, 2, 3};
        assertArrayEquals(expected, FRAME.toBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 14})
    void aCutFrameIsAFailure(int length) {
        byte[] cut = Arrays.copyOf(FRAME.toBytes(), length);
        assertThrows(IOException.class, () -> Frame.read(new ByteArrayInputStream(cut)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Frame.PAYLOAD_MAX + 1, Integer.MAX_VALUE})
    void noLengthIsTrusted(int length) {
        byte[] bytes = FRAME.toBytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
        assertThrows(IOException.class, () -> Frame.read(new ByteArrayInputStream(bytes)));
    }

    @Test
    void anUnknownTypeIsAFailure() {
        byte[] bytes = FRAME.toBytes();
        bytes[4] = 99;
        assertThrows(IOException.class, () -> Frame.read(new ByteArrayInputStream(bytes)));
    }

    @Test
    void payloadsComeApartAsTheyWerePutTogether() {
        PayloadReader reader =
                new PayloadReader(
                        new PayloadWriter().u32(-2).u64(Long.MIN_VALUE).string("é ü").toBytes());
        assertEquals(-2, reader.u32());
        assertEquals(Long.MIN_VALUE, reader.u64());
        assertEquals("é ü", reader.string());
        assertThrows(BufferUnderflowException.class, reader::u32);
    }

    @Test
    void aStringWithoutItsEndIsAFailure() {
        PayloadReader reader = new PayloadReader(new byte[] {'a', 'b'});
        assertThrows(BufferUnderflowException.class, reader::string);
    }

    @Test
    void aNulInAStringIsRefused() {
        PayloadWriter writer = new PayloadWriter();
        assertThrows(IllegalArgumentException.class, () -> writer.string("a\0b"));
    }
}
