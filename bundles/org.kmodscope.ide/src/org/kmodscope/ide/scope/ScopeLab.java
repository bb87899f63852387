/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventPump;
import org.kmodscope.core.event.EventRecorder;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;

/**
 * An open target with what was put into it: module, armed device, bridge. Used by one job at a
 * time; {@link #stimulate} alone may run beside the others.
 */
final class ScopeLab implements AutoCloseable {

    /** What a monitoring program asks for in one read. */
    private static final int READ_BYTES = 4096;

    private final TargetSpec spec;
    private final TargetSession session;
    private final EventRecorder recorder;
    private final EventPump agent;
    private final TargetSession.Subscription log;
    private @Nullable String module;
    private TargetSession.@Nullable Armed armed;
    private @Nullable EventPump bridge;

    private ScopeLab(
            TargetSpec spec,
            TargetSession session,
            EventRecorder recorder,
            EventPump agent,
            TargetSession.Subscription log) {
        this.spec = spec;
        this.session = session;
        this.recorder = recorder;
        this.agent = agent;
        this.log = log;
    }

    /** Takes a session that was just opened, and closes it when it cannot be used. */
    static ScopeLab open(
            TargetSpec spec,
            TargetSession session,
            EventRecorder recorder,
            KernelLog log,
            Runnable logged)
            throws KmodscopeException {
        try {
            return new ScopeLab(
                    spec,
                    session,
                    recorder,
                    recorder.attach(session.events()),
                    session.onKernelLog(
                            line -> {
                                log.add(line);
                                logged.run();
                            }));
        } catch (KmodscopeException | RuntimeException unusable) {
            session.close();
            throw unusable;
        }
    }

    TargetSpec spec() {
        return spec;
    }

    TargetInfo info() {
        return session.info();
    }

    TargetSession session() {
        return session;
    }

    /** Loads the module, after having unloaded the one that is in the way. */
    void load(Path file, String name) throws KmodscopeException, InterruptedException {
        unload();
        session.load(file, List.of());
        module = name;
    }

    /** Unloads what was loaded; nothing loaded is success. */
    void unload() throws KmodscopeException, InterruptedException {
        stop();
        String loaded = module;
        if (loaded != null) {
            session.unload(loaded);
            module = null;
        }
    }

    /** Watches the device. */
    void start(String device, ScopeChoice how, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        stop();
        switch (how.source()) {
            case AGENT -> armed = session.arm(new ArmRequest(device, true, READ_BYTES));
            case BRIDGE -> {
                ArmRequest request = new ArmRequest(device, how.io().model(READ_BYTES));
                bridge = recorder.attach(session.bridge(request, monitor));
            }
        }
    }

    /** Ends watching; what happened before is in the recording. */
    void stop() throws KmodscopeException, InterruptedException {
        TargetSession.Armed device = armed;
        if (device != null) {
            armed = null;
            device.close();
        }
        EventPump pump = bridge;
        if (pump != null) {
            bridge = null;
            pump.close();
        }
    }

    StimulusResult stimulate(StimulusPlan plan, String device, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return session.stimulate(plan.on(device), monitor);
    }

    /** Ends the target; the recorder stays with its owner. */
    @Override
    public void close() {
        log.close();
        // First the session: with a target that does not answer, a pump would wait for its source.
        session.close();
        EventPump pump = bridge;
        if (pump != null) {
            bridge = null;
            pump.close();
        }
        agent.close();
    }
}
