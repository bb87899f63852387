/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DebugFlavourTest {

    private static Set<String> options(DebugFlavour flavour) throws Exception {
        return DebugBuild.options(new String(flavour.configuration(), StandardCharsets.UTF_8));
    }

    @Test
    void bothHaveAllThatFindsFaults() throws Exception {
        for (DebugFlavour flavour : DebugFlavour.values()) {
            for (String each :
                    List.of(
                            "KASAN",
                            "PROVE_LOCKING",
                            "DEBUG_ATOMIC_SLEEP",
                            "DEBUG_KMEMLEAK",
                            "DEBUG_OBJECTS",
                            "FAILSLAB")) {
                assertTrue(options(flavour).contains("CONFIG_" + each + "=y"), flavour + each);
            }
        }
    }

    @Test
    void severalProcessorsAreForQemuAlone() throws Exception {
        assertTrue(options(DebugFlavour.QEMU).contains("CONFIG_SMP=y"));
        assertFalse(options(DebugFlavour.UML).contains("CONFIG_SMP=y"));
    }

    @Test
    void whatBelongsToAProgramIsNotForQemu() throws Exception {
        assertTrue(options(DebugFlavour.UML).contains("CONFIG_BLK_DEV_UBD=y"));
        assertFalse(options(DebugFlavour.QEMU).contains("CONFIG_BLK_DEV_UBD=y"));
    }

    @Test
    void theLastWordOnAnOptionCounts() {
        String text = "CONFIG_A=y\nCONFIG_B=y\n# CONFIG_A is not set\nCONFIG_B=4\n# CONFIG_C=y\n";
        assertEquals(Set.of("CONFIG_B=4"), DebugBuild.options(text));
    }
}
