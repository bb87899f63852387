/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.target.ArmRequest;

/** The JNA bridge in a JVM inside the lab: a program for each armed device. */
class BridgeConformanceTest extends EventSourceConformance {

    BridgeConformanceTest() {
        super(true);
    }

    @Override
    Watch arm(DriverLab lab, ArmRequest request) throws Exception {
        return armByBridge(lab, request);
    }

    static Watch armByBridge(DriverLab lab, ArmRequest request) throws Exception {
        EventLog log = new EventLog();
        CompletableFuture<SourceEnd> end = new CompletableFuture<>();
        EventPump pump =
                EventPump.start(
                        lab.session().bridge(request, DriverLab.monitor()), log, end::complete);
        return new Watch() {

            @Override
            public List<Event> events() {
                return log.from(0);
            }

            @Override
            public void await(EventKind kind, long count) throws Exception {
                log.awaitCount(0, kind.name(), event -> event.kind() == kind, count);
            }

            @Override
            public void close() throws Exception {
                pump.close();
                assertEquals(Optional.empty(), end.get().failure());
            }
        };
    }

    @Test
    void agentAndBridgeCountTheSameOfTheSameWrites() throws Exception {
        Watch byBridge = arm(lab(), watched());
        Watch byAgent = AgentConformanceTest.armByAgent(lab(), drained(64));
        lab().write(3_000, 1_000);
        byAgent.await(EventKind.SIGIO_IN, 3_000);
        byBridge.await(EventKind.SIGIO_IN, 3_000);
        byAgent.close();
        byBridge.close();

        long rooms = count(byAgent, EventKind.SIGIO_OUT);
        assertEquals(3_000, count(byAgent, EventKind.SIGIO_IN));
        assertEquals(3_000, count(byBridge, EventKind.SIGIO_IN));
        assertTrue(rooms > 0);
        assertEquals(rooms, count(byBridge, EventKind.SIGIO_OUT));
        assertEquals(3_000 + rooms, byBridge.events().size());
    }
}
