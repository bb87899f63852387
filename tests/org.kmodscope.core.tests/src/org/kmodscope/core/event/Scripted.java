/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.util.concurrent.CountDownLatch;
import org.kmodscope.core.KmodscopeException;

/** A source whose run is given. */
class Scripted implements EventSource {

    /** What a source does. */
    interface Script {
        void run(Scripted source, EventSink sink) throws KmodscopeException, InterruptedException;
    }

    final CountDownLatch stopped = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    private final String name;
    private final Script script;

    Scripted(String name, Script script) {
        this.name = name;
        this.script = script;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        script.run(this, sink);
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    @Override
    public void close() {
        stop();
        closed.countDown();
    }

    /** A source that tells these and ends. */
    static Scripted events(String name, Event... events) {
        return new Scripted(
                name,
                (source, sink) -> {
                    for (Event each : events) {
                        EventCodec.send(each, sink);
                    }
                });
    }

    /** A source that tells these and waits to be stopped. */
    static Scripted waiting(String name, Event... events) {
        return new Scripted(
                name,
                (source, sink) -> {
                    for (Event each : events) {
                        EventCodec.send(each, sink);
                    }
                    source.stopped.await();
                });
    }
}
