/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.conformance;

import java.util.List;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.TargetSession.Armed;

/** The agent: one stream of events for the whole session, devices told apart by their stream. */
class AgentConformanceTest extends EventSourceConformance {

    AgentConformanceTest() {
        super(false);
    }

    @Override
    Watch arm(DriverLab lab, ArmRequest request) throws Exception {
        return armByAgent(lab, request);
    }

    static Watch armByAgent(DriverLab lab, ArmRequest request) throws Exception {
        int first = lab.agent().size();
        Armed armed = lab.session().arm(request);
        return new Watch() {

            @Override
            public List<Event> events() {
                return lab.agent().from(first).stream().filter(this::isMine).toList();
            }

            @Override
            public void await(EventKind kind, long count) throws Exception {
                lab.agent()
                        .awaitCount(
                                first,
                                kind.name(),
                                event -> event.kind() == kind && isMine(event),
                                count);
            }

            @Override
            public void close() throws Exception {
                armed.close();
                lab.settle();
            }

            private boolean isMine(Event event) {
                // What the kernel tells besides is not the watcher's; KernelTraceTest looks at it.
                return event.stream() == armed.stream()
                                && event.kind() != EventKind.SIGNAL_GENERATED
                        || event.kind().isLoss();
            }
        };
    }
}
