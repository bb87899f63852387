/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
import org.kmodscope.targets.internal.agent.Agent;

/** A session on a lab. */
final class LabSession implements TargetSession {

    private final TargetInfo info;
    private final Lab lab;
    private final Agent agent;
    private final Wiring wiring;
    private final Optional<BridgeDisk> bridge;
    private final AtomicBoolean eventsTaken = new AtomicBoolean();

    /**
     * @param lab after its handshake; owned from now on
     */
    LabSession(TargetInfo info, Lab lab, Wiring wiring, Optional<BridgeDisk> bridge) {
        this.info = info;
        this.wiring = wiring;
        this.lab = lab;
        this.agent = new Agent(lab.client(), info.kernelRelease());
        this.bridge = bridge;
    }

    @Override
    public TargetInfo info() {
        return info;
    }

    @Override
    public void put(Path local, String remote, int mode)
            throws KmodscopeException, InterruptedException {
        agent.put(local, remote, mode);
    }

    @Override
    public void load(Path module, List<String> parameters)
            throws KmodscopeException, InterruptedException {
        agent.load(module, parameters);
    }

    @Override
    public void unload(String module) throws KmodscopeException, InterruptedException {
        agent.unload(module);
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
        try {
            return agent.events(PortLease.only(lab.ports().channel(Port.EVENTS)));
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's events cannot be read: " + e + ".",
                    "Start the lab again.",
                    e);
        }
    }

    @Override
    public Armed arm(ArmRequest request) throws KmodscopeException, InterruptedException {
        return agent.arm(request);
    }

    @Override
    public EventSource bridge(ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        BridgeDisk disk =
                bridge.orElseThrow(
                        () ->
                                new KmodscopeException(
                                        Kind.USAGE,
                                        "This lab was started without the bridge.",
                                        "Open the target with the bridge (--source bridge)."));
        try {
            return agent.guest(
                    disk.command(request, wiring),
                    PortLease.begin(lab.ports().channel(Port.BRIDGE)),
                    monitor);
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's port for the bridge cannot be read: " + e + ".",
                    "Start the lab again.",
                    e);
        }
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
        return lab.machine().ended().minimalCompletionStage();
    }

    @Override
    public void close() {
        lab.close();
    }
}
