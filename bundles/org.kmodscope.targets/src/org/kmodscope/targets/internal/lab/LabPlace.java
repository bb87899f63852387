/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.targets.internal.agent.Agent;
import org.kmodscope.targets.internal.agent.AgentClient;
import org.kmodscope.targets.internal.agent.Place;

/**
 * A lab, where nothing but the agent and a driver is.
 *
 * @param lab owned
 * @param wiring how the guest finds its ports
 * @param disk what the bridge runs from, where the lab has it
 */
record LabPlace(Lab lab, Wiring wiring, Optional<BridgeDisk> disk) implements Place {

    private static final String SCRATCH = "/tmp";

    @Override
    public AgentClient client() {
        return lab.client();
    }

    @Override
    public String scratch() {
        return SCRATCH;
    }

    @Override
    public ReadableByteChannel events() throws KmodscopeException {
        try {
            return PortLease.only(lab.ports().channel(Port.EVENTS));
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's events cannot be read: " + Reason.of(e) + ".",
                    "Start the lab again.",
                    e);
        }
    }

    @Override
    public EventSource bridge(Agent agent, ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        BridgeDisk attached =
                disk.orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.USAGE,
                                        "This lab was started without the bridge.",
                                        "Open the target with the bridge (--source bridge)."));
        try {
            return agent.guest(
                    attached.command(request, wiring),
                    request.model(),
                    PortLease.begin(lab.ports().channel(Port.BRIDGE)),
                    monitor);
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's port for the bridge cannot be read: " + Reason.of(e) + ".",
                    "Start the lab again.",
                    e);
        }
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return lab.machine().ended().minimalCompletionStage();
    }

    @Override
    public void close() {
        lab.close();
    }
}
