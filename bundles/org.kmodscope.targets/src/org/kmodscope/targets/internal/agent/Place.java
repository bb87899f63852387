/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletionStage;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.TargetEnd;

/**
 * Where an agent works: what differs between a lab, this machine and a board when an {@link
 * AgentSession} runs there.
 */
public interface Place extends AutoCloseable {

    /** The talk with the agent; the place's own, and of no use before its handshake. */
    AgentClient client();

    /** A directory there for files of the session, absolute. */
    String scratch();

    /** The agent's events. Asked for once; the caller owns the channel. */
    ReadableByteChannel events() throws KmodscopeException;

    /** Who loads modules there: the agent, unless the place knows better. */
    default Modules modules(Agent agent) {
        return agent;
    }

    /** As {@link org.kmodscope.core.target.TargetSession#bridge}. */
    EventSource bridge(Agent agent, ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException;

    /** Completes when nothing is to be had there any more, with how that came. */
    CompletionStage<TargetEnd> ended();

    /** Ends the agent there, and whatever else belongs to the session, in at most two seconds. */
    @Override
    void close();
}
