/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSession.Subscription;
import org.kmodscope.core.target.TargetSpec;

/**
 * Bugs that a program does not see, and the checks of the debug kernel that see them. Each has a
 * lab of its own: lockdep says nothing after its first report.
 */
@Timeout(900)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class DebugKernelTest {

    private static final String MODULE = "bugfifo_00";
    private static final String LAST_LINE = "nothing of the driver comes after this";

    private static final String FAULT_RULE = "fault.submit";

    private static final String FORGETS =
            """
            says: what went in is forgotten when there is no memory for the rest
            caught by: rule fault.submit

            <<<<
            		done = done ? done : -ENOMEM;
            ====
            		done = -ENOMEM;
            >>>>
            """;

    /** kmemleak does not report what is younger than five seconds. */
    private static final String FIND_LEAKS =
            "mount -t debugfs none /sys/kernel/debug 2>/dev/null; sleep 6;"
                    + " echo scan > /sys/kernel/debug/kmemleak; sleep 6;"
                    + " echo scan > /sys/kernel/debug/kmemleak; cat /sys/kernel/debug/kmemleak";

    @TempDir Path work;

    @BeforeAll
    static void thereIsADebugKernel() throws Exception {
        assumeTrue(
                Bench.has(TargetSpec.Uml.KERNEL_ID),
                "debug kernel is not built; ./kmodscope kernels --fetch uml-debug");
    }

    static Stream<SeededBug> bugs() throws Exception {
        return SeededBug.all().stream().filter(bug -> bug.catcher() instanceof SeededBug.Debug);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void itsCheckReportsIt(SeededBug bug) throws Exception {
        SeededBug.Debug catcher = (SeededBug.Debug) bug.catcher();
        Bench bench = new Bench(work, TargetSpec.Uml.KERNEL_ID);
        Path project = bench.render(MODULE, FeatureSet.defaults());
        bug.putInto(project, MODULE);
        boolean leak = catcher.report() == SeededBug.Report.LEAK;
        List<String> said = run(bench, project, catcher.rules(), leak);
        assertTrue(
                said.stream().anyMatch(catcher.report()::isIn),
                () -> String.join("\n", said.subList(Math.max(0, said.size() - 100), said.size())));
    }

    @Test
    void nothingIsReportedOfTheGoodDriver() throws Exception {
        Bench bench = new Bench(work, TargetSpec.Uml.KERNEL_ID);
        Path project = bench.render(MODULE, FeatureSet.defaults());
        List<String> said = run(bench, project, "*", true);
        assertEquals(
                List.of(),
                said.stream()
                        .filter(
                                line ->
                                        Stream.of(SeededBug.Report.values())
                                                .anyMatch(report -> report.isIn(line)))
                        .toList());
    }

    /** The deferred form gives the synchronous result then, the queued one an error. */
    @ParameterizedTest
    @ValueSource(strings = {"aio=deferred,workqueue", "aio=queued,workqueue"})
    void withoutMemoryForItsRecordARequestIsNotLost(String features) throws Exception {
        Bench bench = new Bench(work, TargetSpec.Uml.KERNEL_ID);
        Path project = bench.render(MODULE, FeatureSet.parse(features));
        ProbeTest rule = withFaults(bench, project, FeatureSet.parse(features));
        assertEquals(ProbeTest.Outcome.PASS, rule.outcome(), rule::toString);
        assertTrue(
                rule.diagnostics().getFirst().matches(".*: [1-9][0-9]* allocations failed"),
                rule::toString);
    }

    @Test
    void whatIsForgottenForWantOfMemoryIsNoticed() throws Exception {
        Bench bench = new Bench(work, TargetSpec.Uml.KERNEL_ID);
        Path project = bench.render(MODULE, FeatureSet.defaults());
        SeededBug.parse("no-memory-forgets", FORGETS).putInto(project, MODULE);
        ProbeTest rule = withFaults(bench, project, FeatureSet.defaults());
        assertEquals(ProbeTest.Outcome.FAIL, rule.outcome(), rule::toString);
    }

    /** The rule that makes allocations fail, tried on a driver. */
    private static ProbeTest withFaults(Bench bench, Path project, FeatureSet features)
            throws Exception {
        Path driver = bench.build(project);
        try (TargetSession session = bench.open()) {
            session.load(driver, List.of());
            ProbeReport report = bench.tryRules(session, MODULE, features, FAULT_RULE, 5);
            ProbeTest rule = Bench.byRule(report).get(FAULT_RULE);
            assertNotNull(rule, report::toString);
            return rule;
        }
    }

    /**
     * Loads it, tries rules, unloads it; what the kernel said, in order.
     *
     * @param leaks whether to look for leaks at the end, which takes twelve seconds
     */
    private static List<String> run(Bench bench, Path project, String rules, boolean leaks)
            throws Exception {
        Path driver = bench.build(project);
        List<String> said = new CopyOnWriteArrayList<>();
        CountDownLatch logged = new CountDownLatch(1);
        try (TargetSession session = bench.open();
                Subscription subscription =
                        session.onKernelLog(
                                line -> {
                                    said.add(line.text());
                                    if (line.text().contains(LAST_LINE)) {
                                        logged.countDown();
                                    }
                                })) {
            session.ended().thenAccept(end -> said.add(end.toString()));
            session.load(driver, List.of());
            bench.tryRules(session, MODULE, FeatureSet.defaults(), rules, 5);
            session.unload(MODULE);
            if (leaks) {
                said.addAll(printed(session, FIND_LEAKS).lines().toList());
            }
            printed(session, "echo '" + LAST_LINE + "' > /dev/kmsg");
            assertTrue(logged.await(30, TimeUnit.SECONDS), "the log goes on");
        } catch (KmodscopeException endOfTheLab) {
            // A report that ends the lab is a report, if it is the right one.
            said.add(endOfTheLab.getMessage());
        }
        return said;
    }

    private static String printed(TargetSession session, String script) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        OutputSink sink =
                new OutputSink() {
                    @Override
                    public void out(byte[] bytes) {
                        all.writeBytes(bytes);
                    }

                    @Override
                    public void err(byte[] bytes) {}
                };
        try (RemoteCommand command = session.start(List.of("sh", "-c", script), sink)) {
            command.waitFor(new NullProgressMonitor());
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
