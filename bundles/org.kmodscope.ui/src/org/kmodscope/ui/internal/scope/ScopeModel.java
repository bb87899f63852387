/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.Picture;
import org.kmodscope.core.event.Viewport;
import org.kmodscope.ui.internal.scope.timeline.Chain;
import org.kmodscope.ui.internal.scope.timeline.ChainFinder;
import org.kmodscope.ui.internal.scope.timeline.TimeScale;
import org.kmodscope.ui.internal.scope.timeline.Viewpoint;

/**
 * What is shown of a recording: which snapshot, from which viewpoint, live, standing or paused. All
 * parts of the view read it and are told when it changed. Belongs to the UI thread; draws nothing.
 */
public final class ScopeModel {

    /** What a new view shows: two seconds over a thousand pixels. */
    private static final double FIRST_SCALE = 2e6;

    private final Consumer<Viewport> asks;
    private final List<Runnable> listeners = new ArrayList<>();
    private Viewpoint view = Viewpoint.live(FIRST_SCALE);
    private Optional<EventSnapshot> latest = Optional.empty();
    private Optional<EventSnapshot> frozen = Optional.empty();
    private Optional<Picture> picture = Optional.empty();
    private List<Chain> chains = List.of();
    private Optional<Chain> chain = Optional.empty();
    private int width = 1000;

    /**
     * @param asks hands a viewport to the model of the recording
     */
    public ScopeModel(Consumer<Viewport> asks) {
        this.asks = asks;
    }

    /** Runs the action after each change. */
    public void onChange(Runnable action) {
        listeners.add(action);
    }

    /** Takes over what the recording has become. */
    public void accept(EventSnapshot snapshot) {
        boolean restarted = latest.filter(old -> old.events() > snapshot.events()).isPresent();
        latest = Optional.of(snapshot);
        if (restarted) {
            restart();
        }
        snapshot.picture().filter(this::isWanted).ifPresent(this::accept);
        changed();
    }

    /** A recording began anew: what was marked in the old one means nothing in it. */
    private void restart() {
        frozen = Optional.empty();
        picture = Optional.empty();
        chains = List.of();
        chain = Optional.empty();
        view = Viewpoint.live(view.scale().nanosPerPixel());
        ask();
    }

    private void accept(Picture next) {
        picture = Optional.of(next);
        // Joining events is for pictures that stand still long enough to be read.
        chains = view.live() ? List.of() : ChainFinder.find(next);
        chain = view.selected().flatMap(event -> ChainFinder.of(chains, event)).or(() -> chain);
    }

    private boolean isWanted(Picture next) {
        return switch (view.viewport(width)) {
            case Viewport.Live live -> true;
            case Viewport.Fixed fixed ->
                    fixed.fromNanos() == next.fromNanos()
                            && fixed.toNanos() == next.toNanos()
                            && !(frozen.isPresent() && isEvicted(fixed));
        };
    }

    /** Whether the recording has given up events that a frozen picture still shows. */
    private boolean isEvicted(Viewport.Fixed fixed) {
        return latest.filter(EventSnapshot::windowEvicted)
                .flatMap(EventSnapshot::window)
                .filter(window -> window.fromNanos() > fixed.fromNanos())
                .isPresent();
    }

    /** The snapshot to show, frozen when paused; empty before the first recording. */
    public Optional<EventSnapshot> shown() {
        return frozen.or(() -> latest);
    }

    /** The newest snapshot, paused or not. */
    public Optional<EventSnapshot> latest() {
        return latest;
    }

    /** The picture of the timeline. */
    public Optional<Picture> picture() {
        return picture;
    }

    /** From where the recording is looked at. */
    public Viewpoint view() {
        return view;
    }

    /** The scale to draw with: a live picture ends at its own right edge. */
    public TimeScale scale() {
        if (view.live() && picture.isPresent()) {
            Picture now = picture.get();
            return TimeScale.fitting(now.fromNanos(), now.toNanos(), width);
        }
        return view.scale();
    }

    /** When the recording began; 0 before. */
    public long origin() {
        return shown().flatMap(EventSnapshot::recorded)
                .map(EventSnapshot.TimeRange::fromNanos)
                .orElse(0L);
    }

    /** The right end of what is known. */
    public long now() {
        return shown().map(EventSnapshot::nowNanos).orElse(0L);
    }

    /** Whether the picture is frozen. */
    public boolean paused() {
        return frozen.isPresent();
    }

    /** How many events came since the picture was frozen. */
    public long waiting() {
        return frozen.isPresent() && latest.isPresent()
                ? latest.get().events() - frozen.get().events()
                : 0;
    }

    /** All chains of the picture, by time. */
    public List<Chain> chains() {
        return chains;
    }

    /** The selected chain. */
    public Optional<Chain> chain() {
        return chain;
    }

    /** The plot became wider or narrower. */
    public void resize(int pixels) {
        if (pixels != width && pixels > 0) {
            width = Math.min(pixels, Viewport.MOST_COLUMNS);
            ask();
            changed();
        }
    }

    /** How many pixels the plot is wide. */
    public int width() {
        return width;
    }

    /** Looks from elsewhere. */
    public void look(Viewpoint next) {
        boolean moved = !next.viewport(width).equals(view.viewport(width));
        view = next;
        if (view.live()) {
            frozen = Optional.empty();
        }
        if (moved) {
            ask();
        }
        changed();
    }

    /** Freezes the picture, or lets it go on live. */
    public void pause(boolean freeze) {
        if (freeze == paused()) {
            return;
        }
        if (freeze) {
            frozen = latest;
            stand();
        } else {
            frozen = Optional.empty();
            look(view.following());
        }
    }

    /** Stops following, at what is seen. */
    public void stand() {
        if (view.live()) {
            look(view.standing(scale()));
            picture.ifPresent(this::accept);
            changed();
        }
    }

    /** Selects an event with the chain it belongs to; empty selects nothing. */
    public void select(Optional<Event> event) {
        if (event.isPresent()) {
            stand();
        }
        chain = event.flatMap(found -> ChainFinder.of(chains, found));
        look(view.withSelected(event));
    }

    /** Selects a chain by its first event. */
    public void select(Chain next) {
        stand();
        chain = Optional.of(next);
        look(view.withSelected(next.links().getFirst().begin()));
        reveal(next.start(), next.finish());
    }

    /** Moves the picture so that a moment is in it. */
    public void reveal(OptionalLong from, OptionalLong to) {
        if (from.isEmpty() || to.isEmpty() || view.live()) {
            return;
        }
        double left = view.scale().toPixel(from.getAsLong());
        double right = view.scale().toPixel(to.getAsLong());
        if (left < 0 || right > width) {
            look(view.standing(view.scale().pan((left + right) / 2 - width / 2.0)));
        }
    }

    /** Shows a stretch of time from edge to edge. */
    public void fit(long from, long to) {
        long span = Math.max(1, to - from);
        long room = span / 20;
        look(view.standing(TimeScale.fitting(from - room, to + room, width)));
    }

    private void ask() {
        asks.accept(view.viewport(width));
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }
}
