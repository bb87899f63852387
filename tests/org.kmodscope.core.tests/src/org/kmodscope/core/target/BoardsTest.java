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
import java.util.stream.Stream;
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
        return file().read();
    }

    private BoardFile file() {
        return BoardFile.of(Map.of("XDG_CONFIG_HOME", work.toString()));
    }

    @Test
    void aBoardHasAllThatIsSaidOfIt() throws Exception {
        Boards boards =
                boards(
                        """
                        {"pi": {"address": "root@10.0.0.2", "kernel": "/linux", "arch": "arm64",
                                "crossCompile": "aarch64-linux-gnu-", "compiler": "cc",
                                "directory": "/var/tmp", "key": "/home/me/k"},
                         "plain": {"address": "plain.local"}}
                        """);
        Board pi =
                new Board(
                        "pi",
                        "root@10.0.0.2",
                        Optional.of("/linux"),
                        Optional.of(new CrossBuild("arm64", "aarch64-linux-gnu-")),
                        Optional.of("cc"),
                        "/var/tmp",
                        Optional.of("/home/me/k"));
        assertEquals(List.of(pi, boards.named("plain")), boards.list());
        assertEquals(pi, boards.named("pi"));
        assertEquals("plain.local", boards.named("plain").address());
    }

    @Test
    void whatIsNotDescribedIsAnAddress() throws Exception {
        Boards none = file().read();
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
                "{\"pi\": {\"directory\": \"/tmp/../etc\"}}",
                "{\"pi\": {\"key\": \"id_pi\"}}"
            })
    void whatMakesNoSenseIsRefusedWithTheFileNamed(String text) {
        KmodscopeException failure = assertThrows(KmodscopeException.class, () -> boards(text));
        assertEquals(KmodscopeException.Kind.USAGE, failure.kind());
        assertTrue(String.valueOf(failure.getMessage()).contains("boards.json"), failure::toString);
    }

    @Test
    void whatIsKeptIsReadAgain() throws Exception {
        Board pi =
                Board.at("root@10.0.0.2:2222")
                        .withKernel("/home/me/a \"linux\"")
                        .withCross(new CrossBuild("arm64", "aarch64-linux-gnu-"))
                        .withCompiler("cc")
                        .withDirectory("/var/tmp")
                        .withKey("/home/me/k");
        Boards both = new Boards(List.of(pi, Board.at("plain.local")));
        file().replace(new Boards(List.of()), both);
        assertEquals(both, file().read());
        file().replace(both, new Boards(List.of(pi)));
        assertEquals(List.of(pi), file().read().list());
        try (Stream<Path> files = Files.list(file().file().getParent())) {
            assertEquals(List.of(file().file()), files.toList());
        }
    }

    @Test
    void whatSomebodyElseWroteMeanwhileStays() throws Exception {
        Boards old = boards("{\"pi\": {}}");
        String other = "{\"pi\": {\"address\": \"root@pi\"}}";
        boards(other);
        assertThrows(KmodscopeException.class, () -> file().replace(old, new Boards(List.of())));
        assertEquals(other, Files.readString(file().file()));
        Files.writeString(file().file(), "{ by hand, half way");
        assertThrows(KmodscopeException.class, () -> file().replace(old, new Boards(List.of())));
        assertEquals("{ by hand, half way", Files.readString(file().file()));
    }

    @Test
    void aLinkToTheFileStaysOne() throws Exception {
        Path real = work.resolve("dotfiles.json");
        Files.writeString(real, "{}");
        Files.createDirectories(file().file().getParent());
        Files.createSymbolicLink(file().file(), real);
        file().replace(new Boards(List.of()), new Boards(List.of(Board.at("pi"))));
        assertTrue(Files.isSymbolicLink(file().file()));
        assertTrue(Files.readString(real).contains("\"pi\""));
    }
}
