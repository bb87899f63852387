/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.KmodscopeException;

@Timeout(60)
class SourceMirrorTest {

    private static final FileTime OLD = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir Path temporary;

    private Path project;
    private Path target;

    @BeforeEach
    void project() throws Exception {
        project = Files.createDirectories(temporary.resolve("my prøject"));
        target = temporary.resolve("target");
        put("Kbuild", "obj-m := a.o\n");
        put("a.c", "int a;\n");
        put("sub/b.h", "int b;\n");
    }

    @Test
    void sourcesAloneAreMirrored() throws Exception {
        put("a.o", "");
        put(".a.o.cmd", "");
        put("Module.symvers", "");
        put("build/debian-6.1/a.ko", "");
        put("probes/p.c", "");
        put(".git/config", "");
        put("a.c~", "");
        put("sub/build/c.c", "a directory named build below the top is a source directory");
        mirror(true);
        assertEquals(List.of("Kbuild", "a.c", "sub/b.h", "sub/build/c.c"), tree());
    }

    @Test
    void onlyWhatChangedIsWritten() throws Exception {
        mirror(true);
        Files.setLastModifiedTime(target.resolve("a.c"), OLD);
        Files.setLastModifiedTime(target.resolve("sub/b.h"), OLD);
        put("sub/b.h", "int c;\n");
        mirror(true);
        assertEquals(OLD, Files.getLastModifiedTime(target.resolve("a.c")));
        assertNotEquals(OLD, Files.getLastModifiedTime(target.resolve("sub/b.h")));
        assertEquals("int c;\n", Files.readString(target.resolve("sub/b.h")));
    }

    @Test
    void deletionsFollowAndProductsMayStay() throws Exception {
        mirror(true);
        Files.writeString(target.resolve("a.o"), "object");
        Files.writeString(target.resolve(".a.o.cmd"), "");
        mirror(true);
        assertEquals(List.of(".a.o.cmd", "Kbuild", "a.c", "a.o", "sub/b.h"), tree());
        mirror(false);
        assertEquals(List.of("Kbuild", "a.c", "sub/b.h"), tree());
        Files.writeString(target.resolve("a.o"), "make would take it for up to date");
        Files.delete(project.resolve("sub/b.h"));
        mirror(true);
        assertEquals(List.of("Kbuild", "a.c"), tree());
        assertFalse(Files.exists(target.resolve("sub")));
    }

    @Test
    void theDigestIsOfNamesAndContents() throws Exception {
        String before = SourceMirror.read(project).digest();
        put("probes/x.c", "not the module's");
        assertEquals(before, SourceMirror.read(project).digest());
        put("a.c", "int A;\n");
        String changed = SourceMirror.read(project).digest();
        assertNotEquals(before, changed);
        put("a.c", "int a;\n");
        assertEquals(before, SourceMirror.read(project).digest());
        Files.move(project.resolve("a.c"), project.resolve("z.c"));
        assertNotEquals(before, SourceMirror.read(project).digest());
    }

    @Test
    void linksAreFollowedAndLoopsEnd() throws Exception {
        Path shared = Files.createDirectories(temporary.resolve("shared"));
        Files.writeString(shared.resolve("s.h"), "");
        Files.createSymbolicLink(project.resolve("common"), shared);
        Files.createSymbolicLink(project.resolve("loop"), project);
        Files.createSymbolicLink(project.resolve("dangling.c"), Path.of("gone.c"));
        mirror(true);
        assertEquals(List.of("Kbuild", "a.c", "common/s.h", "sub/b.h"), tree());
        assertFalse(Files.isSymbolicLink(target.resolve("common/s.h")));
    }

    @Test
    void aScriptStaysExecutable() throws Exception {
        put("gen.sh", "#!/bin/sh\n");
        assertTrue(project.resolve("gen.sh").toFile().setExecutable(true));
        mirror(true);
        assertTrue(Files.isExecutable(target.resolve("gen.sh")));
        assertFalse(Files.isExecutable(target.resolve("a.c")));
    }

    @Test
    void somethingElseThanADriverIsRefused() throws Exception {
        try (RandomAccessFile big =
                new RandomAccessFile(project.resolve("disk.img").toFile(), "rw")) {
            big.setLength(1L << 30);
        }
        KmodscopeException refused =
                assertThrows(KmodscopeException.class, () -> SourceMirror.read(project));
        assertEquals(KmodscopeException.Kind.USAGE, refused.kind());
    }

    private void put(String name, String text) throws Exception {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void mirror(boolean keepProducts) throws Exception {
        SourceMirror.read(project).writeTo(target, keepProducts);
    }

    private List<String> tree() throws Exception {
        try (Stream<Path> all = Files.walk(target)) {
            return all.filter(Files::isRegularFile)
                    .map(path -> target.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
