/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final Console console = new Console();

    private void show(String text) {
        console.add(text.getBytes(), text.getBytes().length);
    }

    @Test
    void aPanicIsFoundHoweverItComesInPieces() {
        String text =
                "[    1.5] Kernel panic - not syncing: sysrq triggered crash\r\n[    1.6] CPU: 0\r\n";
        for (char c : text.toCharArray()) {
            show(String.valueOf(c));
        }
        assertEquals(Optional.of("sysrq triggered crash"), console.panic());
    }

    @Test
    void theFirstPanicIsTheCause() {
        show("Kernel panic - not syncing: first\nKernel panic - not syncing: second\n");
        assertEquals(Optional.of("first"), console.panic());
    }

    @Test
    void talkOfPanicsIsNone() {
        show("no panic here\nkernel panic - not syncing: by a user\nKernel panic\n");
        assertEquals(Optional.empty(), console.panic());
    }

    @Test
    void theTailIsTheLastLines() {
        show("one\r\ntwo\r\nthree\r\n\r\n");
        assertEquals("two\nthree", console.tail(2));
        assertEquals("one\ntwo\nthree", console.tail(9));
        assertEquals("", new Console().tail(3));
    }

    @Test
    void aFloodKeepsItsEnd() {
        for (int i = 0; i < 100_000; i++) {
            show("line " + i + "\n");
        }
        assertEquals("line 99999", console.tail(1));
        assertTrue(console.text().length() <= 256 * 1024);
        show("x".repeat(1_000_000));
        assertEquals(256 * 1024, console.text().length());
        assertEquals(Optional.empty(), console.panic());
    }
}
