/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.Optional;
import java.util.OptionalLong;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.Viewport;

/**
 * What of the recording is looked at: which span, live or standing, with cursors, a range and a
 * selected event. Immutable; every gesture makes the next one.
 *
 * @param live whether the right edge follows the newest event
 * @param scale the scale of a standing picture; of a live one only its nanoseconds per pixel count
 * @param cursorA the time of cursor A
 * @param cursorB the time of cursor B
 * @param range the marked range
 * @param selected the selected event
 */
public record Viewpoint(
        boolean live,
        TimeScale scale,
        OptionalLong cursorA,
        OptionalLong cursorB,
        Optional<Range> range,
        Optional<Event> selected) {

    /** A span of time; {@code from} is not after {@code to}. */
    public record Range(long from, long to) {

        /** The span between two times, whichever comes first. */
        public static Range between(long one, long other) {
            return new Range(Math.min(one, other), Math.max(one, other));
        }
    }

    /** Live, with nothing marked. */
    public static Viewpoint live(double nanosPerPixel) {
        return new Viewpoint(
                true,
                new TimeScale(0, nanosPerPixel),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Standing at this scale. */
    public Viewpoint standing(TimeScale next) {
        return new Viewpoint(false, next, cursorA, cursorB, range, selected);
    }

    /** Following the newest event at the present resolution. */
    public Viewpoint following() {
        return new Viewpoint(true, scale, cursorA, cursorB, range, selected);
    }

    /** With this resolution, still following. */
    public Viewpoint scaled(TimeScale next) {
        return new Viewpoint(live, next, cursorA, cursorB, range, selected);
    }

    /** With cursor A at a time. */
    public Viewpoint withA(OptionalLong time) {
        return new Viewpoint(live, scale, time, cursorB, range, selected);
    }

    /** With cursor B at a time. */
    public Viewpoint withB(OptionalLong time) {
        return new Viewpoint(live, scale, cursorA, time, range, selected);
    }

    /** With this range marked. */
    public Viewpoint withRange(Optional<Range> next) {
        return new Viewpoint(live, scale, cursorA, cursorB, next, selected);
    }

    /** With this event selected. */
    public Viewpoint withSelected(Optional<Event> next) {
        return new Viewpoint(live, scale, cursorA, cursorB, range, next);
    }

    /** What to ask the model for. */
    public Viewport viewport(int width) {
        int columns = Math.max(1, width);
        long span = Math.max(1, Math.round(columns * scale.nanosPerPixel()));
        return live
                ? new Viewport.Live(span, columns)
                : new Viewport.Fixed(scale.start(), scale.start() + span, columns);
    }

    /** Nanoseconds from cursor A to cursor B, where both are set. */
    public OptionalLong delta() {
        return cursorA.isPresent() && cursorB.isPresent()
                ? OptionalLong.of(cursorB.getAsLong() - cursorA.getAsLong())
                : OptionalLong.empty();
    }
}
