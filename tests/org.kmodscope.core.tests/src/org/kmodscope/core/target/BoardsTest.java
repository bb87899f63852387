/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.kernel.CrossBuild;

class BoardsTest {

    @TempDir Path work;

    private Boards boards(String text) throws Exception {
        Path file = work.resolve("kmodscope").resolve("boards.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Boards.of(Map.of("XDG_CONFIG_HOME", work.toString()));
    }

    @Test
    void aBoardHasAllThatIsSaidOfIt() throws Exception {
        Boards boards =
                boards(
                        """
                        {"pi": {"address": "root@10.0.0.2", "kernel": "/linux", "arch": "arm64",
                                "crossCompile": "aarch64-linux-gnu-", "compiler": "cc",
                                "directory": "/var/tmp"},
                         "plain": {"address": "plain.local"}}
                        """);
        Board pi =
                new Board(
                        "pi",
                        "root@10.0.0.2",
                        Optional.of("/linux"),
                        Optional.of(new CrossBuild("arm64", "aarch64-linux-gnu-")),
                        Optional.of("cc"),
                        "/var/tmp");
        assertEquals(List.of(pi, boards.named("plain")), boards.list());
        assertEquals(pi, boards.named("pi"));
        assertEquals("plain.local", boards.named("plain").address());
    }

    @Test
    void whatIsNotDescribedIsAnAddress() throws Exception {
        Boards none = Boards.of(Map.of("XDG_CONFIG_HOME", work.toString()));
        assertEquals(List.of(), none.list());
        assertEquals(Board.at("root@pi:2222"), none.named("root@pi:2222"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"pi\": 1}",
                "{\"pi\": {\"adress\": \"pi\"}}",
                "{\"pi\": {\"address\": 1}}",
                "{\"pi\": {\"arch\": \"arm64\"}}",
                "{\"pi\": {\"arch\": \"../x86\", \"crossCompile\": \"a-\"}}",
                "{\"pi\": {\"arch\": \"arm64\", \"crossCompile\": \"a b\"}}",
                "{\"pi\": {\"directory\": \"tmp\"}}",
                "{\"pi\": {\"directory\": \"/tmp/$(id)\"}}",
                "{\"pi\": {\"directory\": \"/tmp/../etc\"}}"
            })
    void whatMakesNoSenseIsRefusedWithTheFileNamed(String text) {
        KmodscopeException failure = assertThrows(KmodscopeException.class, () -> boards(text));
        assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
        assertTrue(String.valueOf(failure.getMessage()).contains("boards.json"), failure::toString);
    }
}
