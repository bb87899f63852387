/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.core.target.TargetSession;

/**
 * The opposite of the seeded bugs: a driver without one keeps every rule of what it claims. {@code
 * -Dkmodscope.proof.kernels=ID,…} names the kernels, one if not.
 */
@Tag("proof")
@Timeout(1_200)
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
class GoodDriverTest {

    /** With all features, with none, and with each of the two mechanisms alone. */
    private static final List<String> CHOICES =
            List.of(FeatureSet.defaults().toString(), "none", "fasync,pollout=none", "aio=queued");

    @TempDir Path work;

    static Stream<String> kernels() {
        return Stream.of(
                System.getProperty("kmodscope.proof.kernels", KernelStore.DEFAULT_ID).split(","));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void itKeepsEveryRuleOfWhatItClaims(String kernelId) throws Exception {
        Bench bench = new Bench(work, kernelId);
        try (TargetSession session = bench.open()) {
            for (int i = 0; i < CHOICES.size(); i++) {
                String module = "good_%02d".formatted(i);
                FeatureSet features = FeatureSet.parse(CHOICES.get(i));
                session.load(bench.build(bench.render(module, features)), List.of());
                ProbeReport report = bench.tryRules(session, module, features, "*", 10);
                assertTrue(report.passed(), report::toString);
                assertEquals(Set.of(), unexpectedSkips(report), report::toString);
                ProbeReport stress = bench.stress(session, module, features);
                assertTrue(stress.passed(), stress::toString);
                session.unload(module);
            }
        }
    }

    /** A rule may only be skipped because its feature is not claimed. */
    private static Set<String> unexpectedSkips(ProbeReport report) {
        return report.tests().stream()
                .filter(test -> test.outcome() == ProbeTest.Outcome.SKIP)
                .map(ProbeTest::reason)
                .filter(reason -> !reason.endsWith(" is not claimed"))
                .collect(Collectors.toSet());
    }
}
