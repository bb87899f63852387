/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kmodscope.launcher.FakeMachine.Run;

/** The launcher's own decisions. What it starts is tested elsewhere. */
class LauncherTest {

    @TempDir Path root;
    private FakeMachine machine;

    @BeforeEach
    void prepare() throws IOException {
        machine = new FakeMachine(root);
    }

    @Test
    void passesTheCommandOnWithItsArgumentsDirectoryAndExitCode() throws Exception {
        Run run = machine.with("JAVA_EXIT", "4").run("new", "my driver", "--author", "Zoë *");
        assertEquals(4, run.code(), run::err);
        String call = machine.calls().getLast();
        assertTrue(
                call.endsWith(" [org.kmodscope.cli.Main] [new] [my driver] [--author] [Zoë *]"),
                call);
        assertEquals("in " + machine.home() + "\n", run.out());
    }

    @Test
    void buildsOnceAndAgainOnlyWhenASourceChanged() throws Exception {
        assertEquals(0, machine.run("doctor").code());
        Run warm = machine.run("doctor");
        assertEquals("", warm.err());
        assertEquals(1, machine.calls("mvn"));

        Files.createDirectories(machine.checkout().resolve("bundles/a/target"));
        Files.writeString(machine.checkout().resolve("bundles/a/target/A.class"), "built");
        machine.run("doctor");
        assertEquals(1, machine.calls("mvn"), "what a build leaves is no source");

        Path source = machine.checkout().resolve("bundles/a/src/target/B.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class B {}");
        machine.run("doctor");
        assertEquals(2, machine.calls("mvn"), "a Java package may be called target");

        Files.delete(source);
        machine.run("doctor");
        assertEquals(2, machine.calls("mvn"), "the earlier build is still there");
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Process first = machine.start("doctor");
        Process second = machine.start("doctor");
        assertEquals(0, machine.await(first).code());
        assertEquals(0, machine.await(second).code());
        assertEquals(1, machine.calls("mvn"));
        assertEquals(2, machine.calls("java"));
    }

    @Test
    void aFailedBuildIsShownAndTriedAgain() throws Exception {
        Run run = machine.with("MVN_EXIT", "1").run("doctor");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("[ERROR] it does not compile"), run::err);
        assertTrue(run.err().contains("Log: " + machine.cache()), run::err);
        assertEquals(0, machine.calls("java"));

        assertEquals(0, machine.with("MVN_EXIT", "0").run("doctor").code());
    }

    @Test
    void noNetworkIsSomethingTheMachineLacks() throws Exception {
        machine.with("MVN_EXIT", "1").with("MVN_SAYS", "Could not transfer artifact a:b:pom:1");
        Run run = machine.run("doctor");
        assertEquals(3, run.code());
        assertTrue(run.err().contains("reachable"), run::err);
    }

    @Test
    void installsWhatTheCommandNeedsAndNoMore() throws Exception {
        machine.with("MISSING", "qemu-system-x86 libelf1 libelf1t64 xvfb");
        Run run = machine.run("demo");
        assertEquals(0, run.code(), run::err);
        assertTrue(
                run.err()
                        .contains(
                                "Installing Debian packages: libelf1 or libelf1t64 qemu-system-x86\n"),
                run::err);
        List<String> apt =
                machine.calls().stream().filter(call -> call.startsWith("apt-get")).toList();
        assertEquals(2, apt.size(), apt::toString);
        assertTrue(apt.get(0).endsWith("[update]"), apt::toString);
        assertTrue(
                apt.get(1)
                        .endsWith(
                                "[install] [-y] [--no-install-recommends] [libelf1] [qemu-system-x86]"),
                apt::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "doctor, 0",
        "new x, 0",
        "demo --help, 0",
        "watch x --target ssh:board, 0",
        "watch x --target=local, 0",
        "watch x --target qemu, 2",
        "probe x, 2"
    })
    void aLabIsSetUpOnlyForWhatRunsInOne(String command, int calls) throws Exception {
        machine.with("MISSING", "qemu-system-x86").run(command.split(" "));
        assertEquals(calls, machine.calls("apt-get"));
    }

    @Test
    void saysWhatToInstallWhenItCannot() throws Exception {
        Run run = machine.with("MISSING", "kmod").with("APT_EXIT", "100").run("demo");
        assertEquals(3, run.code());
        assertTrue(run.err().contains("apt-get install --no-install-recommends kmod"), run::err);
        assertEquals(0, machine.calls("mvn"));
    }

    @Test
    void theIdeNeedsADisplay() throws Exception {
        Run run = machine.run("ide");
        assertEquals(3, run.code());
        assertTrue(run.err().contains("./kmodscope demo"), run::err);

        assertEquals(0, machine.with("DISPLAY", ":7").run("ide").code());
        String call = machine.calls().getLast();
        assertTrue(call.contains("equinox.launcher_1.8.0.jar] [-perspective] ["), call);
        assertTrue(call.contains("] [-data] [" + machine.home()), call);
    }

    @Test
    void countsTestsAndPassesWhenAllPassed() throws Exception {
        report("tests=\"3\" errors=\"0\" skipped=\"1\" failures=\"0\"");
        Run run = machine.run("test");
        assertEquals(0, run.code(), run::err);
        assertEquals("2 passed, 0 failed, 1 skipped\n", run.out());
        assertTrue(run.err().contains("SKIPPED org.kmodscope.RingTest wraps: no disk\n"), run::err);
        assertEquals(1, machine.calls("xvfb-run"));
        List<String> left =
                run.err().lines().filter(line -> line.startsWith("==> Not run")).toList();
        assertEquals(4, left.size(), left::toString);
        assertTrue(left.getFirst().endsWith("./kmodscope test proof"), left::toString);
        assertEquals(
                List.of("==> Not run: arm64", "==> Not run: arm64-bridge"), left.subList(1, 3));
        assertTrue(left.getLast().endsWith("./kmodscope test fuzz=SECONDS"), left::toString);
        assertTrue(
                machine.calls().stream()
                        .anyMatch(
                                call ->
                                        call.contains(
                                                "[-DexcludedGroups=proof-debug,qemu-debug,arm64]"
                                                        + " [-Dkmodscope.fuzz.seconds=120]")),
                "all runs a part of the proof, too, two minutes of fuzz, and nothing of arm64");
    }

    @Test
    void namesTheTestsThatFailed() throws Exception {
        report("tests=\"3\" errors=\"1\" skipped=\"0\" failures=\"1\"");
        Run run = machine.run("test", "fast");
        assertEquals(1, run.code());
        assertEquals("1 passed, 2 failed, 0 skipped\n", run.out());
        assertTrue(run.err().contains("FAILED org.kmodscope.RingTest wraps"), run::err);
        assertTrue(run.err().contains("==> Not run: ui\n==> Not run: lab\n"), run::err);
        assertEquals(0, machine.calls("xvfb-run"));
    }

    @Test
    void theProofRunsOnAllKernelsAndOnlyWhenAskedFor() throws Exception {
        report("tests=\"1\" errors=\"0\" skipped=\"0\" failures=\"0\"");
        Run run = machine.run("test", "proof");
        assertEquals(0, run.code(), run::err);
        String call = machine.calls().getLast();
        assertTrue(
                call.contains("[-pl] [tests/org.kmodscope.lab.tests] [-Dgroups=proof,proof-debug]"),
                call);
        assertTrue(call.contains("debian-5.10,debian-6.1,debian-6.12,debian-7.2,debian-7.3"), call);
        assertEquals(1, machine.calls("mvn"));
        assertTrue(run.err().contains("==> Not run: fast\n"), run::err);
        assertFalse(run.err().contains("Not run: proof"), run::err);
        assertTrue(call.contains("[-Dkmodscope.proof=pairs]"), call);

        machine.run("test", "lab");
        assertTrue(
                machine.calls()
                        .getLast()
                        .endsWith(" [-DexcludedGroups=proof,proof-debug,qemu-debug,arm64]"));
        machine.run("test", "arm64");
        assertTrue(machine.calls().getLast().endsWith(" [-Dgroups=arm64]"));
        machine.run("test", "debug");
        assertTrue(machine.calls().getLast().endsWith(" [-Dgroups=debug,qemu-debug]"));
        machine.run("test", "lab", "proof");
        assertEquals(6, machine.calls("mvn"), "each of both has a run of its own");
        machine.run("test", "proof-full", "proof");
        assertEquals(7, machine.calls("mvn"), "the greater holds the lesser");
        assertTrue(machine.calls().getLast().contains("[-Dkmodscope.proof=full]"));
        assertTrue(machine.calls().getLast().contains("[-Dkmodscope.proof.share=1/1]"));
        machine.run("test", "proof-full=3/20");
        assertTrue(machine.calls().getLast().contains("[-Dkmodscope.proof.share=3/20]"));
        for (String wrong : List.of("3/2", "0/2", "x", "3/")) {
            assertEquals(2, machine.run("test", "proof-full=" + wrong).code(), wrong);
        }
    }

    @Test
    void fuzzesForAsLongAsAskedFor() throws Exception {
        report("tests=\"1\" errors=\"0\" skipped=\"0\" failures=\"0\"");
        assertEquals(0, machine.run("test", "fuzz=3600").code());
        assertTrue(machine.calls().getLast().endsWith(" [-Dkmodscope.fuzz.seconds=3600]"));
        assertEquals(0, machine.run("test", "fuzz").code());
        assertTrue(machine.calls().getLast().endsWith(" [-Dkmodscope.fuzz.seconds=60]"));
        assertEquals(2, machine.calls("mvn"), "nothing else ran");
    }

    @Test
    void theBridgeIsTestedOnAnotherArchitectureWhenAskedFor() throws Exception {
        report("tests=\"1\" errors=\"0\" skipped=\"0\" failures=\"0\"");
        machine.withProgram("tests/org.kmodscope.bridge.tests/arm64/lab");
        Run run = machine.with("MISSING", "qemu-system-arm").run("test", "arm64-bridge");
        assertEquals(0, run.code(), run::err);
        assertTrue(run.err().contains("packages: qemu-system-arm"), run::err);
        String call = machine.calls().getLast();
        assertTrue(call.startsWith("lab [" + machine.cache() + "/arm64]"), call);
        assertTrue(call.contains("/target/surefire-reports/TEST-arm64.xml]"), call);
    }

    @Test
    void noTestsAtAllIsAFailure() throws Exception {
        Run run = machine.run("test");
        assertEquals(1, run.code());
        assertEquals("0 passed, 0 failed, 0 skipped\n", run.out());
    }

    @Test
    void testsThatPassDoNotHideABrokenBuild() throws Exception {
        report("tests=\"1\" errors=\"0\" skipped=\"0\" failures=\"0\"");
        assertEquals(1, machine.with("MVN_EXIT", "1").run("test", "lab").code());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2",
        "bogus, 2",
        "test bogus, 2",
        "test fuzz=soon, 2",
        "--help, 0",
        "help, 0",
        "test --help, 0"
    })
    void usage(String command, int code) throws Exception {
        Run run = command.isEmpty() ? machine.run() : machine.run(command.split(" "));
        assertEquals(code, run.code());
        assertEquals(code == 0, run.out().startsWith("Usage: "), run::out);
        assertEquals(List.of(), machine.calls());
    }

    @Test
    void anOldJdkIsPassedOver() throws Exception {
        Files.writeString(machine.jdk().resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        Path newer = machine.home().resolve(".jdks/temurin-99");
        Files.createDirectories(newer.getParent());
        // Higher than any JDK that this machine may have in its usual places.
        Files.move(machine.jdk(), newer);
        Files.writeString(newer.resolve("release"), "JAVA_VERSION=\"99\"\n");
        assertEquals(0, machine.run("doctor").code());
        assertEquals(1, machine.calls("java"));
    }

    private void report(String totals) throws IOException {
        Path reports = Files.createDirectories(root.resolve("reports"));
        Files.writeString(
                reports.resolve("TEST-org.kmodscope.RingTest.xml"),
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="org.kmodscope.RingTest" time="0.1" %s>
                  <properties>
                    <property name="a" value="tests=&quot;9&quot;"/>
                  </properties>
                  <testcase name="wraps" classname="org.kmodscope.RingTest" time="0.01">
                %s  </testcase>
                  <testcase name="drains" classname="org.kmodscope.RingTest" time="0.01"/>
                </testsuite>
                """
                        .formatted(totals, ofTheFirst(totals)));
        machine.with("REPORTS", reports.toString());
    }

    private static String ofTheFirst(String totals) {
        if (totals.contains("failures=\"1\"")) {
            return "    <failure message=\"x\"/>\n";
        }
        return totals.contains("skipped=\"1\"")
                ? "    <skipped type=\"Aborted\"><![CDATA[Aborted: Assumption failed: no disk\n]]>\n"
                        + "    </skipped>\n"
                : "";
    }
}
