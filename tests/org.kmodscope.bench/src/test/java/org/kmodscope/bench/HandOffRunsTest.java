/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.bench.HandOffRuns.Run;

class HandOffRunsTest {

    @ParameterizedTest
    @CsvSource({"68, 68, true", "68, 75, true", "75, 68, true", "30, 68, false", "300, 68, false"})
    void onlyRunsAtTheSameDistanceMakeAPair(double one, double other, boolean comparable) {
        assertEquals(comparable, new Run(2, one).isAsFarAs(new Run(3, other)));
    }
}
