/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

class GeneratedTreeTest {

    private static final GeneratedTree TREE =
            new GeneratedTree(
                    Map.of("b.c", bytes("b"), "a/deep/file", bytes("a"), ".x", bytes("")));

    /** Its last file cannot be written: no file system takes such a name. */
    private static final GeneratedTree UNWRITABLE =
            new GeneratedTree(
                    Map.of("a", bytes("a"), "d/e", bytes("e"), "z".repeat(300), bytes("z")));

    @TempDir private Path temporary;

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Everything below a directory, sorted. */
    private static List<String> below(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.filter(path -> !path.equals(directory))
                    .map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private static final List<String> WRITTEN = List.of(".x", "a", "a/deep", "a/deep/file", "b.c");

    @Test
    void pathsAreSortedAndBytesAreCopies() {
        assertEquals(List.of(".x", "a/deep/file", "b.c"), TREE.paths());
        assertEquals(Optional.of("b"), TREE.text("b.c"));
        assertEquals(Optional.empty(), TREE.text("c"));
        TREE.bytes("b.c").orElseThrow()[0] = 'x';
        assertArrayEquals(bytes("b"), TREE.bytes("b.c").orElseThrow());
        assertNotEquals(TREE, UNWRITABLE);
        assertNotEquals(
                TREE,
                new GeneratedTree(
                        Map.of(".x", bytes(""), "a/deep/file", bytes("b"), "b.c", bytes("b"))));
    }

    @Test
    void aNewDirectoryAndItsParentsAreMade() throws Exception {
        TREE.writeTo(temporary.resolve("one/two/project"));
        assertEquals(WRITTEN, below(temporary.resolve("one/two/project")));
        assertEquals(
                List.of("project"),
                below(temporary.resolve("one/two")).stream()
                        .filter(p -> !p.contains("/"))
                        .toList());
    }

    @Test
    void anEmptyDirectoryIsFilledAndStaysTheSame() throws Exception {
        var target = Files.createDirectory(temporary.resolve("here"));
        var identity = Files.getAttribute(target, "unix:ino");
        TREE.writeTo(target);
        assertEquals(WRITTEN, below(target));
        assertEquals(identity, Files.getAttribute(target, "unix:ino"));
    }

    @Test
    void blanksAndOtherAlphabetsInThePathAreNoMatter() throws Exception {
        TREE.writeTo(temporary.resolve("mein Gerät/проект"));
        assertEquals(WRITTEN, below(temporary.resolve("mein Gerät/проект")));
    }

    @Test
    void aLinkToAnEmptyDirectoryIsFollowed() throws Exception {
        var real = Files.createDirectory(temporary.resolve("real"));
        TREE.writeTo(Files.createSymbolicLink(temporary.resolve("link"), real));
        assertEquals(WRITTEN, below(real));
    }

    @Test
    void whatIsInTheWayIsNotTouched() throws Exception {
        var directory = Files.createDirectory(temporary.resolve("full"));
        Files.writeString(directory.resolve("mine"), "precious");
        var file = Files.writeString(temporary.resolve("file"), "precious");
        var dangling = Files.createSymbolicLink(temporary.resolve("dangling"), Path.of("nowhere"));
        for (var target : List.of(directory, file, file.resolve("below"), dangling, Path.of("/"))) {
            var refused =
                    assertThrows(
                            KmodscopeException.class,
                            () -> TREE.writeTo(target),
                            target.toString());
            assertEquals(Kind.USAGE, refused.kind(), refused.getMessage());
            assertFalse(refused.remedy().isEmpty());
        }
        assertEquals(List.of("dangling", "file", "full", "full/mine"), below(temporary));
        assertEquals("precious", Files.readString(directory.resolve("mine")));
        assertEquals("precious", Files.readString(file));
    }

    @Test
    void aFailureInTheMiddleLeavesNothing() throws Exception {
        var empty = Files.createDirectory(temporary.resolve("empty"));
        for (var target : List.of(temporary.resolve("new/and/deep"), empty)) {
            var failed = assertThrows(KmodscopeException.class, () -> UNWRITABLE.writeTo(target));
            assertEquals(Kind.FAILED, failed.kind(), failed.getMessage());
            assertTrue(failed.getMessage().contains("too long"), failed.getMessage());
            assertTrue(failed.remedy().contains("Nothing was left"), failed.remedy());
        }
        assertEquals(List.of("empty"), below(temporary));
    }

    @Test
    void aParentThatMayNotBeWrittenToIsNamed() throws Exception {
        var parent = Files.createDirectory(temporary.resolve("closed"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeTrue(!Files.isWritable(parent), "root may write everywhere");
        var refused =
                assertThrows(
                        KmodscopeException.class, () -> TREE.writeTo(parent.resolve("project")));
        assertEquals(Kind.USAGE, refused.kind());
        assertTrue(refused.getMessage().contains("closed"), refused.getMessage());
    }

    @Test
    void aFileSystemThatTakesNoFilesIsAFailure() {
        var failed =
                assertThrows(
                        KmodscopeException.class, () -> TREE.writeTo(Path.of("/proc/project")));
        assertTrue(failed.getMessage().contains("/proc"), failed.getMessage());
    }
}
