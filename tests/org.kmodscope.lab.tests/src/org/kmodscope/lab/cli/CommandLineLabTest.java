/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.process.HostCommand;

/** What users type, on a real kernel in a real lab. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CommandLineLabTest {

    private static final String NAME = "clififo";
    private static final int WRITES = 600;

    /** What a driver that is armed, drained and written to can cause. */
    private static final Set<String> REAL_KINDS =
            Set.of(
                    "SIGIO_IN",
                    "SIGIO_OUT",
                    "READ_START",
                    "READ_END",
                    "WRITE_START",
                    "WRITE_END",
                    "SIGNAL_GENERATED",
                    "MARKER",
                    // What the kernel says of the module when it is loaded.
                    "KERNEL_LOG");

    /** Has a driver that is built, for the tests that leave it as it is. */
    @TempDir static Path shared;

    private static String built = "";

    @TempDir Path place;

    @BeforeAll
    static void buildOne() throws Exception {
        built = scaffold(shared);
        Kmodscope.run("build", built).expect(0);
    }

    private static String scaffold(Path place) throws Exception {
        String project = place.resolve("driver").toString();
        Kmodscope.run("new", project, "--name", NAME).expect(0);
        return project;
    }

    @Test
    void aScaffoldedDriverBuildsAndPassesItsProbes() throws Exception {
        String project = scaffold(place);
        Kmodscope.Ended first = Kmodscope.run("build", project).expect(0);
        assertEquals(List.of(), first.out(), "diagnostics of a template");
        assertTrue(Files.isRegularFile(Path.of(project, "build/debian-6.1", NAME + ".ko")));
        Kmodscope.Ended again = Kmodscope.run("build", project).expect(0);
        assertTrue(again.errText().matches("(?s).*Build the module.*cached.*"), again.errText());

        Path junit = place.resolve("result.xml");
        Kmodscope.Ended probed =
                Kmodscope.run("probe", project, "--junit", junit.toString()).expect(0);
        assertEquals("KTAP version 1", probed.out().get(0));
        assertTrue(probed.out().stream().anyMatch(line -> line.startsWith("ok 1 ")));
        assertTrue(
                probed.out().stream().anyMatch(line -> line.contains("received signal 29")),
                probed.toString());
        assertTrue(Files.readString(junit).contains("debian-6.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "bridge"})
    void watchSeesEachWriteAndNothingElse(String source) throws Exception {
        Path csv = place.resolve("events.csv");
        Kmodscope.Ended ended =
                Kmodscope.run(
                                "watch",
                                built,
                                "--source",
                                source,
                                "--seconds",
                                "3",
                                "--rate",
                                "200",
                                "--csv",
                                csv.toString())
                        .expect(0);
        List<String[]> rows =
                Files.readAllLines(csv).stream().skip(1).map(row -> row.split(",")).toList();
        String last = ended.out().get(ended.out().size() - 1);
        assertEquals("events " + rows.size() + " lost 0", last, ended::toString);
        Map<String, Long> counts =
                rows.stream()
                        .map(row -> row[1] + " " + row[2])
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        rows.forEach(row -> assertTrue(REAL_KINDS.contains(row[2]), row[2]));
        assertEquals(WRITES, counts.get("agent WRITE_END"), counts::toString);
        // Both watchers are held to the same number, so they are equal to each other, too.
        assertEquals(WRITES, counts.get(source + " SIGIO_IN"), counts::toString);
        long bytes =
                rows.stream()
                        .filter(row -> row[2].equals("READ_END"))
                        .mapToLong(row -> Math.max(0, Long.parseLong(row[5])))
                        .sum();
        assertEquals(WRITES * 16L, bytes);
    }

    @Test
    void ctrlCEndsAWatchAsIfItsTimeWereUpAndLeavesNoLab() throws Exception {
        try (Kmodscope running = Kmodscope.start("watch", built, "--rate", "50")) {
            running.awaitLine(line -> line.contains("SIGIO_IN"));
            List<ProcessHandle> family = running.family();
            assertFalse(family.isEmpty(), "a lab is a process");
            running.interrupt();
            Kmodscope.Ended ended = running.ended().expect(0);
            String last = ended.out().get(ended.out().size() - 1);
            assertTrue(last.matches("events [1-9]\\d* lost 0"), ended::toString);
            assertEnd(family);
        }
    }

    @Test
    void ctrlCDuringABootEndsItAndLeavesNoLab() throws Exception {
        try (Kmodscope running = Kmodscope.start("probe", built, "--verbose")) {
            running.awaitMessage(line -> line.startsWith("==> Boot"));
            running.interrupt();
            running.ended().expect(130);
            assertEquals(List.of(), running.family());
        }
    }

    @Test
    void aDriverThatDoesNotCompileEndsTheLabThatBootsBesideIt() throws Exception {
        String project = scaffold(place);
        insert(project, "#error \"broken on purpose\"\n");
        try (Kmodscope running = Kmodscope.start("watch", project)) {
            Kmodscope.Ended ended = running.ended().expect(1);
            assertTrue(ended.errText().contains("The module was not built"), ended::toString);
            assertEquals(List.of(), running.family());
        }
    }

    @Test
    void watchTellsWhereTheTimeWent() throws Exception {
        String project = scaffold(place);
        Kmodscope.Ended ended = Kmodscope.run("watch", project, "--seconds", "1", "--timing");
        ended.expect(0);
        String table = ended.errText();
        for (String step :
                List.of("Start kmodscope", "Build the module", "Boot debian-6.1", "Load ")) {
            assertTrue(table.contains("\n" + step), ended::toString);
        }
        assertTrue(
                table.matches("(?s).*\nAll until the first event +\\d+\\.\\d s.*"),
                ended::toString);
    }

    @Test
    void aMachineWithoutQemuIsToldWhatToInstall() throws Exception {
        Path programs = Files.createDirectory(place.resolve("bin"));
        for (String tool : List.of("make", "gcc", "gcc-12", "busybox")) {
            Path real = HostCommand.of(tool).locate().orElseThrow();
            Files.createSymbolicLink(programs.resolve(tool), real);
        }
        Kmodscope.Ended ended =
                Kmodscope.runOn(programs.toString(), "watch", built, "--seconds", "1").expect(3);
        assertTrue(ended.errText().contains("apt install qemu-system-x86"), ended::toString);
    }

    @Test
    void aKilledCommandLineLeavesNoLab() throws Exception {
        try (Kmodscope running = Kmodscope.start("watch", built, "--rate", "50")) {
            running.awaitLine(line -> line.contains("SIGIO_IN"));
            List<ProcessHandle> family = running.family();
            assertFalse(family.isEmpty(), "a lab is a process");
            running.kill();
            assertEnd(family);
        }
    }

    @Test
    void whatDoesNotCompileIsListedWithItsPlace() throws Exception {
        String project = scaffold(place);
        insert(project, "#error \"broken on purpose\"\n");
        Kmodscope.Ended ended = Kmodscope.run("build", project).expect(1);
        assertTrue(
                ended.out().stream()
                        .anyMatch(
                                line ->
                                        line.matches(
                                                NAME
                                                        + "_main\\.c:\\d+:\\d+: error:"
                                                        + " .*broken on purpose.*")),
                ended::toString);
    }

    @Test
    void aPanicShowsTheEndOfTheConsole() throws Exception {
        String project = scaffold(place);
        insert(
                project,
                "static int __init test_panic(void)\n{\n\tpanic(\"panic on purpose\");\n}\n"
                        + "#undef module_init\n#define module_init(f) "
                        + "static int (*unused_init)(void) __maybe_unused = f; "
                        + "int init_module(void) { return test_panic(); }\n");
        Kmodscope.Ended ended = Kmodscope.run("watch", project, "--seconds", "1").expect(4);
        assertTrue(ended.errText().contains("panic on purpose"), ended::toString);
        assertTrue(ended.errText().contains("The end of the lab's console"), ended::toString);
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() throws Exception {
        String project = scaffold(place);
        Path json = Path.of(project, "kmodscope.json");
        Files.writeString(
                json,
                Files.readString(json)
                        .replace("\"device\": \"" + NAME + "\"", "\"device\": \"elsewhere\""));
        Kmodscope.Ended ended = Kmodscope.run("watch", project, "--seconds", "1").expect(1);
        assertTrue(ended.errText().contains("/dev/elsewhere"), ended::toString);
    }

    @Test
    void aDriverWithoutFasyncIsToldApart() throws Exception {
        String other = place.resolve("other").toString();
        Kmodscope.run("new", other, "--name", "deaffifo", "--features", "poll").expect(0);
        Kmodscope.Ended ended = Kmodscope.run("watch", other, "--seconds", "1").expect(1);
        assertTrue(ended.errText().contains("fasync"), ended::toString);
    }

    @Test
    void aPathWithSpacesAndOtherLettersIsHandled() throws Exception {
        String odd = place.resolve("mein tr\u00e4iber").toString();
        Kmodscope.run("new", odd, "--name", "oddfifo").expect(0);
        Kmodscope.run("build", odd).expect(0);
        assertTrue(Files.isRegularFile(Path.of(odd, "build/debian-6.1/oddfifo.ko")));
    }

    @Test
    void theDemoShowsTheWholePath() throws Exception {
        Kmodscope.Ended ended = Kmodscope.run("demo").expect(0);
        String out = String.join("\n", ended.out());
        assertTrue(out.contains("SIGIO_IN"), out);
        assertTrue(out.contains("read returned: 6 bytes"), out);
        assertTrue(out.contains("received signal 29"), out);
        assertTrue(out.matches("(?s).*events \\d{3,} lost 0.*"), out);
        ended.out().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    private static void assertEnd(List<ProcessHandle> family) throws Exception {
        for (ProcessHandle member : family) {
            member.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    /** Puts text behind the last #include of the driver's main file. */
    private static void insert(String project, String text) throws Exception {
        Path main = Path.of(project, NAME + "_main.c");
        String code = Files.readString(main);
        int end = code.indexOf('\n', code.lastIndexOf("#include")) + 1;
        Files.writeString(main, code.substring(0, end) + text + code.substring(end));
    }
}
