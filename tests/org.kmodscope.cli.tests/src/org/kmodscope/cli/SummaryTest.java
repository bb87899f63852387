/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.core.debug.DebugReport;
import org.kmodscope.core.probe.KtapParser;
import org.kmodscope.core.probe.ProbeRun;

/** What a run is told to have come to. */
class SummaryTest {

    private static ProbeRun.Result result(String... lines) {
        KtapParser parser = new KtapParser("probe");
        parser.line("KTAP version 1");
        parser.line("1.." + lines.length);
        List.of(lines).forEach(parser::line);
        return new ProbeRun.Result(parser.finish(), Duration.ZERO);
    }

    private static List<ProbeRun.Result> results() {
        return List.of(
                result("ok 1 a", "not ok 2 b"), result("ok 1 a", "ok 2 b", "ok 3 c # SKIP none"));
    }

    @Test
    void testsOfAllProbesAreAdded() {
        assertEquals("3 passed, 1 failed, 1 skipped", ProbeSteps.counts(results()));
        assertEquals("0 passed, 0 failed, 0 skipped", ProbeSteps.counts(List.of()));
    }

    @Test
    void faultsAreToldOfOnlyWhereTheyAreMade() {
        DebugReport report = new DebugReport(results(), List.of(), List.of());
        String found = "3 passed, 1 failed, 1 skipped; 0 reports of the kernel";
        assertEquals(found, DebugSteps.summary(report, DebugPlan.Depth.PROBES));
        assertEquals(
                found + "; 0 faults made, 0 not coped with",
                DebugSteps.summary(report, DebugPlan.Depth.ALL));
    }
}
