/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.cli.internal.terminal.Screen;
import org.kmodscope.core.target.Prompt;

/**
 * Whole commands without a lab: sessions that were recorded in one (resources/recordings, QEMU with
 * 6.1, the default driver) are replayed.
 */
@Timeout(120)
class ReplayTest {

    @TempDir Path place;

    @BeforeEach
    void project() {
        Fixture fixture = fixture();
        assertEquals(0, fixture.run("new", driver(), "--name", "globalfifo"), fixture::err);
    }

    private Fixture fixture() {
        Map<String, String> environment =
                Map.of("HOME", place.toString(), "XDG_CACHE_HOME", place.resolve("c").toString());
        return new Fixture(
                Screen.pipes(), new Composition(environment, Prompt.NOBODY, failure -> {}));
    }

    private String driver() {
        return place.resolve("driver").toString();
    }

    private String recording(String name) throws Exception {
        Path file = place.resolve(name);
        try (InputStream in = ReplayTest.class.getResourceAsStream("/recordings/" + name)) {
            Files.copy(in, file);
        }
        return "recorded:" + file;
    }

    @Test
    void aProbeSaysWhatItSaid() throws Exception {
        Fixture fixture = fixture();
        String target = recording("probe.kms");
        int exit =
                fixture.run("probe", driver(), "--probe", "signal", "--target", target, "--fast");
        assertEquals(0, exit, fixture::err);
        assertTrue(fixture.out().startsWith("KTAP version 1\n1..12\n"), fixture::out);
        assertTrue(fixture.out().contains("\nok 12 the table of signals"), fixture::out);
        assertTrue(fixture.err().contains("12 passed, 0 failed"), fixture::err);
        assertFalse(Files.exists(Path.of(driver(), "build")), "nothing is built for a replay");
    }

    @Test
    void watchCountsAndMeasuresWhatWasRecorded() throws Exception {
        Path csv = place.resolve("events.csv");
        Fixture fixture = fixture();
        int exit =
                fixture.run(
                        "watch",
                        driver(),
                        "--seconds",
                        "5",
                        "--csv",
                        csv.toString(),
                        "--target",
                        recording("watch.kms"),
                        "--fast");
        assertEquals(0, exit, fixture::err);
        assertTrue(fixture.out().endsWith("\nevents 498 lost 0\n"), fixture::out);
        assertTrue(fixture.out().matches("(?s).*write → SIGIO +50 +249 us .*"), fixture::out);
        List<String> rows = Files.readAllLines(csv);
        assertEquals(499, rows.size());
        assertEquals(50, rows.stream().filter(row -> row.contains(",WRITE_END,")).count());
    }

    @Test
    void whatWasNotRecordedIsAUsageErrorThatNamesIt() throws Exception {
        Fixture fixture = fixture();
        String target = recording("probe.kms");
        int exit = fixture.run("probe", driver(), "--probe", "uring", "--target", target, "--fast");
        assertEquals(2, exit, fixture::err);
        assertTrue(fixture.err().contains("This was not recorded: put /tmp/uring"), fixture::err);
        assertTrue(fixture.err().contains("next came: put /tmp/signal"), fixture::err);
    }

    @Test
    void aRecordingHasItsOwnKernel() throws Exception {
        Fixture fixture = fixture();
        int exit =
                fixture.run(
                        "probe",
                        driver(),
                        "--target",
                        recording("probe.kms"),
                        "--kernel",
                        "debian-6.1");
        assertEquals(2, exit, fixture::err);
        assertTrue(fixture.err().contains("its own kernel"), fixture::err);
    }
}
