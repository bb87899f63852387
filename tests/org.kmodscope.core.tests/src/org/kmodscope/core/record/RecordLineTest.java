/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;

class RecordLineTest {

    @Test
    void textsComeBackWhateverIsInThem() throws Exception {
        List<String> texts = List.of("7", "start", "", "a b", "100 %", "\n\0", "é→");
        RecordLine line = RecordLine.of(5, RecordLine.Kind.CALL, texts);
        assertEquals("5 call 7 start % a%20b 100%20%25 %0A%00 %C3%A9%E2%86%92", line.encoded());
        RecordLine back = RecordLine.parse(line.encoded());
        assertEquals(line, back);
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(texts.get(i), back.text(i));
        }
    }

    @Test
    void whatIsPrintedKeepsItsSpacesAndItsBytes() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        RecordLine line = RecordLine.printed(1, RecordLine.Kind.OUT, 3, all);
        assertArrayEquals(all, RecordLine.parse(line.encoded()).bytes(1));
        byte[] text = "ok 1 - reads\n".getBytes(StandardCharsets.US_ASCII);
        RecordLine readable = RecordLine.printed(1, RecordLine.Kind.OUT, 3, text);
        assertEquals("1 out 3 ok 1 - reads%0A", readable.encoded());
        assertArrayEquals(text, RecordLine.parse(readable.encoded()).bytes(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "x ok 1",
                "-1 ok 1",
                "1 nothing 2",
                "1 log 1 2 3",
                "1 call 1",
                "1234567890123456 ok 1"
            })
    void whatIsNoLineIsSaidToBeNone(String line) {
        assertThrows(IllegalArgumentException.class, () -> RecordLine.parse(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 ok %", "1 ok 1x", "1 ok 1234567890123456789", "1 ok %2", "1 ok %zz"})
    void fieldsThatMakeNoSenseAreDamage(String line) {
        RecordLine parsed = RecordLine.parse(line);
        KmodscopeException damage =
                assertThrows(
                        KmodscopeException.class,
                        () -> {
                            parsed.bytes(0);
                            parsed.number(0);
                        });
        assertEquals(KmodscopeException.Kind.FAILED, damage.kind());
    }
}
