/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.driver.SpecFile;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSession.Subscription;

/** The driver that users get when they choose nothing, under all the probes that come with it. */
@Timeout(900)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class AioDriverTest {

    private static final String NAME = "aiofifo";
    private static final String LAST_LINE = "nothing of the driver comes after this";

    /** What a kernel says when a driver did something that it must not do. */
    private static final Pattern COMPLAINT =
            Pattern.compile(
                    "WARNING|BUG|Oops|Call Trace|general protection|blocked for more than"
                            + "|lockup|refcount_t|use-after-free|cut here");

    /** How many tests have to pass, at least: one that loses its tests passes, too. */
    private static final Map<String, Integer> LEAST =
            Map.of(
                    "compare", 9,
                    "libaio", 25,
                    "odirect-read", 8,
                    "posix-aio", 14,
                    "sigio", 12,
                    "signal", 12,
                    "stdin-sigio", 6,
                    "uring", 10);

    @TempDir static Path work;

    @Test
    void allProbesPassEveryTestAndTheKernelHasNothingToSay() throws Exception {
        Workshop workshop = new Workshop();
        Path project = work.resolve(NAME);
        Path driver = workshop.driver(project, NAME);
        String features = SpecFile.read(project).features().toString();
        List<ProbeSpec> specs = ProbeSpec.ofProject(project);
        List<KernelLogLine> log = new CopyOnWriteArrayList<>();
        CountDownLatch logged = new CountDownLatch(1);
        Map<String, ProbeReport> reports = new TreeMap<>();

        try (TargetSession session = workshop.open();
                Subscription subscription =
                        session.onKernelLog(
                                line -> {
                                    log.add(line);
                                    if (line.text().equals(LAST_LINE)) {
                                        logged.countDown();
                                    }
                                })) {
            session.load(driver, List.of());
            for (ProbeSpec spec : specs) {
                ProbeRun run = new ProbeRun(session, spec, "/dev/" + NAME, features);
                reports.put(
                        spec.name(),
                        run.run(workshop.probe(spec), new Deaf(), Workshop.MONITOR).report());
            }
            session.unload(NAME);
            Printed.by(session, "sh", "-c", "echo '" + LAST_LINE + "' > /dev/kmsg");
            assertTrue(logged.await(30, TimeUnit.SECONDS));
        }

        assertTrue(
                reports.keySet()
                        .containsAll(
                                Set.of(
                                        "compare",
                                        "conformance",
                                        "libaio",
                                        "odirect-read",
                                        "posix-aio",
                                        "sigio",
                                        "signal",
                                        "stdin-sigio",
                                        "uring")),
                reports.keySet()::toString);
        reports.forEach(AioDriverTest::assertAllPassed);
        assertEquals(List.of(), log.stream().filter(AioDriverTest::complains).toList());
        assertTrue(log.stream().anyMatch(line -> line.text().contains(NAME + ": loading")));
    }

    private static boolean complains(KernelLogLine line) {
        return COMPLAINT.matcher(line.text()).find();
    }

    private static void assertAllPassed(String name, ProbeReport report) {
        assertTrue(report.passed(), report::toString);
        ProbeReport.Counts counts = report.counts();
        assertTrue(counts.passed() >= LEAST.getOrDefault(name, 0), report::toString);
        assertEquals(0, counts.skipped(), report::toString);
    }
}
