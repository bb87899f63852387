/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParsingTest {

    @TempDir Path place;

    /** A wrong use and a part of what has to be said about it. */
    private record Wrong(String said, String... arguments) {}

    private static Wrong wrong(String said, String... arguments) {
        return new Wrong(said, arguments);
    }

    private static final List<Wrong> WRONG =
            List.of(
                    wrong("a command is missing"),
                    wrong("Did you mean", "wach", "DIR"),
                    wrong("Unknown option: '--colour'", "doctor", "--colour"),
                    wrong("exclude each other", "doctor", "--quiet", "--verbose"),
                    wrong("--name", "new", "DIR"),
                    wrong("DIR", "new", "--name", "x"),
                    wrong("Unmatched argument", "new", "DIR", "MORE", "--name", "x"),
                    wrong("no workflow file", "new", "DIR", "--name", "x", "--ci", "jenkins"),
                    wrong("DIR", "build"),
                    wrong("mutually exclusive", "build", "D", "--kernel", "a", "--kdir", "b"),
                    wrong("There is no project directory", "build", "/no/such/place"),
                    wrong("There is no project directory", "probe", "/no/such/place"),
                    wrong("There is no project directory", "watch", "/no/such/place"),
                    wrong(
                            "not for user-mode Linux",
                            "probe",
                            "D",
                            "--target",
                            "uml",
                            "--kernel",
                            "debian-6.1"),
                    wrong("one processor", "watch", "D", "--target", "uml", "--smp", "2"),
                    wrong("1 to 64 processors, not 0", "watch", "D", "--smp", "0"),
                    wrong("MiB of memory, not 1", "probe", "D", "--memory", "1"),
                    wrong(
                            "The kernel debian-6.1 is not the one that runs on this machine",
                            "watch",
                            "D",
                            "--target",
                            "local",
                            "--kernel",
                            "debian-6.1"),
                    wrong(
                            "This machine has the processors and the memory",
                            "probe",
                            "D",
                            "--target",
                            "local",
                            "--smp",
                            "2"),
                    wrong("exclu", "local", "--install", "--remove"),
                    wrong("There is no target moon", "watch", "D", "--target", "moon"),
                    wrong("--source", "watch", "D", "--source", "oracle"),
                    wrong("--io aio needs --source bridge", "watch", "D", "--io", "aio"),
                    wrong("--io must be one of", "watch", "D", "--io", "telepathy"),
                    wrong("--io must be one of", "watch", "D", "--io", "poll,poll"),
                    wrong("must stand alone", "watch", "D", "--io", "poll,posix-aio"),
                    wrong("needs --source bridge", "watch", "D", "--io", "sigio,poll"),
                    wrong("--turn must be from 0.1 to 60", "watch", "D", "--turn", "0.05"),
                    wrong("--depth must be from 1", "watch", "D", "--depth", "0"),
                    wrong("--seconds", "watch", "D", "--seconds", "soon"),
                    wrong("--seconds must be more than 0", "watch", "D", "--seconds", "0"),
                    wrong("--seconds must be more than 0", "watch", "D", "--seconds=-1"),
                    wrong("--seconds must be more than 0", "watch", "D", "--seconds", "NaN"),
                    wrong("--rate must be from 0", "watch", "D", "--rate=-1"),
                    wrong("--rate must be from 0", "watch", "D", "--rate", "1e9"),
                    wrong("--csv", "watch", "D", "--csv"),
                    wrong("--record", "watch", "D", "--record"),
                    wrong("--junit", "probe", "D", "--junit"),
                    wrong("--depth is for no probe", "probe", "D", "--", "--depth", "9"),
                    wrong("Unknown option: '--depth'", "probe", "D", "--depth", "9"),
                    wrong("leaves a probe no time", "probe", "D", "--limit", "0"),
                    wrong("--limit", "probe", "D", "--limit", "long"),
                    wrong("mutually exclusive", "kernels", "--fetch", "a", "--remove", "b"),
                    wrong("mutually exclusive", "kernels", "--add", "a", "--remove", "b"),
                    wrong("There is no project directory", "matrix", "/no/such/place"),
                    wrong("no share of the kernels", "matrix", "D", "--shard", "0/2"),
                    wrong("no share of the kernels", "matrix", "D", "--shard", "3/2"),
                    wrong("no share of the kernels", "matrix", "D", "--shard", "1/2/3"),
                    wrong("no workflow file", "matrix", "D", "--write-ci", "jenkins"),
                    wrong("--repeat 0", "matrix", "D", "--repeat", "0"),
                    wrong("--repeat 101", "matrix", "D", "--repeat", "101"),
                    wrong("--markdown", "matrix", "D", "--markdown"),
                    wrong("no directory", "matrix", "D", "--junit", "/no/such/place/j.xml"),
                    wrong("./kmodscope bench", "bench", "--json", "F"),
                    wrong("Unmatched argument", "demo", "quickly"),
                    wrong("Unmatched argument", "doctor", "please"));

    @TestFactory
    List<DynamicTest> wrongUseIsExplained() {
        return WRONG.stream()
                .map(
                        one ->
                                DynamicTest.dynamicTest(
                                        "kmodscope " + String.join(" ", one.arguments()),
                                        () -> check(one)))
                .toList();
    }

    private static void check(Wrong one) {
        Fixture fixture = Fixture.withoutParts();
        assertEquals(2, fixture.run(one.arguments()), fixture.err());
        assertTrue(fixture.err().startsWith("kmodscope: "), fixture.err());
        assertTrue(fixture.err().contains(one.said()), fixture.err());
        assertFalse(fixture.err().contains("\tat "), fixture.err());
        assertEquals("", fixture.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new", "build", "probe", "watch", "matrix", "kernels", "bench", "doctor", "demo"
            })
    void eachCommandExplainsItself(String command) {
        Fixture fixture = Fixture.withoutParts();
        assertEquals(0, fixture.run(command, "--help"), fixture.err());
        assertTrue(fixture.out().contains("kmodscope " + command), fixture.out());
        assertTrue(fixture.out().contains("--no-color"), fixture.out());
        assertFalse(fixture.out().contains("\u001b["), fixture.out());
        fixture.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void theTopCommandListsAllCommandsAndExitCodes() {
        Fixture fixture = Fixture.withoutParts();
        assertEquals(0, fixture.run("--help"), fixture.err());
        for (String word : List.of("new", "build", "watch", "130", "interrupted")) {
            assertTrue(fixture.out().contains(word), fixture.out());
        }
    }

    @Test
    void theVersionIsSaid() {
        Fixture fixture = Fixture.withoutParts();
        assertEquals(0, fixture.run("--version"), fixture.err());
        assertTrue(fixture.out().startsWith("kmodscope "), fixture.out());
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() {
        for (String[] line :
                new String[][] {
                    {"--quiet", "watch", place.resolve("no").toString()},
                    {"watch", "--quiet", place.resolve("no").toString()}
                }) {
            Fixture fixture = Fixture.withoutParts();
            assertEquals(2, fixture.run(line), fixture.err());
        }
    }
}
