/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.core.target.TargetSession;

/**
 * Each driver has one bug, and the rule that is there for it breaks, or stress does. All of them
 * share a lab: each has a name of its own, so that what one leaves behind is in nobody's way.
 */
@Timeout(600)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class SeededBugsTest {

    private static final int SECONDS = 3;

    @TempDir static Path work;
    private static Bench bench;
    private static TargetSession session;
    private static int drivers;

    @BeforeAll
    static void start() throws Exception {
        bench = new Bench(work, KernelStore.DEFAULT_ID);
        session = bench.open();
    }

    @AfterAll
    static void end() {
        session.close();
    }

    static Stream<SeededBug> bugs() throws Exception {
        return SeededBug.all().stream().filter(bug -> !(bug.catcher() instanceof SeededBug.Debug));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void itIsCaught(SeededBug bug) throws Exception {
        String module = "bugfifo_%02d".formatted(drivers++);
        assertEquals(SeededBug.PREFIX.length(), module.length());
        Path project = bench.render(module, FeatureSet.defaults());
        bug.putInto(project, module);
        session.load(bench.build(project), List.of());
        switch (bug.catcher()) {
            case SeededBug.Rule rule -> assertCaughtBy(rule.name(), module);
            case SeededBug.Stress stress ->
                    assertFalse(
                            bench.stress(session, module, FeatureSet.defaults()).passed(),
                            stress::toString);
            case SeededBug.Debug debug -> throw new IllegalStateException(debug.toString());
        }
        // What hangs in it keeps it; that is some of the bugs.
        try {
            session.unload(module);
        } catch (KmodscopeException stillInUse) {
            assertEquals(KmodscopeException.Kind.FAILED, stillInUse.kind());
        }
    }

    private static void assertCaughtBy(String rule, String module) throws Exception {
        ProbeReport report = bench.tryRules(session, module, FeatureSet.defaults(), rule, SECONDS);
        Map<String, ProbeTest> tests = Bench.byRule(report);
        ProbeTest test = tests.get(rule);
        assertNotNull(test, report::toString);
        assertEquals(ProbeTest.Outcome.FAIL, test.outcome(), report::toString);
        for (String word : List.of("expected: ", "seen: ", "usual cause: ")) {
            assertTrue(
                    test.diagnostics().stream().anyMatch(line -> line.contains(word)),
                    () -> word + report);
        }
    }
}
