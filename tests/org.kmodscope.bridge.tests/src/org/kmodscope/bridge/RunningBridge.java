/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.target.IoModel.Signals;

/** A bridge with a thread that runs it. */
final class RunningBridge implements AutoCloseable {

    final SigioSource bridge;
    final Recorder recorder;
    final Thread thread;
    private final FutureTask<Void> end;

    private RunningBridge(SigioSource bridge, Recorder recorder, EventSink sink) {
        this.bridge = bridge;
        this.recorder = recorder;
        end =
                new FutureTask<>(
                        () -> {
                            bridge.run(sink);
                            return null;
                        });
        thread = Thread.ofPlatform().name("bridge under test").daemon().start(end);
    }

    static RunningBridge start() throws Exception {
        return start(Bridge.open().signals());
    }

    static RunningBridge start(SigioSource bridge) {
        Recorder recorder = new Recorder();
        return new RunningBridge(bridge, recorder, recorder);
    }

    static RunningBridge start(SigioSource bridge, Recorder recorder, EventSink sink) {
        return new RunningBridge(bridge, recorder, sink);
    }

    SigioSource.Device arm(int descriptor) throws Exception {
        SigioSource.Device device = bridge.armDescriptor(descriptor, new Signals(false, 0));
        device.awaitLive();
        return device;
    }

    /** Stops it and returns when all has been delivered; throws what the bridge threw. */
    void stop() throws Exception {
        bridge.stop();
        join();
    }

    void join() throws Exception {
        if (!thread.join(Duration.ofSeconds(30))) {
            throw new AssertionError("the bridge did not end");
        }
        try {
            end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        bridge.close();
        try {
            if (!thread.join(Duration.ofSeconds(30))) {
                throw new AssertionError("the bridge did not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
