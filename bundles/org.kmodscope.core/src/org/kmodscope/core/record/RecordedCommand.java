/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.record;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;

/** A program that prints what it printed and ends as it ended; what it is told changes nothing. */
final class RecordedCommand implements RemoteCommand {

    private static final long ASK_MILLIS = 50;

    private final Path file;
    private final Recording.Call call;
    private final ReplayClock clock;
    private final OutputSink output;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private volatile boolean closed;

    private RecordedCommand(Path file, Recording.Call call, ReplayClock clock, OutputSink output) {
        this.file = file;
        this.call = call;
        this.clock = clock;
        this.output = output;
    }

    /** Starts to print, on a thread of its own that ends with the program or the session. */
    static RecordedCommand start(
            Path file, Recording.Call call, ReplayClock clock, OutputSink output) {
        RecordedCommand command = new RecordedCommand(file, call, clock, output);
        Thread.ofPlatform().name("kmodscope-replay-program").daemon().start(command::run);
        return command;
    }

    private void run() {
        try {
            exit.complete(print());
        } catch (KmodscopeException | InterruptedException | RuntimeException e) {
            exit.completeExceptionally(e);
        }
    }

    private int print() throws KmodscopeException, InterruptedException {
        long began = System.nanoTime();
        String number = Long.toString(call.number());
        try (RecordReader reader = new RecordReader(file, call.offset())) {
            reader.next();
            for (Optional<RecordLine> next = reader.next();
                    next.isPresent();
                    next = reader.next()) {
                RecordLine line = next.get();
                if (line.kind() == RecordLine.Kind.OPEN || clock.over() || closed) {
                    break;
                }
                if (line.fields().isEmpty() || !line.raw(0).equals(number)) {
                    continue;
                }
                switch (line.kind()) {
                    case OUT -> {
                        pass(began, line);
                        output.out(line.bytes(1));
                    }
                    case ERR -> {
                        pass(began, line);
                        output.err(line.bytes(1));
                    }
                    case EXIT -> {
                        pass(began, line);
                        return (int) line.number(1);
                    }
                    case LOST -> {
                        pass(began, line);
                        throw line.failure(1);
                    }
                    default -> {}
                }
            }
        }
        throw new KmodscopeException(
                KmodscopeException.Kind.LAB,
                "How this program ended was not recorded: " + String.join(" ", call.words()) + ".",
                "It was ended by its user, or the recording ends before.");
    }

    private void pass(long began, RecordLine line) throws InterruptedException {
        clock.pass(began, line.micros() - call.micros(), () -> closed);
    }

    @Override
    public int waitFor(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        while (true) {
            if (monitor.isCanceled()) {
                close();
                throw new OperationCanceledException();
            }
            try {
                return exit.get(ASK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException goesOn) {
                continue;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof KmodscopeException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public void write(byte[] bytes) {}

    @Override
    public void closeInput() {}

    @Override
    public void signal(int number) {}

    @Override
    public void close() {
        closed = true;
        clock.wake();
    }
}
