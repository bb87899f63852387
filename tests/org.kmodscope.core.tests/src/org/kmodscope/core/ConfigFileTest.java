/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    @TempDir Path temporary;

    @Test
    void itsPlaceIsTheOneOfTheSpecification() {
        assertEquals(
                place("/x"), ConfigFile.of(Map.of("XDG_CONFIG_HOME", "/x", "HOME", "/h"), "f"));
        assertEquals(place("/h/.config"), ConfigFile.of(Map.of("HOME", "/h"), "f"));
        Map<String, String> relative = Map.of("XDG_CONFIG_HOME", "x", "HOME", "/h");
        assertEquals(place("/h/.config"), ConfigFile.of(relative, "f"));
        assertTrue(ConfigFile.of(Map.of(), "f").path().isAbsolute());
    }

    private static ConfigFile place(String configuration) {
        return new ConfigFile(Path.of(configuration, "kmodscope", "f"));
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        ConfigFile file = ConfigFile.of(Map.of("HOME", temporary.toString()), "f");
        assertEquals(Optional.empty(), file.read());
        file.replace("one\n");
        file.replace("two\n");
        assertEquals(Optional.of("two\n"), file.read());
    }
}
