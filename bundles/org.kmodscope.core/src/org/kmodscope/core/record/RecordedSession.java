/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
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

/**
 * A session that answers as the recorded one did. A call gets the answer of the first one of the
 * same words that was not yet made; a call that was not recorded fails. Calls may be left out.
 * Kernel log and end of the target come when the last call was made that came before them.
 */
final class RecordedSession implements TargetSession {

    private static final IProgressMonitor NEVER = new NullProgressMonitor();
    private static final int CALLS_TOLD = 5;

    private final Recording recording;
    private final ReplayClock clock;
    private final long opened = System.nanoTime();
    private final CompletableFuture<TargetEnd> ended = new CompletableFuture<>();
    private final List<RecordedSource> sources = new CopyOnWriteArrayList<>();
    private final BitSet made = new BitSet();
    private final boolean timed;
    private volatile long reached;

    RecordedSession(Recording recording, boolean timed) {
        this.recording = recording;
        this.timed = timed;
        clock = new ReplayClock(timed);
        reach();
    }

    /** Up to which byte of the file things have happened. */
    private synchronized void reach() {
        int next = made.length();
        reached =
                next < recording.calls().size()
                        ? recording.calls().get(next).offset()
                        : Long.MAX_VALUE;
        clock.wake();
        recording
                .over()
                .filter(over -> over.offset() < reached)
                .ifPresent(
                        over -> {
                            long micros = timed ? over.micros() - recording.began() : 0;
                            long passed = (System.nanoTime() - opened) / 1000;
                            CompletableFuture.delayedExecutor(
                                            Math.max(0, micros - passed), TimeUnit.MICROSECONDS)
                                    .execute(() -> ended.complete(over.end()));
                        });
    }

    /** The answer of a call, after the time that it took. */
    private Answer answer(List<String> words, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        long now = System.nanoTime();
        Recording.Call call = make(words);
        RecordLine answer =
                call.answer()
                        .orElseThrow(
                                () ->
                                        new KmodscopeException(
                                                KmodscopeException.Kind.LAB,
                                                "The recording ends before this was answered: "
                                                        + String.join(" ", words)
                                                        + ".",
                                                "Nothing more is known of that session."));
        clock.pass(now, answer.micros() - call.micros(), monitor::isCanceled);
        // As fast as can be, but events that came before an answer still do.
        clock.until(() -> timed || monitor.isCanceled() || delivered(call.answered()));
        if (monitor.isCanceled()) {
            throw new OperationCanceledException();
        }
        return switch (answer.kind()) {
            case OK -> new Answer(call, answer);
            case FAILED -> throw answer.failure(1);
            default -> throw new OperationCanceledException("as it was when it was recorded");
        };
    }

    private boolean delivered(long offset) {
        return sources.stream().allMatch(source -> source.past(offset));
    }

    private synchronized Recording.Call make(List<String> words) throws KmodscopeException {
        if (clock.over()) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.LAB, "The session is closed.", "Open another one.");
        }
        List<String> wanted = RecordLine.of(0, RecordLine.Kind.CALL, words).fields();
        List<Recording.Call> calls = recording.calls();
        for (int i = made.nextClearBit(0); i < calls.size(); i = made.nextClearBit(i + 1)) {
            if (calls.get(i).words().equals(wanted)) {
                made.set(i);
                reach();
                return calls.get(i);
            }
        }
        String left =
                calls.subList(Math.min(made.length(), calls.size()), calls.size()).stream()
                        .limit(CALLS_TOLD)
                        .map(call -> String.join(" ", call.words()))
                        .collect(Collectors.joining("; "));
        throw new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "This was not recorded: " + String.join(" ", words) + ".",
                left.isEmpty()
                        ? "The recording has no further calls."
                        : "Do what was done when it was recorded; next came: " + left + ".");
    }

    /** A call and what it returned. */
    private record Answer(Recording.Call call, RecordLine line) {}

    @Override
    public TargetInfo info() {
        return recording.opened();
    }

    @Override
    public String scratch() {
        return recording.scratch();
    }

    @Override
    public void put(Path local, String remote, int mode)
            throws KmodscopeException, InterruptedException {
        answer(Calls.put(remote), NEVER);
    }

    @Override
    public void load(Path module, List<String> parameters)
            throws KmodscopeException, InterruptedException {
        answer(Calls.load(module, parameters), NEVER);
    }

    @Override
    public void unload(String module) throws KmodscopeException, InterruptedException {
        answer(Calls.unload(module), NEVER);
    }

    @Override
    public RemoteCommand start(List<String> argv, OutputSink output)
            throws KmodscopeException, InterruptedException {
        Answer answer = answer(Calls.start(argv), NEVER);
        return RecordedCommand.start(recording.file(), answer.call(), clock, output);
    }

    @Override
    public EventSource events() throws KmodscopeException {
        try {
            return source(answer(Calls.events(), NEVER), name -> List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationCanceledException();
        }
    }

    @Override
    public EventSource bridge(ArmRequest request, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return source(answer(Calls.bridge(request), monitor), request.model()::sources);
    }

    private EventSource source(Answer answer, Function<String, List<String>> streams)
            throws KmodscopeException {
        String name = answer.line().text(1);
        return new RecordedSource(
                name, streams.apply(name), recording.file(), answer.call(), clock);
    }

    @Override
    public Armed arm(ArmRequest request) throws KmodscopeException, InterruptedException {
        int stream = (int) answer(Calls.arm(request), NEVER).line().number(1);
        return new Armed() {
            @Override
            public int stream() {
                return stream;
            }

            @Override
            public void close() throws KmodscopeException, InterruptedException {
                answer(Calls.disarm(stream), NEVER);
            }
        };
    }

    @Override
    public StimulusResult stimulate(Stimulus stimulus, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        RecordLine line = answer(Calls.stimulate(stimulus), monitor).line();
        return new StimulusResult(line.number(1), line.number(2), line.number(3), line.number(4));
    }

    @Override
    public Subscription onKernelLog(Consumer<KernelLogLine> listener) {
        return RecordedLog.start(recording, opened, clock, () -> reached, listener);
    }

    @Override
    public CompletionStage<TargetEnd> ended() {
        return ended;
    }

    @Override
    public void close() {
        clock.end();
        ended.complete(new TargetEnd.Closed());
    }
}
