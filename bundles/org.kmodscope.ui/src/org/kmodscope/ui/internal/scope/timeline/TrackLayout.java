/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

/**
 * Where axis, gutter and tracks are on the canvas.
 *
 * <pre>
 * 0        20            gutter                          width
 * +--------+---------------+-------------------------------+ 0
 * | moment and span        | axis                          |
 * +--------+---------------+-------------------------------+ axis
 * |          turns         | whose turn it is, if anyone's |
 * +--------+---------------+-------------------------------+ axis + turns
 * | group  | lane's name   | plot of the lane              |
 * +--------+---------------+-------------------------------+ height
 * </pre>
 */
public final class TrackLayout {

    /** Below this height of the canvas the lanes shrink to what shows density. */
    public static final int COMPACT_BELOW = 240;

    /** Where plots begin: that of the timeline and those of the strips below it. */
    public static final int PLOT_LEFT = 188;

    private static final int GROUP_GAP = 4;
    private static final int COMPACT_TRACK = 22;
    private static final int TURNS = 20;

    private final int width;
    private final int height;
    private final boolean compact;
    private final boolean turns;
    private final int[] tops = new int[Track.values().length];
    private final int[] heights = new int[Track.values().length];

    /**
     * @param turns whether several models take turns, which a row of its own shows
     */
    public TrackLayout(int width, int height, boolean turns) {
        this.width = width;
        this.height = height;
        this.turns = turns;
        this.compact = height < COMPACT_BELOW;
        layOut();
    }

    private void layOut() {
        Track[] lanes = Track.values();
        int wanted = 0;
        for (Track lane : lanes) {
            wanted += compact ? COMPACT_TRACK : lane.height();
        }
        int gaps = compact ? 0 : GROUP_GAP * (Track.Group.values().length - 1);
        int room = Math.max(lanes.length * 14, height - lanesTop() - gaps);
        double stretch = (double) room / wanted;
        double y = lanesTop();
        for (Track lane : lanes) {
            int i = lane.ordinal();
            if (!compact && i > 0 && lanes[i - 1].group() != lane.group()) {
                y += GROUP_GAP;
            }
            double next = y + (compact ? COMPACT_TRACK : lane.height()) * stretch;
            tops[i] = (int) Math.round(y);
            heights[i] = (int) Math.round(next) - tops[i];
            y = next;
        }
    }

    /** Whether lanes have only the room to show density. */
    public boolean compact() {
        return compact;
    }

    /** Width of the canvas. */
    public int width() {
        return width;
    }

    /** Height of the canvas. */
    public int height() {
        return height;
    }

    /** Width of the captions of groups at the left edge. */
    public int captionWidth() {
        return compact ? 4 : 20;
    }

    /** Where the plot begins. */
    public int plotLeft() {
        return PLOT_LEFT;
    }

    /** Width of the plot. */
    public int plotWidth() {
        return Math.max(1, width - plotLeft());
    }

    /** Height of the axis above the lanes. */
    public int axisHeight() {
        return compact ? 20 : 40;
    }

    /** Whether there is a row of turns below the axis. */
    public boolean turns() {
        return turns;
    }

    /** Where the lanes begin, below the axis and the turns. */
    public int lanesTop() {
        return axisHeight() + (turns ? TURNS : 0);
    }

    /** The upper edge of a lane. */
    public int top(Track lane) {
        return tops[lane.ordinal()];
    }

    /** The height of a lane. */
    public int height(Track lane) {
        return heights[lane.ordinal()];
    }

    /** The middle of a lane. */
    public int middle(Track lane) {
        return top(lane) + height(lane) / 2;
    }

    /** The ordinal of the lane at a height, -1 where there is none. */
    int trackAt(int y) {
        for (int i = 0; i < tops.length; i++) {
            if (y >= tops[i] && y < tops[i] + heights[i]) {
                return i;
            }
        }
        return -1;
    }
}
