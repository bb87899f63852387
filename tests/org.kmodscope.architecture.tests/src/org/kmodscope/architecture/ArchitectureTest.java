/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** kmodscope keeps its own rules. That each rule can fail is shown by {@link RulesCanFailTest}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {

    private Facts facts;

    @BeforeAll
    void readTheCheckout() throws IOException {
        facts = Checkout.ofThisBuild().read();
    }

    @Test
    void allBundlesWereCompiled() {
        assertEquals(
                Set.of(
                        "org.kmodscope.bridge",
                        "org.kmodscope.cli",
                        "org.kmodscope.core",
                        "org.kmodscope.ide",
                        "org.kmodscope.targets",
                        "org.kmodscope.ui"),
                facts.bundles().stream().map(BundleFacts::name).collect(Collectors.toSet()));
        for (BundleFacts bundle : facts.bundles()) {
            assertFalse(bundle.classes().isEmpty(), bundle.name() + " has no classes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ruleHolds(Rule rule) {
        assertEquals("", String.join("\n", rule.violations(facts)));
    }
}
