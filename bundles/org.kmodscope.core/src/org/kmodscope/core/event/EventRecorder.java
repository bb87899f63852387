/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;

/**
 * Records the events of any number of sources of one target, whose clock they share: runs the
 * sources, brings what they tell into the order of time, keeps a bounded model of it and publishes
 * what is known. It owns one thread for the model and one for each source, from their start to
 * {@link #finish} or {@link #close}. Methods may be called from any thread; a listener may only ask
 * for a viewport or clear.
 */
public final class EventRecorder implements AutoCloseable {

    /** How long the model's thread rests between two looks into the rings. */
    private static final long REST_NANOS = 2_000_000;

    /** Without any record for so long, nothing more is on its way. */
    private static final long SETTLED_NANOS = 200_000_000;

    /** What was kept goes to the disk this often. */
    private static final long FLUSH_NANOS = 1_000_000_000;

    private final Settings settings;
    private final Listener listener;
    private final Thread thread;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private volatile Optional<Viewport> viewport = Optional.empty();
    private volatile EventSnapshot snapshot;
    private volatile boolean finishing;
    private volatile @Nullable KmodscopeException failure;

    // Guarded by the list of pumps.
    private final List<EventPump> pumps = new ArrayList<>();
    private boolean closed;

    // Owned by the model's thread.
    private final EventModel model;
    private final EventMerge merge;
    private final TargetClock clock = new TargetClock();
    private final List<EventFeed> feeds = new ArrayList<>();
    private final WriterGroup writers = new WriterGroup(this::fail);
    private Optional<Viewport> shown = Optional.empty();
    private boolean changed;
    private long now;
    private long lastArrival;
    private long lastPublished;
    private long lastFlushed;

    /**
     * How to record.
     *
     * @param windowEvents how many records are kept one by one; a power of two from 128 on
     * @param reorder how long a record waits for earlier ones of slower sources
     * @param publish the shortest time between two snapshots
     * @param latest how many records the table of a snapshot has
     */
    public record Settings(int windowEvents, Duration reorder, Duration publish, int latest) {

        /** A million records, 100 ms, 30 snapshots per second, 500 in the table. */
        public static Settings defaults() {
            return new Settings(1 << 20, Duration.ofMillis(100), Duration.ofMillis(33), 500);
        }

        /** The same with another window. */
        public Settings withWindowEvents(int events) {
            return new Settings(events, reorder, publish, latest);
        }

        /** The same with another table. */
        public Settings withLatest(int events) {
            return new Settings(windowEvents, reorder, publish, events);
        }
    }

    /** Learns what happens; called on the model's thread, returns soon and never blocks. */
    public interface Listener {

        /** There is something new; {@link #snapshot} gives the same. */
        default void published(EventSnapshot snapshot) {}

        /** A source ended; all that it told is in the model. */
        default void ended(SourceEnd end) {}

        /**
         * A writer could not write, and gets nothing more; or the recorder itself broke, and {@link
         * #finish} will say so.
         */
        default void failed(KmodscopeException failure) {}
    }

    private EventRecorder(Settings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        model = new EventModel(settings.windowEvents(), settings.latest());
        merge = new EventMerge(EventMerge.CAPACITY, settings.reorder().toNanos(), this::merged);
        snapshot = model.snapshot(0, new boolean[0], Optional.empty());
        thread = Thread.ofPlatform().name("kmodscope-model").daemon().unstarted(this::run);
    }

    /** Starts to record; sources are attached afterwards. */
    public static EventRecorder start(Settings settings, Listener listener) {
        EventRecorder recorder = new EventRecorder(settings, listener);
        recorder.thread.start();
        return recorder;
    }

    /**
     * Runs a source until it ends, or the pump is closed, or the recorder. A name may come again:
     * what it tells then is added to the same totals.
     */
    public EventPump attach(EventSource source) {
        checkCaller();
        synchronized (pumps) {
            checkOpen();
            pumps.removeIf(each -> !each.running());
            EventRing ring = new EventRing();
            EventPump pump = EventPump.start(source, ring, end -> wake());
            pumps.add(pump);
            command(() -> feeds.add(feed(ring, pump)));
            return pump;
        }
    }

    /** Gives all further events to a writer, too; the recorder closes it. */
    public void write(EventWriter writer) {
        checkCaller();
        synchronized (pumps) {
            checkOpen();
            command(() -> writers.add(writer));
        }
    }

    /**
     * Reads a recording into the model, all of it and without loss, and returns when that is done.
     *
     * @throws KmodscopeException when it cannot be read; what was read before stays
     */
    public void load(Path recording) throws KmodscopeException, InterruptedException {
        checkCaller();
        CompletableFuture<Optional<KmodscopeException>> done = new CompletableFuture<>();
        command(() -> done.complete(loadNow(recording)));
        while (!done.isDone()) {
            if (!thread.isAlive() && !done.isDone()) {
                throw new IllegalStateException("the recorder is closed");
            }
            LockSupport.parkNanos(done, REST_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        Optional<KmodscopeException> trouble = done.join();
        if (trouble.isPresent()) {
            throw trouble.get();
        }
    }

    /** Has this and all further snapshots contain a picture; the next one comes soon. */
    public void requestViewport(Viewport wanted) {
        viewport = Optional.of(wanted);
        wake();
    }

    /** Forgets all events; sources and writers go on. */
    public void clear() {
        command(
                () -> {
                    merge.releaseAll();
                    model.clear();
                    clock.clear();
                    changed = true;
                });
    }

    /** The latest that was published; never waits. */
    public EventSnapshot snapshot() {
        return snapshot;
    }

    /**
     * Stops the sources and waits for the last of their events, closes the writers and ends.
     *
     * @return what is known in the end
     * @throws KmodscopeException when a writer could not write all, or the recorder broke
     */
    public EventSnapshot finish() throws KmodscopeException {
        end();
        KmodscopeException trouble = failure;
        if (trouble != null) {
            throw trouble;
        }
        return snapshot;
    }

    /** As {@link #finish}, for who does not need the result. Harmless when repeated. */
    @Override
    public void close() {
        end();
    }

    private void end() {
        checkCaller();
        synchronized (pumps) {
            endNow();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the recorder is closed");
        }
    }

    /** The model's thread would wait for itself, or for the lock of who waits for it. */
    private void checkCaller() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a listener cannot do this to its recorder");
        }
    }

    private void endNow() {
        closed = true;
        pumps.forEach(EventPump::close);
        pumps.clear();
        finishing = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private EventFeed feed(EventRing ring, EventPump pump) {
        int source = model.source(pump.name());
        int[] streams = pump.streams().stream().mapToInt(model::source).toArray();
        return new EventFeed(source, streams, ring, pump, merge, clock);
    }

    private void command(Runnable command) {
        commands.add(command);
        wake();
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!finishing) {
                turn();
                publishWhenDue();
                LockSupport.parkNanos(feeds.isEmpty() ? settings.publish().toNanos() : REST_NANOS);
            }
            do {
                turn();
            } while (!feeds.isEmpty() || !commands.isEmpty());
            model.settle();
            publish();
        } catch (RuntimeException | Error e) {
            fail(
                    new KmodscopeException(
                            KmodscopeException.Kind.LAB,
                            "The recorder of events broke: " + e,
                            "This is a defect of kmodscope; please report it.",
                            e));
        } finally {
            writers.close();
        }
    }

    /** Takes what there is, and puts out what has waited long enough. */
    private void turn() {
        now = System.nanoTime();
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        int drained = 0;
        boolean running = false;
        for (EventFeed feed : feeds) {
            drained += feed.drain(now);
            running |= feed.running();
        }
        if (drained > 0) {
            lastArrival = now;
        }
        if (running) {
            merge.release(now);
        } else {
            merge.releaseAll();
        }
        for (int each = feeds.size() - 1; each >= 0; each--) {
            EventFeed feed = feeds.get(each);
            if (feed.isDone()) {
                feeds.remove(each);
                changed = true;
                feed.pump().end().ifPresent(listener::ended);
            }
        }
        if (now - lastArrival > SETTLED_NANOS) {
            changed |= model.settle();
        }
        if (now - lastFlushed > FLUSH_NANOS) {
            lastFlushed = now;
            writers.flush();
        }
    }

    private void merged(int source, long time, long head, long request, long result, long tail) {
        changed = true;
        model.record(source, time, head, request, result, tail);
        writers.write(model.name(source), time, head, request, result, tail);
    }

    private void fail(KmodscopeException why) {
        if (failure == null) {
            failure = why;
        }
        listener.failed(why);
    }

    private Optional<KmodscopeException> loadNow(Path recording) {
        merge.releaseAll();
        changed = true;
        try {
            EventRecording.read(
                    recording,
                    (name, time, head, request, result, tail) ->
                            model.record(model.source(name), time, head, request, result, tail));
            return Optional.empty();
        } catch (KmodscopeException e) {
            return Optional.of(e);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; whoever did wants it to end.
            throw new IllegalStateException(e);
        }
    }

    private void publishWhenDue() {
        Optional<Viewport> wanted = viewport;
        boolean moves =
                !feeds.isEmpty() && wanted.filter(Viewport.Live.class::isInstance).isPresent();
        if ((changed || moves || !wanted.equals(shown))
                && now - lastPublished >= settings.publish().toNanos()) {
            publish();
        }
    }

    private void publish() {
        Optional<Viewport> wanted = viewport;
        boolean[] running = new boolean[EventModel.MOST_SOURCES];
        for (EventFeed feed : feeds) {
            feed.tellRunning(running);
        }
        // Sources that ended tell nothing about the clock any more: their last event is the end.
        long ordered = feeds.isEmpty() ? 0 : clock.targetTime(now) - settings.reorder().toNanos();
        EventSnapshot next = model.snapshot(ordered, running, wanted);
        shown = wanted;
        changed = false;
        lastPublished = now;
        snapshot = next;
        listener.published(next);
    }
}
