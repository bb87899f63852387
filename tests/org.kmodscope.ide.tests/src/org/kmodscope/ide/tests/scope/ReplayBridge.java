/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.target.IoModel;

/** A bridge without a target: it tells what it is given, by the models that it was asked for. */
public final class ReplayBridge implements EventSource {

    private static final Event LAST = new Event(0, EventKind.MARKER, 0, 0, 0, 0, 0, 0);

    private final IoModel model;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    ReplayBridge(IoModel model) {
        this.model = model;
    }

    /** Tells an event. */
    public void tell(long time, EventKind kind, int stream, long request, long result) {
        events.add(new Event(time, kind, 0, stream, request, result, 0, 0));
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
    public void run(EventSink sink) throws InterruptedException {
        for (Event next = events.take(); !next.equals(LAST); next = events.take()) {
            EventCodec.send(next, sink);
        }
    }

    @Override
    public void stop() {
        events.add(LAST);
    }

    @Override
    public void close() {
        stop();
    }
}
