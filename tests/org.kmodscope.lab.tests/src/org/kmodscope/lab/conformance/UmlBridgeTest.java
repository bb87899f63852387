/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.kmodscope.lab.conformance.EventSourceConformance.count;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.lab.conformance.EventSourceConformance.Watch;
import org.kmodscope.targets.DebianKernelStore;

/** The bridge in the debug lab, where its disk is one of user-mode Linux (ubd). */
class UmlBridgeTest {

    private static final int WRITES = 200;

    @Test
    @Timeout(600)
    void agentAndBridgeCountTheSameOfTheSameWrites(@TempDir Path project) throws Exception {
        String kernel = TargetSpec.Uml.KERNEL_ID;
        assumeTrue(
                new DebianKernelStore(CacheDirectory.of(System.getenv()), System.getenv())
                        .find(kernel)
                        .isPresent(),
                "build it first: kmodscope kernels --fetch uml-debug");
        try (DriverLab lab = DriverLab.open(project.resolve("driver"), kernel, true)) {
            lab.load();
            Watch byBridge =
                    BridgeConformanceTest.armByBridge(lab, EventSourceConformance.watched());
            Watch byAgent =
                    AgentConformanceTest.armByAgent(lab, EventSourceConformance.drained(64));
            lab.write(WRITES, 0);
            byAgent.await(EventKind.SIGIO_IN, WRITES);
            byBridge.await(EventKind.SIGIO_IN, WRITES);
            byAgent.close();
            byBridge.close();

            assertEquals(WRITES, count(byAgent, EventKind.SIGIO_IN));
            assertEquals(WRITES, count(byBridge, EventKind.SIGIO_IN));
            assertEquals(count(byAgent, EventKind.SIGIO_OUT), count(byBridge, EventKind.SIGIO_OUT));
            lab.unload();
        }
    }
}
