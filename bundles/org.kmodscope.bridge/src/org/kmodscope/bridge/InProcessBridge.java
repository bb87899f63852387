/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventRing;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.LocalBridge;

/**
 * The bridge for devices of this very machine. What is returned watches already: its events wait in
 * a ring for whoever runs it.
 */
public final class InProcessBridge implements LocalBridge {

    @Override
    public EventSource watch(ArmRequest request) throws KmodscopeException, InterruptedException {
        Armed armed = Bridge.open().arm(request);
        boolean started = false;
        try {
            Handover handover = new Handover();
            Handed source = new Handed(handover, request.model(), armed.start(handover));
            started = true;
            return source;
        } finally {
            if (!started) {
                armed.close();
            }
        }
    }

    /** From the bridge's thread to the one that runs the source; never holds up the former. */
    private static final class Handover implements EventSink {

        private static final int BATCH = 512;

        private final EventRing ring = new EventRing();
        private volatile @Nullable Thread parked;

        @Override
        public void accept(long time, long head, long request, long result, long tail) {
            ring.accept(time, head, request, result, tail);
            // The record must be seen before the flag is looked at, or both threads could wait.
            VarHandle.fullFence();
            wake();
        }

        void wake() {
            Thread waiting = parked;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }

        /** Whether there was anything to deliver. */
        boolean drain(EventSink sink) {
            return ring.drain(sink, BATCH) > 0;
        }

        /** Once the bridge has ended, and nothing is added to what is there. */
        void drainAll(EventSink sink) {
            boolean more = true;
            while (more) {
                more = drain(sink);
            }
        }

        /** Waits until something came or {@link #wake} was called, or for no reason. */
        void await(EventSink sink, Handed source) {
            parked = Thread.currentThread();
            VarHandle.fullFence();
            if (!drain(sink) && !source.over) {
                LockSupport.park(this);
            }
            parked = null;
        }
    }

    /** The bridge that runs, as a source that can be run. */
    private static final class Handed implements EventSource {

        private final Handover handover;
        private final IoModel model;
        private final Running running;
        private volatile boolean over;
        private volatile boolean taken;

        Handed(Handover handover, IoModel model, Running running) {
            this.handover = handover;
            this.model = model;
            this.running = running;
            running.ended().thenRun(this::stop);
        }

        @Override
        public String name() {
            return "bridge";
        }

        @Override
        public List<String> streams() {
            return model.sources(name());
        }

        @Override
        public void run(EventSink sink) throws KmodscopeException, InterruptedException {
            taken = true;
            try (running) {
                while (!over) {
                    if (!handover.drain(sink)) {
                        handover.await(sink, this);
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                running.stop();
            } finally {
                handover.drainAll(sink);
            }
        }

        @Override
        public void stop() {
            over = true;
            handover.wake();
        }

        @Override
        public void close() {
            stop();
            if (!taken) {
                running.close();
            }
        }
    }
}
