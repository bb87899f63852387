/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSource;
import org.kmodscope.core.event.StreamEventSource;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.Stimulus;
import org.kmodscope.core.target.StimulusResult;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSession;

/** A session whose events are a recorded stream; a stimulus lasts until all of it was read. */
final class ReplaySession implements TargetSession {

    private static final TargetInfo INFO =
            new TargetInfo("QEMU replay", "6.1.0-test", "x86_64", TargetInfo.Acceleration.TCG);

    private final CompletableFuture<TargetEnd> end = new CompletableFuture<>();
    private final CountDownLatch read = new CountDownLatch(1);
    private final byte[] stream;

    ReplaySession(Event... events) {
        ByteBuffer buffer =
                EventCodec.allocate(
                        EventCodec.HEADER_BYTES + events.length * EventCodec.RECORD_BYTES);
        EventCodec.putHeader(buffer);
        for (Event event : events) {
            EventCodec.put(buffer, event);
        }
        stream = new byte[buffer.flip().remaining()];
        buffer.get(stream);
    }

    /** An event of stream 0 without a band. */
    static Event event(int sequence, long micros, EventKind kind, long request, long result) {
        return new Event(micros * 1000, kind, 0, 0, request, result, 0, sequence);
    }

    /** The lab ends in this way. */
    void ends(TargetEnd how) {
        end.complete(how);
    }

    @Override
    public EventSource events() {
        ReadableByteChannel bytes = Channels.newChannel(new ByteArrayInputStream(stream));
        return new StreamEventSource("agent", new Watched(bytes, read));
    }

    @Override
    public StimulusResult stimulate(Stimulus stimulus, IProgressMonitor monitor)
            throws InterruptedException {
        read.await();
        return new StimulusResult(1, stimulus.bytes(), 0, 1);
    }

    @Override
    public Armed arm(ArmRequest request) {
        return new Armed() {
            @Override
            public int stream() {
                return 0;
            }

            @Override
            public void close() {
                // There is no device behind a recording.
            }
        };
    }

    @Override
    public TargetInfo info() {
        return INFO;
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return end;
    }

    @Override
    public Subscription onKernelLog(Consumer<KernelLogLine> listener) {
        return () -> {};
    }

    @Override
    public void close() {
        end.complete(new TargetEnd.Closed());
    }

    @Override
    public EventSource bridge(ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException {
        throw notRecorded();
    }

    @Override
    public void put(Path local, String remote, int mode) throws KmodscopeException {
        throw notRecorded();
    }

    @Override
    public void load(Path module, List<String> parameters) throws KmodscopeException {
        throw notRecorded();
    }

    @Override
    public void unload(String module) throws KmodscopeException {
        throw notRecorded();
    }

    @Override
    public RemoteCommand start(List<String> argv, OutputSink output) throws KmodscopeException {
        throw notRecorded();
    }

    private static KmodscopeException notRecorded() {
        return new KmodscopeException(KmodscopeException.Kind.LAB, "This was not recorded.", "");
    }

    /** Tells when its end was read. */
    private record Watched(ReadableByteChannel bytes, CountDownLatch read)
            implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer into) throws IOException {
            int count = bytes.read(into);
            if (count < 0) {
                read.countDown();
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return bytes.isOpen();
        }

        @Override
        public void close() throws IOException {
            read.countDown();
            bytes.close();
        }
    }
}
