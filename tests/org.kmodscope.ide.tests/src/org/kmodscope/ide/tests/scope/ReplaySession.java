/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.tests.scope;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
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

/**
 * A target session without a target: its events are the bytes that an agent would write, through
 * the same stream source as a real session's. It keeps what was asked of it.
 */
public final class ReplaySession implements TargetSession {

    private static final int BYTES = 1 << 20;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Consumer<KernelLogLine>> logs = new CopyOnWriteArrayList<>();
    private final CompletableFuture<TargetEnd> end = new CompletableFuture<>();
    private final PipedOutputStream out = new PipedOutputStream();
    private final EventSource source;
    private int sequence;
    private long clock = 1_000_000_000_000L;
    private long call;
    private volatile Optional<ReplayBridge> bridge = Optional.empty();
    private volatile boolean armed;
    private volatile boolean fasync = true;
    private volatile boolean loadable = true;

    public ReplaySession() throws IOException {
        source =
                new StreamEventSource(
                        "agent", Channels.newChannel(new PipedInputStream(out, BYTES)));
        ByteBuffer header = buffer(EventCodec.HEADER_BYTES);
        EventCodec.putHeader(header);
        out.write(header.array());
        out.flush();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    }

    /** What was asked, in order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** Makes the device one without fasync. */
    public void withoutFasync() {
        fasync = false;
    }

    /** Makes the kernel refuse modules. */
    public void refuseModules() {
        loadable = false;
    }

    /** Ends the target in its own way. */
    public void end(TargetEnd how) {
        end.complete(how);
    }

    /** Adds a line to the kernel log. */
    public void log(KernelLogLine line) {
        logs.forEach(log -> log.accept(line));
    }

    /** The time that the next record will have. */
    public synchronized long clock() {
        return clock;
    }

    /** Lets time pass. */
    public synchronized void pass(long nanos) {
        clock += nanos;
    }

    /** Writes one record. */
    public synchronized void record(
            long time, EventKind kind, int flags, long request, long result, int band)
            throws IOException {
        ByteBuffer bytes = buffer(EventCodec.RECORD_BYTES);
        EventCodec.put(
                bytes,
                time,
                EventCodec.head(kind, flags, 1),
                request,
                result,
                EventCodec.tail(band, sequence++));
        out.write(bytes.array());
        clock = Math.max(clock, time);
    }

    /** Hands over what was written. */
    public synchronized void flush() throws IOException {
        out.flush();
    }

    /** One write with the signal it causes and the read that answers, in microseconds. */
    public synchronized void chain(long number, int bytes, int toSignal, int toRead)
            throws IOException {
        long start = clock;
        record(start, EventKind.WRITE_START, 0, number, 0, 0);
        record(start + 12_000, EventKind.WRITE_END, 0, number, bytes, 0);
        long signal = start + toSignal * 1_000L;
        record(signal, EventKind.SIGIO_IN, 0, 0, 0, 0x41);
        record(signal + toRead * 1_000L, EventKind.READ_START, 0, number, 0, 0);
        record(signal + toRead * 1_000L + 9_000, EventKind.READ_END, 0, number, bytes, 0);
    }

    @Override
    public TargetInfo info() {
        return new TargetInfo(
                "QEMU · debian-6.1", "6.1.0-37-amd64", "x86_64", TargetInfo.Acceleration.TCG);
    }

    @Override
    public void put(Path local, String remote, int mode) {
        calls.add("put " + remote);
    }

    @Override
    public void load(Path module, List<String> parameters) throws KmodscopeException {
        calls.add("load " + module.getFileName());
        if (!loadable) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The kernel refused the module: Unknown symbol frobnicate (err -2).",
                    "Export the symbol, or do without it.");
        }
    }

    @Override
    public void unload(String module) {
        calls.add("unload " + module);
    }

    @Override
    public RemoteCommand start(List<String> argv, OutputSink output) throws KmodscopeException {
        throw new KmodscopeException(Kind.USAGE, "A replayed target runs no programs.", "");
    }

    @Override
    public EventSource events() {
        return source;
    }

    @Override
    public Armed arm(ArmRequest request) throws KmodscopeException {
        calls.add("arm " + request.device());
        if (!fasync) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "This device does not support O_ASYNC: the driver has no fasync operation.",
                    "Add .fasync to the driver's file_operations.");
        }
        armed = true;
        return new Armed() {
            @Override
            public int stream() {
                return 1;
            }

            @Override
            public void close() {
                calls.add("disarm");
                armed = false;
            }
        };
    }

    @Override
    public EventSource bridge(ArmRequest request, IProgressMonitor monitor) {
        calls.add("bridge " + request.model().word());
        ReplayBridge started = new ReplayBridge(request.model());
        bridge = Optional.of(started);
        return started;
    }

    /** The bridge that was started last. */
    public ReplayBridge bridge() {
        return bridge.orElseThrow();
    }

    @Override
    public StimulusResult stimulate(Stimulus stimulus, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        calls.add("stimulate " + stimulus.count() + " x " + stimulus.bytes());
        long done = 0;
        try {
            for (; done < stimulus.count() && armed && !end.isDone(); done++) {
                if (monitor.isCanceled() || Thread.interrupted()) {
                    throw new OperationCanceledException();
                }
                chain(++call, stimulus.bytes(), 40 + (int) (call % 7) * 9, 20);
                pass(50_000);
                if (done % 64 == 0) {
                    flush();
                }
            }
            flush();
        } catch (IOException e) {
            throw new KmodscopeException(Kind.LAB, "The channel broke: " + e, "", e);
        }
        return new StimulusResult(done, done * stimulus.bytes(), 0, done * 100_000);
    }

    @Override
    public Subscription onKernelLog(Consumer<KernelLogLine> listener) {
        logs.add(listener);
        return () -> logs.remove(listener);
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return end;
    }

    @Override
    public void close() {
        calls.add("close");
        source.close();
        try {
            out.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        end.complete(new TargetEnd.Closed());
    }

    /** The calls so far that begin with a word. */
    public List<String> calls(String word) {
        List<String> found = new ArrayList<>(calls);
        found.removeIf(each -> !each.startsWith(word));
        return found;
    }
}
