/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventCodec;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSource;

/** Runs a source on a thread of its own and keeps what it delivers. */
@SuppressWarnings("try") // closing waits, and waiting may be interrupted
final class Recorder implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;

    private final EventSource source;
    private final List<Event> events = new ArrayList<>();
    private final FutureTask<Void> run;
    private final Thread thread;

    Recorder(EventSource source) {
        this.source = source;
        run =
                new FutureTask<>(
                        () -> {
                            source.run(this::accept);
                            return null;
                        });
        thread = Thread.ofPlatform().name("test recorder").daemon().start(run);
    }

    private synchronized void accept(long time, long head, long request, long result, long tail) {
        events.add(EventCodec.toEvent(time, head, request, result, tail));
        notifyAll();
    }

    synchronized List<Event> all() {
        return List.copyOf(events);
    }

    List<Event> of(EventKind kind) {
        return all().stream().filter(event -> event.kind() == kind).toList();
    }

    long lost() {
        return of(EventKind.LOST).stream().mapToLong(Event::result).sum();
    }

    /** Waits until there are so many of a kind. */
    void await(EventKind kind, int count) throws Exception {
        await(all -> all.stream().filter(event -> event.kind() == kind).count() >= count);
    }

    synchronized void await(Predicate<List<Event>> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.test(events)) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || run.isDone()) {
                throw new TimeoutException(
                        events.size()
                                + " events, the last of them "
                                + events.subList(Math.max(0, events.size() - 10), events.size()));
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }

    /** Stops the source and waits for its own end; fails with what it failed with. */
    Recorder finish() throws Exception {
        source.stop();
        return awaitEnd();
    }

    Recorder awaitEnd() throws Exception {
        try {
            run.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
        return this;
    }

    @Override
    public void close() throws InterruptedException {
        source.close();
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    }
}
