/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;

/** Makes a source of events of a {@link DeviceLoop}: who may do what when, and who frees it. */
final class LoopSource implements EventSource {

    private enum Phase {
        OPEN,
        RUNNING,
        ENDED
    }

    private final String name;
    private final DeviceLoop loop;
    private final Object lock = new Object();
    private Phase phase = Phase.OPEN;
    private boolean ran;
    private volatile boolean stopping;

    /**
     * @param loop owned from now on
     */
    LoopSource(String name, DeviceLoop loop) {
        this.name = name;
        this.loop = loop;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("waits in the kernel need a platform thread");
        }
        synchronized (lock) {
            if (ran) {
                throw new IllegalStateException("a source runs once");
            }
            if (phase == Phase.ENDED) {
                return;
            }
            phase = Phase.RUNNING;
            ran = true;
        }
        try {
            loop.run(sink, () -> stopping);
        } finally {
            synchronized (lock) {
                phase = Phase.ENDED;
                loop.close();
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public void stop() {
        synchronized (lock) {
            stopping = true;
            if (phase == Phase.RUNNING) {
                loop.wake();
            } else if (phase == Phase.OPEN) {
                phase = Phase.ENDED;
                loop.close();
            }
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** What was counted so far. */
    TransferStatistics statistics() {
        return loop.statistics();
    }
}
