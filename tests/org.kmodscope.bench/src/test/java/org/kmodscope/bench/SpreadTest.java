/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void theMedianIsTheMiddleInWhateverOrder() {
        assertEquals(new Spread(3, 1, 9, 8), Spread.of(9, 1, 3));
        assertEquals(new Spread(2.5, 1, 9, 1), Spread.of(3, 9, 2, 1));
        assertEquals(new Spread(7, 7, 7, 0), Spread.of(7));
    }

    @Test
    void ratiosAreOfPairsNotOfMedians() {
        // Each pair is 2 : 1 although the machine slowed down by ten meanwhile.
        assertEquals(
                new Spread(2, 2, 2, 0),
                Spread.ofRatios(new double[] {2, 20, 6}, new double[] {1, 10, 3}));
    }

    @Test
    void whatCannotBeJudgedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of());
        assertThrows(IllegalArgumentException.class, () -> Spread.of(1, Double.NaN));
        assertThrows(
                IllegalArgumentException.class,
                () -> Spread.ofRatios(new double[] {1}, new double[] {0}));
        assertThrows(
                IllegalArgumentException.class,
                () -> Spread.ofRatios(new double[] {1, 2}, new double[] {1}));
        assertThrows(IllegalArgumentException.class, () -> new Pairs.Sample(0, 1, 1, 0));
    }

    @Test
    void runsThatDifferMuchAreWide() {
        assertFalse(Spread.of(0.95, 1.0, 1.05).isWide());
        assertTrue(Spread.of(0.9, 1.0, 1.15).isWide());
        assertFalse(Spread.of(0.1, 0.95, 1, 1.05, 9).isWide(), "two runs that were disturbed");
        assertTrue(Spread.of(0.1, 0.9, 1, 1.15, 9).isWide());
        assertFalse(Spread.of(0, 0, 0).isWide());
        assertTrue(Spread.of(0, 0, 5).isWide());
    }
}
