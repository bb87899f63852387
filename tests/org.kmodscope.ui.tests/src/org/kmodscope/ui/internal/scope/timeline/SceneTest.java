/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.Picture;
import org.kmodscope.ui.internal.visual.EventLook;

/** What is where in a picture, and what a pointer finds. */
class SceneTest {

    private final TrackLayout layout = new TrackLayout(TrackLayout.PLOT_LEFT + 1_000, 400, false);
    private final Scene scene = new Scene();

    /** A thousand microseconds over a thousand pixels. */
    private void build(Pictures events, boolean compact) throws Exception {
        Picture picture = events.picture(0, 1_000, 1_000);
        scene.build(picture, TimeScale.fitting(0, 1_000_000, 1_000), 3, compact);
    }

    private int only(Track track) {
        int found = -1;
        for (int mark = 0; mark < scene.marks().size(); mark++) {
            if (scene.marks().track(mark) == track.ordinal()) {
                assertEquals(-1, found, "two marks in " + track);
                found = mark;
            }
        }
        assertTrue(found >= 0, "no mark in " + track);
        return found;
    }

    @Test
    void aCallIsABarFromItsStartToItsEnd() throws Exception {
        build(new Pictures().write(100, 1).signal(150).read(170, 1, 16), false);
        Marks marks = scene.marks();
        assertEquals(100, marks.x0(only(Track.WRITE)));
        assertEquals(105, marks.x1(only(Track.WRITE)));
        assertEquals(EventLook.SIGIO_IN, marks.look(only(Track.SIGIO_IN)));
        assertEquals(150, marks.x0(only(Track.SIGIO_IN)));
        assertFalse(scene.decimated());
        assertFalse(scene.crowded(Track.WRITE));
    }

    @Test
    void aCallWithoutEndIsOpen() throws Exception {
        build(new Pictures().add(300, EventKind.READ_START, 9, 0, 0), false);
        assertTrue(scene.marks().is(only(Track.READ), Marks.OPEN_RIGHT));
        assertEquals(300, scene.marks().x1(only(Track.READ)));
    }

    @Test
    void requestsThatOverlapHaveRowsOfTheirOwn() throws Exception {
        build(
                new Pictures()
                        .add(100, EventKind.AIO_SUBMIT, 1, 0, 0)
                        .add(120, EventKind.AIO_SUBMIT, 2, 0, 0)
                        .add(300, EventKind.AIO_COMPLETE, 1, 64, 0)
                        .add(310, EventKind.AIO_CANCEL, 2, -125, 0)
                        .add(400, EventKind.AIO_SUBMIT, 3, 0, 0),
                false);
        Marks marks = scene.marks();
        assertEquals(3, marks.size());
        assertFalse(marks.row(0) == marks.row(1));
        assertEquals(EventLook.AIO_CANCEL, marks.look(1));
        assertTrue(marks.is(2, Marks.OPEN_RIGHT));
        assertEquals(2, scene.outstandingTop());
    }

    @Test
    void aSpanAcrossALossSaysSo() throws Exception {
        build(
                new Pictures()
                        .add(100, EventKind.AIO_SUBMIT, 1, 0, 0)
                        .add(500, EventKind.LOST, 90_000, 9, 0)
                        .add(600, EventKind.AIO_COMPLETE, 1, 64, 0)
                        .write(700, 5),
                false);
        assertEquals(1, scene.losses().size());
        Losses.Stripe stripe = scene.losses().get(0);
        assertEquals("Lost 9", stripe.label());
        assertTrue(stripe.x1() - stripe.x0() >= Losses.LEAST_WIDTH);
        assertTrue(scene.marks().is(only(Track.AIO), Marks.CROSSES_LOSS));
        assertFalse(scene.marks().is(only(Track.WRITE), Marks.CROSSES_LOSS));
    }

    @Test
    void anOverflowHasNoCount() throws Exception {
        build(new Pictures().signal(100).add(400, EventKind.OVERFLOW, 0, 0, 0).signal(500), false);
        assertEquals("Lost, count unknown", scene.losses().get(0).label());
    }

    @Test
    void moreEventsThanPixelsAreColumnsOfLeastAndMost() throws Exception {
        Pictures many = new Pictures();
        for (int i = 0; i < 4_000; i++) {
            many.add(200 + i / 20, EventKind.SIGIO_IN, 0, 0, 0x41);
        }
        build(many, false);
        assertTrue(scene.dense(Track.SIGIO_IN));
        assertTrue(scene.decimated());
        assertEquals(0, scene.high(Track.SIGIO_IN, 100));
        assertTrue(scene.high(Track.SIGIO_IN, 250) > 0);
        assertTrue(scene.high(Track.SIGIO_IN, 250) >= scene.low(Track.SIGIO_IN, 250));
        assertEquals(4_000, scene.total(Track.SIGIO_IN));
    }

    @Test
    void fullHeightStandsForARoundNumber() {
        assertEquals(1, Scene.roundUp(1));
        assertEquals(5, Scene.roundUp(3));
        assertEquals(10, Scene.roundUp(6));
        assertEquals(200, Scene.roundUp(101));
    }

    @Test
    void aPointerFindsTheNearestEventOfItsTrack() throws Exception {
        build(new Pictures().write(100, 1).write(140, 2).signal(150), false);
        int left = layout.plotLeft();
        Optional<Event> hit = HitTest.at(layout, scene, left + 136, layout.middle(Track.WRITE));
        assertEquals(2, hit.orElseThrow().request());
        assertEquals(EventKind.WRITE_START, hit.orElseThrow().kind());
        assertEquals(
                EventKind.SIGIO_IN,
                HitTest.at(layout, scene, left + 150, layout.middle(Track.SIGIO_IN))
                        .orElseThrow()
                        .kind());
        assertTrue(HitTest.at(layout, scene, left + 300, layout.middle(Track.WRITE)).isEmpty());
        assertTrue(HitTest.at(layout, scene, 50, layout.middle(Track.WRITE)).isEmpty());
        assertTrue(HitTest.at(layout, scene, left + 100, 5).isEmpty());
    }

    @Test
    void tracksFillTheCanvasWithoutOverlap() {
        for (int height : new int[] {120, 200, 300, 376, 700}) {
            var tall = new TrackLayout(1_000, height, false);
            int bottom = tall.axisHeight();
            for (Track track : Track.values()) {
                assertTrue(tall.top(track) >= bottom, track + " at " + height);
                assertTrue(tall.height(track) >= 10, track + " at " + height);
                assertEquals(track.ordinal(), tall.trackAt(tall.middle(track)));
                bottom = tall.top(track) + tall.height(track);
            }
            assertEquals(height < TrackLayout.COMPACT_BELOW, tall.compact());
            assertTrue(Math.abs(bottom - height) <= 14 || height == 120, bottom + " " + height);
        }
    }
}
