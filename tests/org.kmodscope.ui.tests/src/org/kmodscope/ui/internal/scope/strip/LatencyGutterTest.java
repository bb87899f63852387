/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.strip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.swt.graphics.Rectangle;
import org.junit.jupiter.api.Test;
import org.kmodscope.ui.internal.scope.timeline.TrackLayout;

/** Nothing beside the latencies touches anything else, whatever there is room for. */
class LatencyGutterTest {

    private static final int WIDTH = TrackLayout.PLOT_LEFT;

    private static LatencyGutter layout(int height, int line, int count, int decades) {
        int[] at =
                IntStream.range(0, decades)
                        .map(i -> height - height * (2 * i + 1) / (2 * decades))
                        .toArray();
        var sizes = new LatencyGutter.Sizes(line, 30, 52, 53, count, 49);
        return LatencyGutter.of(WIDTH, height, sizes, at);
    }

    private static List<Rectangle> boxes(LatencyGutter layout) {
        List<Rectangle> boxes =
                new ArrayList<>(List.of(layout.title(), layout.choice(), layout.count()));
        layout.scale().ifPresent(boxes::add);
        layout.ticks().forEach(tick -> boxes.add(tick.box()));
        return boxes;
    }

    @Test
    void nothingTouchesAnythingElse() {
        for (int height = 40; height <= 200; height++) {
            for (int decades = 1; decades <= 7; decades++) {
                for (int line : new int[] {14, 17, 22}) {
                    for (int count : new int[] {40, 58, 110}) {
                        List<Rectangle> boxes = boxes(layout(height, line, count, decades));
                        for (Rectangle one : boxes) {
                            String which = one + " of " + List.of(height, decades, line, count);
                            assertTrue(one.x >= 0 && one.x + one.width <= WIDTH, which);
                            assertTrue(one.y >= 0, which);
                            for (Rectangle other : boxes) {
                                assertFalse(one != other && one.intersects(other), which);
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void whereThereIsRoomAllOfItIsThere() {
        LatencyGutter layout = layout(90, 15, 110, 4);
        assertTrue(layout.scale().isPresent());
        assertEquals(4, layout.ticks().size());
        assertTrue(layout.count().y > layout.choice().y);
    }

    @Test
    void aLowStripKeepsTheCount() {
        LatencyGutter layout = layout(60, 15, 58, 4);
        assertTrue(layout.scale().isEmpty());
        assertEquals(layout.title().y, layout.count().y);
        assertFalse(layout.ticks().isEmpty());
    }

    @Test
    void labelsThatHaveNoRoomAreLeftOutEvenly() {
        LatencyGutter layout = layout(70, 15, 58, 5);
        assertEquals(
                List.of(0, 2, 4), layout.ticks().stream().map(LatencyGutter.Tick::index).toList());
    }
}
