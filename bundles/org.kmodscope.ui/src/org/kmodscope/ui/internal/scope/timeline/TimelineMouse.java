/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Event;
import org.kmodscope.ui.internal.scope.ScopeModel;

/**
 * What the mouse does on the timeline: wheel zooms at the pointer, Shift+wheel pans, drag marks a
 * range, Ctrl+drag zooms to it, click selects, Ctrl+click opens the source, double-click fits the
 * chain.
 */
public final class TimelineMouse {

    private static final double STEP = 1.25;
    private static final int PAN = 60;
    private static final int DRAG = 4;

    private final TimelineCanvas timeline;
    private final ScopeModel model;
    private final Consumer<org.kmodscope.core.event.Event> opensSource;
    private int pressedAt = -1;
    private boolean dragging;

    public TimelineMouse(
            TimelineCanvas timeline,
            ScopeModel model,
            Consumer<org.kmodscope.core.event.Event> opensSource) {
        this.timeline = timeline;
        this.model = model;
        this.opensSource = opensSource;
        var canvas = timeline.control();
        canvas.addListener(SWT.MouseWheel, this::wheel);
        canvas.addListener(SWT.MouseHorizontalWheel, event -> pan(event.count));
        canvas.addListener(SWT.MouseDown, this::press);
        canvas.addListener(SWT.MouseMove, this::move);
        canvas.addListener(SWT.MouseUp, this::release);
        canvas.addListener(SWT.MouseDoubleClick, this::fitChain);
    }

    private int column(Event event) {
        return event.x - timeline.layout().plotLeft();
    }

    private void wheel(Event event) {
        event.doit = false;
        if ((event.stateMask & SWT.SHIFT) != 0) {
            pan(event.count);
            return;
        }
        zoom(event.count > 0 ? STEP : 1 / STEP, Math.max(0, column(event)));
    }

    private void pan(int count) {
        model.stand();
        Viewpoint view = model.view();
        model.look(view.standing(view.scale().pan(count > 0 ? -PAN : PAN)));
    }

    /** Zooms at a pixel; a live picture goes on following. */
    private void zoom(double factor, int x) {
        Viewpoint view = model.view();
        TimeScale next = model.scale().zoom(factor, view.live() ? model.width() : x);
        model.look(view.live() ? view.scaled(next) : view.standing(next));
    }

    private void press(Event event) {
        timeline.control().setFocus();
        if (event.button == 1) {
            pressedAt = column(event);
            dragging = false;
        }
    }

    private void move(Event event) {
        if (pressedAt < 0 || (event.stateMask & SWT.BUTTON1) == 0) {
            return;
        }
        if (!dragging && Math.abs(column(event) - pressedAt) < DRAG) {
            return;
        }
        if (!dragging) {
            model.stand();
            dragging = true;
        }
        model.look(model.view().withRange(Optional.of(range(event))));
    }

    private Viewpoint.Range range(Event event) {
        TimeScale scale = model.scale();
        return Viewpoint.Range.between(scale.toTime(pressedAt), scale.toTime(column(event)));
    }

    private void release(Event event) {
        if (pressedAt < 0 || event.button != 1) {
            return;
        }
        boolean control = (event.stateMask & SWT.CTRL) != 0;
        if (dragging) {
            Viewpoint.Range range = range(event);
            if (control) {
                model.look(
                        model.view()
                                .withRange(Optional.empty())
                                .standing(
                                        TimeScale.fitting(
                                                range.from(), range.to(), model.width())));
            } else {
                model.look(
                        model.view()
                                .withA(OptionalLong.of(range.from()))
                                .withB(OptionalLong.of(range.to())));
            }
        } else {
            Optional<org.kmodscope.core.event.Event> hit =
                    HitTest.at(timeline.layout(), timeline.scene(), event.x, event.y);
            model.look(model.view().withRange(Optional.empty()));
            model.select(hit);
            if (control) {
                hit.ifPresent(opensSource);
            }
        }
        pressedAt = -1;
        dragging = false;
    }

    private void fitChain(Event event) {
        model.chain()
                .ifPresent(
                        chain -> {
                            if (chain.start().isPresent() && chain.finish().isPresent()) {
                                model.fit(chain.start().getAsLong(), chain.finish().getAsLong());
                            }
                        });
    }
}
