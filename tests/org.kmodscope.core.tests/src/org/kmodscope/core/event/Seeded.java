/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.Random;

/**
 * Random input that can be had again: {@code -Dkmodscope.seed=…} with the seed that was printed.
 */
final class Seeded {

    private Seeded() {}

    static Random random(Class<?> test) {
        long seed = Long.getLong("kmodscope.seed", System.nanoTime());
        System.out.println(test.getSimpleName() + ": -Dkmodscope.seed=" + seed);
        return new Random(seed);
    }
}
