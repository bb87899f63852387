/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.Optional;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventTable;

/** Finds the event that a point of the canvas means. */
final class HitTest {

    /** How far from a shape one may point, in pixels. */
    private static final int REACH = 9;

    private HitTest() {}

    /** The event nearest to the point in its track, empty when none is within reach. */
    static Optional<Event> at(TrackLayout layout, Scene scene, int x, int y) {
        int track = layout.trackAt(y);
        int column = x - layout.plotLeft();
        if (track < 0 || column < 0) {
            return Optional.empty();
        }
        Marks marks = scene.marks();
        int best = -1;
        int bestDistance = REACH + 1;
        for (int mark = 0; mark < marks.size(); mark++) {
            if (marks.track(mark) == track && inRow(layout, scene, mark, y)) {
                int distance = distance(marks, mark, column);
                if (distance < bestDistance) {
                    best = mark;
                    bestDistance = distance;
                }
            }
        }
        return best < 0 ? Optional.empty() : event(marks, best, column);
    }

    private static boolean inRow(TrackLayout layout, Scene scene, int mark, int y) {
        Marks marks = scene.marks();
        if (marks.track(mark) != Track.AIO.ordinal() || scene.levels()) {
            return true;
        }
        int slot = layout.height(Track.AIO) / scene.aioRows();
        int top = layout.top(Track.AIO) + slot * marks.row(mark);
        return y >= top && y < top + slot;
    }

    private static int distance(Marks marks, int mark, int column) {
        if (column < marks.x0(mark)) {
            return marks.x0(mark) - column;
        }
        return Math.max(0, column - marks.x1(mark));
    }

    /** Of a span the end that is nearer, of a call its start. */
    private static Optional<Event> event(Marks marks, int mark, int column) {
        EventTable events = marks.table(mark);
        if (events == null) {
            return Optional.empty();
        }
        boolean right =
                marks.track(mark) == Track.AIO.ordinal()
                        && column - marks.x0(mark) > marks.x1(mark) - column;
        int wanted = right ? marks.last(mark) : marks.first(mark);
        int other = right ? marks.first(mark) : marks.last(mark);
        int index = wanted == Marks.NONE ? other : wanted;
        return index == Marks.NONE ? Optional.empty() : Optional.of(events.event(index));
    }
}
