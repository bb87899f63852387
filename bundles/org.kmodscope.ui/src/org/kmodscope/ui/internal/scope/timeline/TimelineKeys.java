/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.event.EventTable;
import org.kmodscope.ui.internal.scope.ScopeModel;

/** What keys do on the timeline: all that the mouse does, and more. */
public final class TimelineKeys {

    private static final double STEP = 1.5;

    private final TimelineCanvas timeline;
    private final ScopeModel model;

    public TimelineKeys(TimelineCanvas timeline, ScopeModel model) {
        this.timeline = timeline;
        this.model = model;
    }

    private record Stop(int track, Event event) {}

    /** Selects the next event of the same track, or the one before. */
    public void event(boolean forward) {
        model.stand();
        List<Stop> stops = stops();
        Optional<Stop> current = current(stops);
        if (current.isEmpty()) {
            nearest(stops, middle()).ifPresent(stop -> select(stop.event()));
            return;
        }
        List<Stop> same = stops.stream().filter(s -> s.track() == current.get().track()).toList();
        int next = same.indexOf(current.get()) + (forward ? 1 : -1);
        if (next >= 0 && next < same.size()) {
            select(same.get(next).event());
        } else {
            TimeScale scale = model.view().scale();
            int half = model.width() / 2;
            model.look(model.view().standing(scale.pan(forward ? half : -half)));
        }
    }

    /** Selects the next chain, or the one before. */
    public void chain(boolean forward) {
        model.stand();
        List<Chain> chains = model.chains();
        if (chains.isEmpty()) {
            return;
        }
        int index = model.chain().map(chains::indexOf).orElse(-1);
        int next = index < 0 ? (forward ? 0 : chains.size() - 1) : index + (forward ? 1 : -1);
        if (next >= 0 && next < chains.size()) {
            model.select(chains.get(next));
        }
    }

    /** Selects the event of a neighbouring track that is nearest in time. */
    public void track(boolean down) {
        model.stand();
        List<Stop> stops = stops();
        Optional<Stop> current = current(stops);
        long time = current.map(stop -> stop.event().timeNanos()).orElse(middle());
        int track = current.map(Stop::track).orElse(down ? -1 : Track.values().length);
        for (int t = track + (down ? 1 : -1);
                t >= 0 && t < Track.values().length;
                t += down ? 1 : -1) {
            int wanted = t;
            Optional<Stop> found =
                    nearest(stops.stream().filter(s -> s.track() == wanted).toList(), time);
            if (found.isPresent()) {
                select(found.get().event());
                return;
            }
        }
    }

    /** Zooms around the selected event, or around the middle. */
    public void zoom(boolean closer) {
        Viewpoint view = model.view();
        TimeScale scale = model.scale();
        double x = view.live() ? model.width() : model.width() / 2.0;
        if (!view.live() && view.selected().isPresent()) {
            double at = scale.toPixel(view.selected().get().timeNanos());
            x = at >= 0 && at < model.width() ? at : x;
        }
        TimeScale next = scale.zoom(closer ? STEP : 1 / STEP, x);
        model.look(view.live() ? view.scaled(next) : view.standing(next));
    }

    /** Shows the marked range, or the whole recording. */
    public void fit() {
        Optional<Viewpoint.Range> range = model.view().range();
        if (range.isPresent()) {
            model.fit(range.get().from(), range.get().to());
            return;
        }
        model.shown()
                .flatMap(EventSnapshot::window)
                .ifPresent(window -> model.fit(window.fromNanos(), window.toNanos()));
    }

    /** Sets a cursor at the selected event, or in the middle; takes it away from there. */
    public void cursor(boolean first) {
        model.stand();
        Viewpoint view = model.view();
        OptionalLong here = OptionalLong.of(view.selected().map(Event::timeNanos).orElse(middle()));
        OptionalLong old = first ? view.cursorA() : view.cursorB();
        OptionalLong next = old.equals(here) ? OptionalLong.empty() : here;
        model.look(first ? view.withA(next) : view.withB(next));
    }

    /** Follows the newest event. */
    public void live() {
        model.look(model.view().following());
    }

    /** Freezes the picture, or lets it go on. */
    public void pause() {
        model.pause(!model.paused());
    }

    /** Takes away selection, range and cursors. */
    public void deselect() {
        model.select(Optional.empty());
        model.look(
                model.view()
                        .withRange(Optional.empty())
                        .withA(OptionalLong.empty())
                        .withB(OptionalLong.empty()));
    }

    /** Shows a moment of the recording, in seconds since it began, in the middle. */
    public void goTo(double seconds) {
        model.stand();
        TimeScale scale = model.view().scale();
        long time = model.origin() + Math.round(seconds * 1e9);
        double x = scale.toPixel(time);
        model.look(model.view().standing(scale.pan(x - model.width() / 2.0)));
    }

    private void select(Event event) {
        model.select(Optional.of(event));
        OptionalLong time = OptionalLong.of(event.timeNanos());
        model.reveal(time, time);
    }

    private long middle() {
        return model.scale().toTime(model.width() / 2.0);
    }

    private Optional<Stop> current(List<Stop> stops) {
        return model.view()
                .selected()
                .flatMap(
                        event ->
                                stops.stream()
                                        .filter(stop -> stop.event().equals(event))
                                        .findFirst());
    }

    private static Optional<Stop> nearest(List<Stop> stops, long time) {
        return stops.stream()
                .min(Comparator.comparingLong(s -> Math.abs(s.event().timeNanos() - time)));
    }

    private List<Stop> stops() {
        Marks marks = timeline.scene().marks();
        List<Stop> stops = new ArrayList<>();
        for (int mark = 0; mark < marks.size(); mark++) {
            EventTable events = marks.table(mark);
            int index = marks.first(mark) == Marks.NONE ? marks.last(mark) : marks.first(mark);
            if (events != null && index != Marks.NONE && marks.track(mark) != Scene.ACROSS) {
                stops.add(new Stop(marks.track(mark), events.event(index)));
            }
        }
        stops.sort(Comparator.comparingLong(stop -> stop.event().timeNanos()));
        return stops;
    }
}
