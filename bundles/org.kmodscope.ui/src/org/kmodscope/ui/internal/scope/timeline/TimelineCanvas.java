/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope.timeline;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.ACC;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleControlAdapter;
import org.eclipse.swt.accessibility.AccessibleControlEvent;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.kmodscope.core.event.Picture;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.ui.internal.scope.ScopeModel;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The timeline as a control: rebuilds the scene when the picture changed and paints it. */
public final class TimelineCanvas {

    /** What the canvas shows that is not in the model. */
    public interface Context {

        /** The second line of each track's heading, by ordinal. */
        List<String> subtitles();

        /** The kernel log, oldest line first. */
        List<KernelLogLine> log();

        /** One sentence about what is selected, for those who hear the view. */
        String spoken();
    }

    private final ScopeModel model;
    private final Context context;
    private final Canvas canvas;
    private final TimelinePainter painter;
    private final Scene scene = new Scene();
    private TrackLayout layout = new TrackLayout(600, 400, false);
    private @Nullable Picture builtFor;
    private @Nullable TimeScale builtAt;
    private @Nullable TrackLayout builtIn;

    public TimelineCanvas(Composite parent, ScopeStyle style, ScopeModel model, Context context) {
        this.model = model;
        this.context = context;
        this.painter = new TimelinePainter(style);
        canvas = new Canvas(parent, SWT.DOUBLE_BUFFERED | SWT.NO_BACKGROUND);
        canvas.setBackground(style.color(ScopeColor.CANVAS));
        canvas.addListener(SWT.Paint, this::paint);
        canvas.addListener(SWT.Resize, event -> layOut());
        canvas.addListener(SWT.FocusIn, event -> canvas.redraw());
        canvas.addListener(SWT.FocusOut, event -> canvas.redraw());
        // Without a key listener a canvas takes no focus; keys themselves come as commands.
        canvas.addListener(SWT.KeyDown, event -> {});
        canvas.addListener(SWT.Traverse, TimelineCanvas::traverse);
        speak();
    }

    private static void traverse(Event event) {
        event.doit =
                switch (event.detail) {
                    case SWT.TRAVERSE_TAB_NEXT, SWT.TRAVERSE_TAB_PREVIOUS -> true;
                    default -> false;
                };
    }

    private void speak() {
        canvas.getAccessible()
                .addAccessibleListener(
                        new AccessibleAdapter() {
                            @Override
                            public void getName(@Nullable AccessibleEvent event) {
                                if (event != null) {
                                    event.result = "Timeline of events";
                                }
                            }

                            @Override
                            public void getDescription(@Nullable AccessibleEvent event) {
                                if (event != null) {
                                    event.result = description();
                                }
                            }
                        });
        canvas.getAccessible()
                .addAccessibleControlListener(
                        new AccessibleControlAdapter() {
                            @Override
                            public void getRole(@Nullable AccessibleControlEvent event) {
                                if (event != null) {
                                    event.detail = ACC.ROLE_GRAPHIC;
                                }
                            }

                            @Override
                            public void getValue(@Nullable AccessibleControlEvent event) {
                                if (event != null) {
                                    event.result = context.spoken();
                                }
                            }
                        });
    }

    private String description() {
        StringBuilder text = new StringBuilder();
        for (Track track : Track.values()) {
            text.append(track.group().title())
                    .append(", ")
                    .append(track.title())
                    .append(": ")
                    .append(context.subtitles().get(track.ordinal()))
                    .append(". ");
        }
        return text.toString();
    }

    /** The control. */
    public Canvas control() {
        return canvas;
    }

    /** Where things are. */
    TrackLayout layout() {
        return layout;
    }

    /** What is drawn. */
    public Scene scene() {
        update();
        return scene;
    }

    /** Whether the view is so low that tracks show density only. */
    public boolean compact() {
        return layout.compact();
    }

    /** Draws anew at the next opportunity. */
    public void redraw() {
        canvas.redraw();
    }

    private void layOut() {
        Rectangle area = canvas.getClientArea();
        int width = Math.max(200, area.width);
        layout = new TrackLayout(width, Math.max(40, area.height), compares());
        model.resize(layout.plotWidth());
        canvas.redraw();
    }

    /** Whether several models take turns. */
    public boolean compares() {
        return model.shown().filter(snapshot -> !snapshot.turns().isEmpty()).isPresent();
    }

    private void update() {
        if (compares() != layout.turns()) {
            layOut();
        }
        Picture now = model.picture().isPresent() ? model.picture().get() : null;
        TimeScale scale = model.scale();
        if (now == builtFor && Objects.equals(scale, builtAt) && layout == builtIn) {
            return;
        }
        builtFor = now;
        builtAt = scale;
        builtIn = layout;
        if (now == null) {
            scene.clear();
        } else {
            scene.build(now, scale, layout.height(Track.AIO) / 28, layout.compact());
        }
    }

    private void paint(Event event) {
        update();
        GC gc = event.gc;
        painter.paint(gc, layout, scene, frame());
        if (canvas.isFocusControl()) {
            gc.drawFocus(
                    layout.plotLeft() + 1,
                    layout.axisHeight() + 1,
                    layout.plotWidth() - 3,
                    layout.height() - layout.axisHeight() - 3);
        }
    }

    private Frame frame() {
        TimeScale scale = model.scale();
        Optional<String> note =
                model.paused()
                        ? Optional.of(
                                "Picture paused · " + Quantity.count(model.waiting()) + " waiting")
                        : Optional.empty();
        return new Frame(
                model.view(),
                scale,
                model.origin(),
                Math.round(scale.nanosPerPixel() * layout.plotWidth()),
                note,
                model.chain(),
                context.subtitles(),
                context.log());
    }
}
