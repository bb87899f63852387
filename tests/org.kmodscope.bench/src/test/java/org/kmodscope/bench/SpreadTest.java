/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void theMedianIsTheMiddleInWhateverOrder() {
        assertEquals(3, Spread.of(9, 1, 3).median());
        assertEquals(1, Spread.of(9, 1, 3).least());
        assertEquals(9, Spread.of(9, 1, 3).most());
        assertEquals(2.5, Spread.of(3, 9, 2, 1).median());
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
    void runsThatDifferMuchAreNoisyUnlessThereAreMany() {
        assertFalse(Spread.of(0.96, 1.0, 1.04).isNoisy());
        assertTrue(Spread.of(0.9, 1.0, 1.15).isNoisy());
        assertFalse(Spread.of(0.1, 0.95, 1, 1.05, 9).isNoisy(), "two runs that were disturbed");
        assertTrue(Spread.of(0.1, 0.9, 1, 1.15, 9).isNoisy());
        assertFalse(Spread.of(0, 0, 0).isNoisy());
        assertTrue(Spread.of(0, 0, 5).isNoisy());
        double[] many = new double[81];
        Arrays.setAll(many, run -> 0.8 + run % 5 * 0.1);
        assertFalse(Spread.of(many).isNoisy());
        assertTrue(Spread.of(Arrays.copyOf(many, 5)).isNoisy());
    }
}
