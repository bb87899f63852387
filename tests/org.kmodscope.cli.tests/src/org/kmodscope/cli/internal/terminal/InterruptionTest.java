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
        interruption.firstMeans(() -> heard.add("enough"));
        interruption.deliver();
        assertEquals(List.of("enough"), heard);
        assertFalse(interruption.isCancelled());
        interruption.deliver();
        assertTrue(interruption.isCancelled());
        assertTrue(Thread.interrupted());
        interruption.deliver();
        assertEquals(List.of("enough", "abort"), heard);
    }

    @Test
    void afterItsScopeItCancelsAgain() {
        Interruption.Scope scope = interruption.firstMeans(() -> heard.add("enough"));
        scope.close();
        interruption.deliver();
        assertEquals(List.of(), heard);
        assertTrue(interruption.isCancelled());
        assertTrue(Thread.interrupted());
    }

    @Test
    void theEndOfAnEarlierScopeLeavesALaterOneAlone() {
        Interruption.Scope earlier = interruption.firstMeans(() -> heard.add("earlier"));
        interruption.firstMeans(() -> heard.add("later"));
        earlier.close();
        interruption.deliver();
        assertEquals(List.of("later"), heard);
    }
}
