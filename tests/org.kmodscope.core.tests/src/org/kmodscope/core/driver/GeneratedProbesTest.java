/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.probe.KtapParser;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.core.probe.ProbeTest.Outcome;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * The probes that come with a driver, on this machine: they compile without a warning, refuse each
 * wrong argument, and those that can pass on a named pipe do. What they say of a driver is tested
 * on real kernels, in the lab's tests.
 */
@Timeout(120)
class GeneratedProbesTest {

    /** An option with a number, in the help: name, lowest, highest. */
    private static final Pattern NUMBER =
            Pattern.compile("  --(\\S+) +N .*, (-?\\d+) to (\\d+) \\(.*\\)");

    @TempDir static Path temporary;

    private static final Map<String, Path> PROGRAMS = new LinkedHashMap<>();
    private static Path pipe = Path.of("");

    @BeforeAll
    static void build() throws Exception {
        TemplateRenderer renderer =
                new TemplateRenderer(
                        TemplateSource.classLoader(GeneratedProbesTest.class.getClassLoader()));
        Path project = temporary.resolve("fifo");
        renderer.render(DriverSpec.named("fifo").build()).writeTo(project);
        ProbeBuild build = new ProbeBuild(CacheDirectory.at(temporary.resolve("cache")));
        for (ProbeSpec spec : ProbeSpec.ofProject(project)) {
            ProbeProgram made = build.build(spec, line -> {}, new NullProgressMonitor());
            assertEquals(List.of(), made.diagnostics(), spec.name());
            PROGRAMS.put(spec.name(), made.program().orElseThrow());
        }
        pipe = temporary.resolve("pipe");
        assertEquals(0, run(Path.of("mkfifo"), pipe.toString()).exit());
    }

    static Stream<String> names() {
        return PROGRAMS.keySet().stream();
    }

    private static Captured run(Path program, String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        argv.addAll(List.of(arguments));
        return HostCommand.of(argv).capture(new NullProgressMonitor());
    }

    private static Captured probe(String name, String... arguments) throws Exception {
        return run(PROGRAMS.get(name), arguments);
    }

    private static ProbeReport report(String name, String... arguments) throws Exception {
        Captured said = probe(name, arguments);
        KtapParser parser = new KtapParser(name);
        said.out().lines().forEach(parser::line);
        ProbeReport report = parser.finish(said.exit());
        for (ProbeTest test : report.tests()) {
            assertFalse(
                    test.outcome() == Outcome.SKIP && test.reason().isEmpty(),
                    () -> "it skips and does not say why: " + test);
        }
        return report;
    }

    @Test
    void aDriverWithEverythingComesWithEveryProbe() throws Exception {
        assertTrue(
                PROGRAMS.keySet()
                        .containsAll(
                                List.of(
                                        "compare",
                                        "libaio",
                                        "odirect-read",
                                        "posix-aio",
                                        "sigio",
                                        "signal",
                                        "stdin-sigio",
                                        "uring")),
                PROGRAMS.keySet()::toString);
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachWrongArgumentIsRefusedInOneLine(String name) throws Exception {
        List<List<String>> wrong =
                new ArrayList<>(
                        List.of(
                                List.of("frob"),
                                List.of("-d"),
                                List.of("--"),
                                List.of("--frob"),
                                List.of("--frob=1"),
                                List.of("--device"),
                                List.of("--device="),
                                List.of("--device", ""),
                                List.of("--features", "FASYNC"),
                                List.of("--features", "fasync, poll"),
                                List.of("--json=yes")));
        Captured help = probe(name, "--help");
        assertEquals(0, help.exit());
        assertEquals("", help.err());
        var options = NUMBER.matcher(help.out());
        int numbers = 0;
        while (options.find()) {
            String option = "--" + options.group(1);
            long low = Long.parseLong(options.group(2));
            long high = Long.parseLong(options.group(3));
            for (String value :
                    List.of(
                            "",
                            "many",
                            "3x",
                            " ",
                            "0x3",
                            Long.toString(low - 1),
                            Long.toString(high + 1),
                            "99999999999999999999")) {
                wrong.add(List.of(option, value));
                wrong.add(List.of(option + "=" + value));
            }
            wrong.add(List.of(option));
            numbers++;
        }
        assertTrue(numbers > 0, help.out());
        for (List<String> arguments : wrong) {
            Captured said = probe(name, arguments.toArray(String[]::new));
            assertEquals(2, said.exit(), arguments + ": " + said);
            assertEquals("", said.out(), arguments::toString);
            assertEquals(1, said.err().lines().count(), arguments + ": " + said);
            assertTrue(said.err().startsWith(name + ": "), said::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sigio", "compare", "posix-aio", "libaio", "uring"})
    void aDeviceThatIsNotThereIsNamed(String name) throws Exception {
        ProbeReport report = report(name, "--device", "/dev/no such device");
        assertFalse(report.passed());
        assertTrue(
                report.bailOut().orElse("").startsWith("/dev/no such device cannot be opened"),
                report::toString);
    }

    @Test
    void whatADriverDoesNotClaimIsSkippedWithTheReason() throws Exception {
        ProbeReport sigio = report("sigio", "--device", pipe.toString(), "--features", "none");
        assertTrue(sigio.passed(), sigio::toString);
        assertEquals("generated without fasync", sigio.tests().get(2).reason());
        ProbeReport without =
                report("sigio", "--device", pipe.toString(), "--features", "pollout=none");
        assertEquals("generated without pollout", without.tests().get(9).reason());
        ProbeReport libaio = report("libaio", "--device", pipe.toString(), "--features", "poll");
        assertTrue(libaio.passed(), libaio::toString);
        assertEquals(0, libaio.counts().passed());
        assertTrue(libaio.counts().skipped() >= 25, libaio::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal", "stdin-sigio", "posix-aio", "compare", "uring"})
    void thoseThatNeedNoDriverPassOnAPipe(String name) throws Exception {
        ProbeReport report =
                report(name, "--device", pipe.toString(), "--features", "poll", "--seconds", "20");
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void waysToWaitAreComparedByWhatTheyMeasure() throws Exception {
        ProbeReport report =
                report("compare", "--device", pipe.toString(), "--features", "poll", "--count=20");
        ProbeTest poll =
                report.tests().stream()
                        .filter(test -> test.name().startsWith("poll"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                List.of(
                        "poll.p50",
                        "poll.p90",
                        "poll.p99",
                        "poll.max",
                        "poll.calls",
                        "poll.retries"),
                poll.measures().stream().map(measure -> measure.name()).toList());
        assertTrue(poll.measures().getFirst().value() > 0, poll::toString);
    }

    @Test
    void oneBlockOfAFile() throws Exception {
        Path file = Files.writeString(temporary.resolve("block"), "the first line\n".repeat(400));
        ProbeReport report = report("odirect-read", "--file", file.toString());
        assertTrue(report.passed(), report::toString);
        boolean direct = report.counts().skipped() == 0;
        assertEquals(
                direct,
                report.tests().stream()
                        .flatMap(test -> test.diagnostics().stream())
                        .anyMatch(line -> line.startsWith("4096 bytes: the first line")),
                report::toString);
        ProbeReport none = report("odirect-read", "--file", temporary.resolve("none").toString());
        assertEquals(none.counts().total(), none.counts().skipped(), none::toString);
    }

    @Test
    void theTableOfSignalsIsThatOfTheMachine() throws Exception {
        Captured table = probe("signal", "--table", "--json");
        assertEquals(0, table.exit());
        List<JsonObject> signals =
                table.out()
                        .lines()
                        .map(line -> JsonParser.parseString(line).getAsJsonObject())
                        .filter(line -> line.has("signal"))
                        .toList();
        assertEquals(31, signals.size());
        JsonObject kill = signals.get(8);
        assertEquals("SIGKILL", kill.get("name").getAsString());
        assertEquals("ends", kill.get("default").getAsString());
        assertTrue(signals.stream().anyMatch(one -> one.get("name").getAsString().equals("SIGIO")));
        ProbeReport plain = report("signal", "--table");
        assertTrue(plain.passed(), plain::toString);
        assertEquals("signal 9 SIGKILL Killed", plain.tests().get(0).diagnostics().get(16));
    }

    @ParameterizedTest
    @MethodSource("names")
    void jsonIsOneObjectALine(String name) throws Exception {
        Captured said = probe(name, "--json", "--device", "/dev/null", "--features", "none");
        List<String> lines = said.out().lines().toList();
        assertFalse(lines.isEmpty());
        for (String line : lines) {
            assertTrue(JsonParser.parseString(line).isJsonObject(), line);
        }
        assertTrue(JsonParser.parseString(lines.getFirst()).getAsJsonObject().has("plan"));
    }
}
