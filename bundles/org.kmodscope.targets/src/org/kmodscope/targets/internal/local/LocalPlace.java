/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.LocalBridge;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.targets.internal.agent.Agent;
import org.kmodscope.targets.internal.agent.AgentClient;
import org.kmodscope.targets.internal.agent.Modules;
import org.kmodscope.targets.internal.agent.Place;
import org.kmodscope.targets.internal.program.AgentProgram;

/**
 * This machine: the agent is a process of the user's, modules go by the helper, the bridge is in
 * this process. Whatever was loaded and is still there at the end goes with the session.
 */
final class LocalPlace implements Place {

    private final AgentProgram agent;
    private final LocalModules modules;
    private final Optional<HelperLog> log;
    private final Optional<LocalBridge> bridge;
    private final Consumer<KmodscopeException> leftovers;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param agent after its handshake; owned from now on, as is the log
     * @param leftovers told of each module that could not be unloaded at the end
     */
    LocalPlace(
            AgentProgram agent,
            LocalModules modules,
            Optional<HelperLog> log,
            Optional<LocalBridge> bridge,
            Consumer<KmodscopeException> leftovers) {
        this.agent = agent;
        this.modules = modules;
        this.log = log;
        this.bridge = bridge;
        this.leftovers = leftovers;
    }

    @Override
    public AgentClient client() {
        return agent.client();
    }

    @Override
    public String scratch() {
        return agent.scratch();
    }

    @Override
    public ReadableByteChannel events() throws KmodscopeException {
        return agent.events();
    }

    @Override
    public Modules modules(Agent talk) {
        return modules;
    }

    @Override
    public EventSource bridge(Agent talk, ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return bridge.isPresent()
                ? bridge.get().watch(request)
                : agent.bridge(talk, request, monitor);
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return agent.ended();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Takes longer where a module is still loaded: the user may be asked for a password again.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        // First, because it has devices open.
        agent.close();
        log.ifPresent(HelperLog::close);
        boolean interrupted = Thread.interrupted();
        try {
            modules.unloadAll().forEach(leftovers);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
