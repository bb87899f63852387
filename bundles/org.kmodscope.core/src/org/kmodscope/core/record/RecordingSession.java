/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
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

/** Passes everything on, and writes it down. */
final class RecordingSession implements TargetSession {

    /** The end of a console that is kept: the line must not become too long. */
    private static final int CONSOLE_CHARS = 1 << 15;

    private static final TargetEnd GONE = new TargetEnd.Closed();
    private static final long END_SECONDS = 2;

    private final TargetSession session;
    private final RecordWriter writer;
    private final Subscription log;
    private final CompletionStage<TargetEnd> ended;

    RecordingSession(TargetSession session, RecordWriter writer) {
        this.session = session;
        this.writer = writer;
        // Of its own: the log is recorded whoever listens.
        log = session.onKernelLog(this::logged);
        // Who waits for the end finds it recorded.
        ended =
                session.ended()
                        .thenApply(
                                end -> {
                                    over(end);
                                    return end;
                                });
    }

    private void logged(KernelLogLine line) {
        writer.line(
                RecordLine.Kind.LOG,
                List.of(
                        Integer.toString(line.level()),
                        Long.toString(line.sequence()),
                        Long.toString(line.timeNanos()),
                        line.text()));
    }

    private void over(TargetEnd end) {
        writer.line(
                RecordLine.Kind.OVER,
                switch (end) {
                    case TargetEnd.Closed closed -> List.of("closed");
                    case TargetEnd.Panicked panic ->
                            List.of("panicked", panic.reason(), tail(panic.log()));
                    case TargetEnd.Vanished vanished ->
                            List.of("vanished", vanished.reason(), tail(vanished.log()));
                });
    }

    private static String tail(String console) {
        return console.substring(Math.max(0, console.length() - CONSOLE_CHARS));
    }

    /** What a call is. */
    private interface Call<T> {
        T make(long number) throws KmodscopeException, InterruptedException;
    }

    /** Makes a call between its two lines; whoever makes it says what it returned. */
    private <T> T call(List<String> words, Call<T> call)
            throws KmodscopeException, InterruptedException {
        long number = writer.call(words);
        try {
            return call.make(number);
        } catch (KmodscopeException failure) {
            writer.failure(RecordLine.Kind.FAILED, number, failure);
            throw failure;
        } catch (OperationCanceledException | InterruptedException cancelled) {
            writer.of(RecordLine.Kind.CANCELLED, number);
            throw cancelled;
        }
    }

    @Override
    public TargetInfo info() {
        return session.info();
    }

    @Override
    public String scratch() {
        return session.scratch();
    }

    @Override
    public void put(Path local, String remote, int mode)
            throws KmodscopeException, InterruptedException {
        call(
                Calls.put(remote),
                number -> {
                    session.put(local, remote, mode);
                    writer.of(RecordLine.Kind.OK, number);
                    return number;
                });
    }

    @Override
    public void load(Path module, List<String> parameters)
            throws KmodscopeException, InterruptedException {
        call(
                Calls.load(module, parameters),
                number -> {
                    session.load(module, parameters);
                    writer.of(RecordLine.Kind.OK, number);
                    return number;
                });
    }

    @Override
    public void unload(String module) throws KmodscopeException, InterruptedException {
        call(
                Calls.unload(module),
                number -> {
                    session.unload(module);
                    writer.of(RecordLine.Kind.OK, number);
                    return number;
                });
    }

    @Override
    public RemoteCommand start(List<String> argv, OutputSink output)
            throws KmodscopeException, InterruptedException {
        return call(
                Calls.start(argv),
                number -> {
                    RemoteCommand command =
                            session.start(argv, new RecordingSink(output, writer, number));
                    writer.of(RecordLine.Kind.OK, number);
                    return new RecordingCommand(command, writer, number);
                });
    }

    @Override
    public EventSource events() throws KmodscopeException {
        try {
            return call(
                    Calls.events(),
                    number -> {
                        EventSource source = session.events();
                        writer.of(RecordLine.Kind.OK, number, source.name());
                        return new RecordingSource(source, writer, number);
                    });
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public Armed arm(ArmRequest request) throws KmodscopeException, InterruptedException {
        return call(
                Calls.arm(request),
                number -> {
                    Armed armed = session.arm(request);
                    writer.of(RecordLine.Kind.OK, number, Integer.toString(armed.stream()));
                    return new RecordingArmed(armed);
                });
    }

    @Override
    public EventSource bridge(ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return call(
                Calls.bridge(request),
                number -> {
                    EventSource source = session.bridge(request, monitor);
                    writer.of(RecordLine.Kind.OK, number, source.name());
                    return new RecordingSource(source, writer, number);
                });
    }

    @Override
    public StimulusResult stimulate(Stimulus stimulus, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return call(
                Calls.stimulate(stimulus),
                number -> {
                    StimulusResult result = session.stimulate(stimulus, monitor);
                    writer.of(
                            RecordLine.Kind.OK,
                            number,
                            Long.toString(result.writes()),
                            Long.toString(result.bytes()),
                            Long.toString(result.waits()),
                            Long.toString(result.elapsedNanos()));
                    return result;
                });
    }

    @Override
    public Subscription onKernelLog(Consumer<KernelLogLine> listener) {
        return session.onKernelLog(listener);
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return ended;
    }

    @Override
    public void close() {
        log.close();
        session.close();
        // Closing completes the end, but perhaps on another thread.
        ended.toCompletableFuture().completeOnTimeout(GONE, END_SECONDS, TimeUnit.SECONDS).join();
    }

    /** An armed device; disarming is a call, too. */
    private final class RecordingArmed implements Armed {

        private final Armed armed;

        RecordingArmed(Armed armed) {
            this.armed = armed;
        }

        @Override
        public int stream() {
            return armed.stream();
        }

        @Override
        public void close() throws KmodscopeException, InterruptedException {
            call(
                    Calls.disarm(armed.stream()),
                    number -> {
                        armed.close();
                        writer.of(RecordLine.Kind.OK, number);
                        return number;
                    });
        }
    }
}
