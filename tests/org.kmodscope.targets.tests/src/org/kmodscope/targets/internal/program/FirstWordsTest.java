/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The beginning is kept, however much comes. */
class FirstWordsTest {

    private final FirstWords words = new FirstWords();

    @Test
    void whatIsShortIsKeptWhole() throws Exception {
        words.write("it fäiled\n".getBytes(StandardCharsets.UTF_8));
        words.write('!');
        assertEquals("it fäiled\n!", words.text());
    }

    @Test
    void ofWhatIsLongTheBeginningIsKept() throws Exception {
        String reason = "no such device\n";
        new ByteArrayInputStream((reason + "x".repeat(100_000)).getBytes(StandardCharsets.UTF_8))
                .transferTo(words);
        words.write('!');
        words.write("more".getBytes(StandardCharsets.UTF_8));
        assertEquals(reason + "x".repeat(8192 - reason.length()), words.text());
    }
}
