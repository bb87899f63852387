/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.scope;

import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.event.EventRecorder;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.SourceEnd;
import org.kmodscope.core.event.Viewport;

/**
 * The recorder in use and what it last published. A recorder belongs to one clock, so that each
 * target that is opened gets a new one; the old one is kept until then, to be looked at.
 */
final class Recordings implements AutoCloseable {

    private final Consumer<EventSnapshot> published;
    private final Consumer<SourceEnd> ended;
    private final Object lock = new Object();
    private Optional<EventSnapshot> snapshot = Optional.empty();
    private Optional<Viewport> viewport = Optional.empty();
    private @Nullable EventRecorder recorder;
    private int generation;

    /**
     * @param published hears each snapshot of the recorder in use, on its thread
     * @param ended hears of each end of one of its sources, on the same
     */
    Recordings(Consumer<EventSnapshot> published, Consumer<SourceEnd> ended) {
        this.published = published;
        this.ended = ended;
    }

    Optional<EventSnapshot> snapshot() {
        synchronized (lock) {
            return snapshot;
        }
    }

    /** Ends the recorder in use and starts a new one that answers the same viewport. */
    EventRecorder fresh() {
        int mine;
        EventRecorder old;
        Optional<Viewport> wanted;
        synchronized (lock) {
            mine = ++generation;
            old = recorder;
            wanted = viewport;
        }
        if (old != null) {
            old.close();
        }
        EventRecorder next =
                EventRecorder.start(
                        EventRecorder.Settings.defaults(),
                        new EventRecorder.Listener() {
                            @Override
                            public void published(EventSnapshot latest) {
                                accept(mine, latest);
                            }

                            @Override
                            public void ended(SourceEnd end) {
                                if (isInUse(mine)) {
                                    ended.accept(end);
                                }
                            }
                        });
        synchronized (lock) {
            recorder = next;
            snapshot = Optional.of(next.snapshot());
        }
        wanted.ifPresent(next::requestViewport);
        return next;
    }

    private boolean isInUse(int which) {
        synchronized (lock) {
            return which == generation;
        }
    }

    private void accept(int from, EventSnapshot latest) {
        synchronized (lock) {
            if (from != generation) {
                return;
            }
            snapshot = Optional.of(latest);
        }
        published.accept(latest);
    }

    void look(Viewport wanted) {
        EventRecorder target;
        synchronized (lock) {
            viewport = Optional.of(wanted);
            target = recorder;
        }
        if (target != null) {
            target.requestViewport(wanted);
        }
    }

    void clear() {
        EventRecorder target;
        synchronized (lock) {
            target = recorder;
        }
        if (target != null) {
            target.clear();
        }
    }

    @Override
    public void close() {
        EventRecorder last;
        synchronized (lock) {
            last = recorder;
            recorder = null;
        }
        if (last != null) {
            last.close();
        }
    }
}
