/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.core.KmodscopeException;

class AbiTest {

    @Test
    void knowsTwoArchitecturesByTheNamesOfTheirJdks() throws Exception {
        assertEquals(297, Abi.of("Linux", "amd64").tgsigqueueinfo());
        assertEquals(297, Abi.of("Linux", "x86_64").tgsigqueueinfo());
        assertEquals(240, Abi.of("Linux", "aarch64").tgsigqueueinfo());
    }

    @ParameterizedTest
    @CsvSource({
        "Windows 11, amd64, Windows 11",
        "Mac OS X, aarch64, Mac OS X",
        "Linux, i386, i386",
        "Linux, arm, arm",
        "Linux, riscv64, riscv64"
    })
    void refusesTheOthersByName(String system, String architecture, String named) {
        KmodscopeException refused =
                assertThrows(KmodscopeException.class, () -> Abi.of(system, architecture));
        assertEquals(KmodscopeException.Kind.MISSING, refused.kind());
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
        assertFalse(refused.remedy().isEmpty());
    }
}
