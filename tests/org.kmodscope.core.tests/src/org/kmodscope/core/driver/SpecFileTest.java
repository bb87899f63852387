/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

class SpecFileTest {

    private static DriverSpec sample() throws KmodscopeException {
        return DriverSpec.named("ringfifo")
                .author("Jörg \"J\" <j@example.org>")
                .features(FeatureSet.parse("fasync,ioctl,pollout=none"))
                .probes(List.of("sigio"))
                .build();
    }

    @Test
    void theTextIsWhatTheDocumentationShows() throws KmodscopeException {
        assertEquals(
                """
                {
                  "format": 1,
                  "template": "globalfifo",
                  "module": "ringfifo",
                  "device": "ringfifo",
                  "author": "Jörg \\"J\\" <j@example.org>",
                  "description": "FIFO with asynchronous notification",
                  "licence": "GPL-2.0",
                  "features": [
                    "fasync",
                    "ioctl"
                  ],
                  "kernelMin": "5.10",
                  "probes": [
                    "sigio"
                  ]
                }
                """,
                SpecFile.format(sample()));
    }

    /** Whatever is valid comes back as it was. */
    @Test
    void everySpecificationComesBack() throws KmodscopeException {
        var random = new Random(20261121);
        for (var i = 0; i < 2_000; i++) {
            var spec = random(random);
            assertEquals(spec, SpecFile.parse(SpecFile.format(spec)));
            assertEquals(spec, spec.toBuilder().build());
        }
    }

    private static DriverSpec random(Random random) throws KmodscopeException {
        var features = new ArrayList<Feature>();
        for (var feature : Feature.values()) {
            if (random.nextBoolean()) {
                features.add(feature);
            }
        }
        var minor = random.nextInt(19);
        return DriverSpec.named(name(random))
                .template(random.nextBoolean() ? "globalfifo" : "t" + random.nextInt(100))
                .device(name(random))
                .author(line(random))
                .description(line(random))
                .licence(Licence.values()[random.nextInt(Licence.values().length)])
                .features(FeatureSet.of(features))
                .kernelMin("6." + minor)
                .probes(
                        switch (random.nextInt(3)) {
                            case 0 -> Optional.empty();
                            case 1 -> Optional.of(List.of());
                            default -> Optional.of(List.of("sigio", "p" + minor));
                        })
                .build();
    }

    private static String name(Random random) {
        var result = new StringBuilder("q");
        for (var n = random.nextInt(30); n > 0; n--) {
            result.append("abcxyz019_".charAt(random.nextInt(10)));
        }
        return result.toString();
    }

    private static String line(Random random) {
        var result = new StringBuilder("<");
        for (var n = random.nextInt(30); n > 0; n--) {
            result.append("aB \"\\/'<>&{}[]:,äЖ漢%".charAt(random.nextInt(19)));
        }
        return result.append('>').toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{}",
                "{\"format\": 1}",
                "{\"format\": \"1\"}",
                "{\"format\": 1.5}",
                "{\"format\": 0}",
                "{\"format\": -1}",
                "{\"format\": 1} {}",
                "\u0000\u0001",
                "<xml/>",
            })
    void brokenTextsAreRefused(String text) {
        var refused = assertThrows(KmodscopeException.class, () -> SpecFile.parse(text));
        assertEquals(Kind.FAILED, refused.kind());
        assertTrue(refused.getMessage().startsWith("kmodscope.json "), refused.getMessage());
        assertFalse(refused.remedy().isEmpty());
    }

    /** Every prefix of a good file, and every file with one member missing or of a wrong kind. */
    @Test
    void truncatedFilesAreRefused() throws KmodscopeException {
        var text = SpecFile.format(sample()).stripTrailing();
        for (var length = 0; length < text.length(); length++) {
            var part = text.substring(0, length);
            var refused = assertThrows(KmodscopeException.class, () -> SpecFile.parse(part), part);
            assertEquals(Kind.FAILED, refused.kind());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ringfifo\" | \"../evil\" | is a path",
                "\"ringfifo\" | 5 | no text \"module\"",
                "\"GPL-2.0\" | \"MIT\" | no licence",
                "\"5.10\" | \"2.6\" | outside the range",
                "\"ioctl\" | \"teleport\" | unknown feature teleport",
                "\"ioctl\" | 7 | other than text in \"features\"",
                "\"fasync\" | \"pollout\" | do not go together",
                "\"sigio\" | \"../sigio\" | not the name of a probe",
                "\"globalfifo\" | \"../../etc\" | not the name of a template",
                "\"features\" | \"futures\" | no list \"features\"",
                "\"format\" | \"Format\" | no number \"format\"",
            })
    void wrongMembersAreNamed(String good, String bad, String why) throws KmodscopeException {
        var text = SpecFile.format(sample()).replaceFirst(good, bad.replace("\\", "\\\\"));
        var refused = assertThrows(KmodscopeException.class, () -> SpecFile.parse(text));
        assertEquals(Kind.FAILED, refused.kind());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void aLaterFormatIsNeitherGuessedNorOverwritten(@TempDir Path project) throws Exception {
        var text = SpecFile.format(sample()).replace("\"format\": 1", "\"format\": 2");
        Files.writeString(project.resolve(SpecFile.NAME), text);
        var refused = assertThrows(KmodscopeException.class, () -> SpecFile.read(project));
        assertTrue(refused.getMessage().contains("format 2"), refused.getMessage());
        assertThrows(KmodscopeException.class, () -> SpecFile.write(project, sample()));
        assertEquals(text, Files.readString(project.resolve(SpecFile.NAME)));
    }

    @Test
    void aBrokenFileIsNotOverwritten(@TempDir Path project) throws Exception {
        Files.writeString(project.resolve(SpecFile.NAME), "{ half");
        assertThrows(KmodscopeException.class, () -> SpecFile.write(project, sample()));
        assertEquals("{ half", Files.readString(project.resolve(SpecFile.NAME)));
        assertEquals(List.of(SpecFile.NAME), names(project));
    }

    @Test
    void membersThatAreNotKnownAreKept(@TempDir Path project) throws Exception {
        var text =
                SpecFile.format(sample()).replace("{\n  \"f", "{\n  \"team\": {\"a\": 1},\n  \"f");
        Files.writeString(project.resolve(SpecFile.NAME), text);
        var other = sample().toBuilder().author("Somebody else").build();
        SpecFile.write(project, other);
        assertEquals(other, SpecFile.read(project));
        assertTrue(Files.readString(project.resolve(SpecFile.NAME)).contains("\"team\""));
        assertEquals(List.of(SpecFile.NAME), names(project));
    }

    @Test
    void permissionsAreThoseOfAnyFileAndStay(@TempDir Path project) throws Exception {
        var file = project.resolve(SpecFile.NAME);
        SpecFile.write(project, sample());
        var any = Files.writeString(project.resolve("any"), "");
        assertEquals(Files.getPosixFilePermissions(any), Files.getPosixFilePermissions(file));
        for (var mode : List.of("rw-r-----", "rw-rw-rw-", "r--------")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            SpecFile.write(project, sample());
            assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void aDirectoryWithoutTheFileIsNoProject(@TempDir Path project) {
        var refused = assertThrows(KmodscopeException.class, () -> SpecFile.read(project));
        assertEquals(Kind.USAGE, refused.kind());
        assertTrue(refused.getMessage().contains("not a kmodscope project"));
    }

    @Test
    void whatIsNotTextIsRefused(@TempDir Path project) throws IOException {
        Files.write(project.resolve(SpecFile.NAME), new byte[] {(byte) 0xc3, 0x28});
        var refused = assertThrows(KmodscopeException.class, () -> SpecFile.read(project));
        assertEquals(Kind.FAILED, refused.kind());
    }

    private static List<String> names(Path directory) throws IOException {
        try (var list = Files.list(directory)) {
            return list.map(path -> path.getFileName().toString()).toList();
        }
    }
}
