/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

import java.nio.BufferUnderflowException;
import java.nio.channels.ReadableByteChannel;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSink;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.StreamEventSource;

/**
 * The agent's events. To stop, the agent is asked for the number of its next record: all that
 * happened before has a lower one and is delivered before the source ends.
 */
final class AgentEvents implements EventSource {

    private final AgentClient client;
    private final StreamEventSource stream;

    AgentEvents(AgentClient client, ReadableByteChannel channel) {
        this.client = client;
        this.stream = new StreamEventSource("agent", channel);
    }

    @Override
    public String name() {
        return stream.name();
    }

    @Override
    public void run(EventSink sink) throws KmodscopeException, InterruptedException {
        stream.run(sink);
    }

    @Override
    public void stop() {
        client.request(FrameType.SEQUENCE, new byte[0]).whenComplete(this::stopWhenTold);
    }

    @Override
    public void close() {
        stream.close();
    }

    private void stopWhenTold(@Nullable Answer answer, @Nullable Throwable failure) {
        if (answer instanceof Answer.Done(byte[] payload)) {
            try {
                stream.stopAt(new PayloadReader(payload).u32());
                return;
            } catch (BufferUnderflowException e) {
                stream.stop();
            }
        }
        // The agent is gone: the stream has ended, or nothing more will come over it.
        stream.stop();
    }
}
