/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.FeatureSet;

class CoveringSetTest {

    private static final CoveringSet ALL =
            new CoveringSet(EnumSet.allOf(Feature.class), set -> true);

    @Test
    void eachPairThatAnyChoiceHoldsIsHeldByOneOfTheFew() {
        List<FeatureSet> few = ALL.pairs();
        assertTrue(few.size() < 40, few::toString);
        assertTrue(few.size() * 10 < ALL.full().size(), () -> ALL.full().size() + " in all");
        for (Feature one : Feature.values()) {
            for (Feature other : Feature.values()) {
                assertEquals(
                        ALL.full().stream().anyMatch(set -> set.has(one) && set.has(other)),
                        few.stream().anyMatch(set -> set.has(one) && set.has(other)),
                        one + " and " + other);
                assertEquals(
                        ALL.full().stream().anyMatch(set -> set.has(one) && !set.has(other)),
                        few.stream().anyMatch(set -> set.has(one) && !set.has(other)),
                        one + " without " + other);
            }
        }
    }

    @Test
    void nothingAndEachFeatureAloneAreAmongThem() {
        List<FeatureSet> few = ALL.pairs();
        assertTrue(few.contains(FeatureSet.none()));
        for (Feature feature : Feature.values()) {
            int least =
                    ALL.full().stream()
                            .filter(set -> set.has(feature))
                            .mapToInt(set -> set.asSet().size())
                            .min()
                            .orElseThrow();
            assertTrue(
                    few.stream().anyMatch(set -> set.has(feature) && set.asSet().size() == least),
                    feature::toString);
        }
    }

    @Test
    void theSameEachTime() {
        CoveringSet again = new CoveringSet(EnumSet.allOf(Feature.class), set -> true);
        assertEquals(ALL.pairs(), again.pairs());
    }

    @Test
    void whatATemplateRefusesIsNotAmongThem() {
        CoveringSet some =
                new CoveringSet(
                        EnumSet.allOf(Feature.class), set -> !set.has(Feature.AIO_DEFERRED));
        assertFalse(some.full().stream().anyMatch(set -> set.has(Feature.AIO_DEFERRED)));
        assertTrue(some.pairs().stream().anyMatch(set -> set.has(Feature.AIO_QUEUED)));
    }

    @Test
    void aTemplateWithoutFeaturesHasOneChoice() {
        CoveringSet none = new CoveringSet(List.of(), set -> true);
        assertEquals(List.of(FeatureSet.none()), none.pairs());
    }
}
