/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;

/** A session whose work an agent does, wherever that is. */
public final class AgentSession implements TargetSession {

    private final TargetInfo info;
    private final Place place;
    private final Agent agent;
    private final Modules modules;
    private final AtomicBoolean eventsTaken = new AtomicBoolean();

    /**
     * @param place after its handshake; owned from now on
     */
    public AgentSession(TargetInfo info, Place place) {
        this.info = info;
        this.place = place;
        this.agent = new Agent(place.client(), info.kernelRelease(), place.scratch());
        this.modules = place.modules(agent);
    }

    @Override
    public TargetInfo info() {
        return info;
    }

    @Override
    public String scratch() {
        return place.scratch();
    }

    @Override
    public void put(Path local, String remote, int mode)
            throws KmodscopeException, InterruptedException {
        agent.put(local, remote, mode);
    }

    @Override
    public void load(Path module, List<String> parameters)
            throws KmodscopeException, InterruptedException {
        modules.load(module, parameters);
    }

    @Override
    public void unload(String module) throws KmodscopeException, InterruptedException {
        modules.unload(module);
    }

    @Override
    public RemoteCommand start(List<String> argv, OutputSink output)
            throws KmodscopeException, InterruptedException {
        return agent.start(argv, output);
    }

    @Override
    public EventSource events() throws KmodscopeException {
        if (eventsTaken.getAndSet(true)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The agent's events of this session are read already.",
                    "Open another session, or share the source.");
        }
        return agent.events(place.events());
    }

    @Override
    public Armed arm(ArmRequest request) throws KmodscopeException, InterruptedException {
        return agent.arm(request);
    }

    @Override
    public EventSource bridge(ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return place.bridge(agent, request, monitor);
    }

    @Override
    public StimulusResult stimulate(Stimulus stimulus, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return agent.stimulate(stimulus, monitor);
    }

    @Override
    public Subscription onKernelLog(Consumer<KernelLogLine> listener) {
        return agent.onKernelLog(listener);
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return place.ended();
    }

    @Override
    public void close() {
        place.close();
    }
}
