/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.visual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Figures as people read them. */
class QuantityTest {

    @Test
    void intervals() {
        assertEquals("850 ns", Quantity.interval(850));
        assertEquals("18.4 µs", Quantity.interval(18_400));
        assertEquals("262.0 µs", Quantity.interval(262_000));
        assertEquals("3.9 ms", Quantity.interval(3_900_000));
        assertEquals("2.50 s", Quantity.interval(2_500_000_000L));
        assertEquals("98 µs", Quantity.brief(98_000));
        assertEquals("3.9 ms", Quantity.brief(3_900_000));
        assertEquals("412 µs", Quantity.brief(412_345));
    }

    @Test
    void moments() {
        assertEquals("12.483 200 s", Quantity.moment(12_483_200_000L));
        assertEquals("−0.000 001 s", Quantity.moment(-1_000));
        assertEquals("+243.1", Quantity.signed(243_100, 1_000, 1));
        assertEquals("−5.0", Quantity.signed(-5_000, 1_000, 1));
    }

    @Test
    void counts() {
        assertEquals("1,421,806", Quantity.count(1_421_806));
        assertEquals("5.6 k", Quantity.brief(5_600.0));
        assertEquals("47.9 k", Quantity.brief(47_900.0));
        assertEquals("175", Quantity.brief(175.0));
        assertEquals("0", Quantity.brief(0.0));
        assertEquals("1.4 M", Quantity.brief(1_400_000.0));
        assertEquals("1.0 M", Quantity.brief(999_999.0));
    }

    @Test
    void sizes() {
        assertEquals("0 B", Quantity.bytes(0));
        assertEquals("1.0 kB", Quantity.bytes(1_000));
        assertEquals("1.0 MB", Quantity.bytes(999_600));
        assertEquals("134 MB", Quantity.bytes(134_000_000));
        assertEquals("1.2 GB", Quantity.bytes(1_234_000_000));
    }
}
