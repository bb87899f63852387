/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.graphics.Rectangle;

/**
 * Where name, choice, sample count and scale of the latencies stand, so that none touches another.
 *
 * <pre>
 * 0   8  12                    column        width
 * +---+--+------------------------+-------------+
 * |      Latency  log scale       |        1 ms |
 * |   [ hop                   v ] |      100 µs |
 * |      n = 4,372                |       10 µs |
 * +-------------------------------+-------------+
 * </pre>
 *
 * In a strip that is too low for the line below the choice the count takes the place of the words
 * about the scale: percentiles are never without it.
 *
 * @param title of the strip's name
 * @param scale of what is said of the scale; empty where the count stands
 * @param choice of the hop
 * @param count of the samples
 * @param ticks of the labels of the scale that have room, from below
 */
record LatencyGutter(
        Rectangle title,
        Optional<Rectangle> scale,
        Rectangle choice,
        Rectangle count,
        List<Tick> ticks) {

    private static final int LEFT = 12;
    private static final int TITLE = 12;
    private static final int GAP = 8;
    private static final int SCALE_GAP = 4;
    private static final int CHOICE_LEFT = 8;
    private static final int CHOICE_TOP = 22;
    private static final int RIGHT = 6;

    /** A label of the scale: which of those that were asked for, and where. */
    record Tick(int index, Rectangle box) {}

    /**
     * How large the parts are, in pixels.
     *
     * @param line height of a line of text
     * @param choice height of the choice
     * @param tick the widest label
     */
    record Sizes(int line, int choice, int title, int scale, int count, int tick) {}

    /**
     * @param at the heights of all labels of the scale, from below
     */
    static LatencyGutter of(int width, int height, Sizes sizes, int[] at) {
        int line = sizes.line;
        int column = width - RIGHT - sizes.tick - SCALE_GAP;
        Rectangle title = text(LEFT, Math.max(TITLE, line / 2 + 2), sizes.title, line);
        int under = Math.max(CHOICE_TOP, title.y + line);
        Rectangle choice = new Rectangle(CHOICE_LEFT, under, column - CHOICE_LEFT, sizes.choice);
        int beside = LEFT + sizes.title + GAP;
        int below = choice.y + choice.height + 4 + line / 2;
        boolean room = below + line / 2 < height;
        Rectangle count =
                room
                        ? text(LEFT, below, sizes.count, line)
                        : text(beside, middle(title), sizes.count, line);
        Optional<Rectangle> scale =
                room && beside + sizes.scale <= column
                        ? Optional.of(text(beside, middle(title), sizes.scale, line))
                        : Optional.empty();
        return new LatencyGutter(
                title, scale, choice, count, ticks(width, height, sizes, at, count));
    }

    private static Rectangle text(int left, int middle, int width, int line) {
        return new Rectangle(left, middle - line / 2, width, line);
    }

    /** All labels, or every second, or third: the closest that do not touch each other. */
    private static List<Tick> ticks(int width, int height, Sizes sizes, int[] at, Rectangle count) {
        int left = width - RIGHT - sizes.tick;
        List<Tick> ticks = List.of();
        for (int step = 1; ticks.isEmpty() && step <= at.length; step++) {
            ticks = ticks(left, height, sizes, at, step);
        }
        return ticks.stream().filter(tick -> !tick.box.intersects(count)).toList();
    }

    /** One label of so many, the ends' moved into the strip; none where they touch. */
    private static List<Tick> ticks(int left, int height, Sizes sizes, int[] at, int step) {
        List<Tick> ticks = new ArrayList<>();
        int free = height;
        for (int i = 0; i < at.length; i += step) {
            int lowest = height - sizes.line;
            int top = Math.max(0, Math.min(lowest, at[i] - sizes.line / 2));
            if (top + sizes.line > free) {
                return List.of();
            }
            ticks.add(new Tick(i, new Rectangle(left, top, sizes.tick, sizes.line)));
            free = top;
        }
        return ticks;
    }

    /** The middle of a line of text in its box, as painters want it. */
    static int middle(Rectangle box) {
        return box.y + box.height / 2;
    }
}
