/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.bench.Pairs.Sample;
import org.kmodscope.core.KmodscopeException;

class PairsTest {

    @Test
    void runsTakeTurnsAndTheFirstDoNotCount() throws Exception {
        List<String> order = new ArrayList<>();
        Pairs pairs = Pairs.measure(2, () -> sample(order, "A"), () -> sample(order, "B"));
        assertEquals(List.of("A", "B", "A", "A", "B", "B", "A"), order);
        assertEquals(2, pairs.own().size());
        Row.Measured row = pairs.row("cpu", "CPU", "us", Sample::cpuPerEvent, Optional.empty());
        // Runs 4 against 5, and 7 against 6.
        assertEquals(7.0 / 6, row.judged().most(), 1e-9);
        assertEquals(4.0 / 5, row.judged().least(), 1e-9);
    }

    private static Sample sample(List<String> order, String who) {
        order.add(who);
        return new Sample(1, 1, order.size() * 1_000L, 0);
    }

    @Test
    void thePeersCompileAndRefuseWhatMakesNoSense(@TempDir Path directory) throws Exception {
        Peers peers = Peers.compile(directory);
        KmodscopeException refused =
                assertThrows(KmodscopeException.class, () -> peers.run("writer", "only one"));
        assertTrue(refused.getMessage().contains("usage: writer"), refused.getMessage());
        assertThrows(
                KmodscopeException.class,
                () -> peers.run("kernel-aio", directory.resolve("none"), 32, 0));
    }
}
