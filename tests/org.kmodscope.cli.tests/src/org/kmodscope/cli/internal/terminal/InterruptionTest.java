/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptionTest {

    private final List<String> heard = new ArrayList<>();
    private final Interruption interruption =
            new Interruption(Thread.currentThread(), () -> heard.add("abort"));

    @Test
    void theFirstOneCancelsAndTheNextAborts() {
        interruption.deliver();
        assertTrue(interruption.isCancelled());
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), heard);
        interruption.deliver();
        assertEquals(List.of("abort"), heard);
    }

    @Test
    void theFirstOneMayMeanEnough() {
        try (Interruption.Scope enough = interruption.firstMeans(() -> heard.add("enough"))) {
            interruption.deliver();
            assertEquals(List.of("enough"), heard);
            assertFalse(interruption.isCancelled());
            interruption.deliver();
            assertTrue(interruption.isCancelled());
            assertTrue(Thread.interrupted());
            interruption.deliver();
            assertEquals(List.of("enough", "abort"), heard);
        }
    }

    @Test
    void afterItsScopeItCancelsAgain() {
        try (Interruption.Scope enough = interruption.firstMeans(() -> heard.add("enough"))) {
            assertEquals(List.of(), heard);
        }
        interruption.deliver();
        assertTrue(interruption.isCancelled());
        assertTrue(Thread.interrupted());
    }
}
