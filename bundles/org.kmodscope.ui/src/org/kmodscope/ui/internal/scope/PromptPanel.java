/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Link;
import org.kmodscope.ui.internal.scope.timeline.TrackLayout;
import org.kmodscope.ui.internal.visual.Captions;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** What to do next, in the middle of the timeline: a native link, reached by Tab like any. */
final class PromptPanel {

    private static final int MARGIN = 16;

    private final Composite canvas;
    private final Composite box;
    private final Link link;
    private String shown = "";
    private boolean low;

    /**
     * @param canvas the timeline it lies on
     */
    PromptPanel(Composite canvas, ScopeStyle style, Consumer<String> follow) {
        this.canvas = canvas;
        box = new Composite(canvas, SWT.BORDER);
        box.setBackground(style.color(ScopeColor.CANVAS));
        FillLayout layout = new FillLayout();
        layout.marginWidth = MARGIN;
        layout.marginHeight = 10;
        box.setLayout(layout);
        link = Captions.link(box, SWT.WRAP, style, style.fonts().title());
        link.setBackground(style.color(ScopeColor.CANVAS));
        link.addListener(SWT.Selection, event -> follow.accept(event.text));
        box.setVisible(false);
        canvas.addListener(SWT.Resize, event -> place());
    }

    /** What is said now; empty when nothing is. */
    String shown() {
        return shown;
    }

    /**
     * Says something else.
     *
     * @param atBottom whether there is a picture that it must not hide
     */
    void show(Optional<String> text, boolean atBottom) {
        String next = text.orElse("");
        if (next.equals(shown) && atBottom == low) {
            return;
        }
        shown = next;
        low = atBottom;
        link.setText(next);
        place();
        box.setVisible(!next.isEmpty());
    }

    private void place() {
        if (shown.isEmpty()) {
            return;
        }
        Rectangle area = canvas.getClientArea();
        boolean compact = area.height < TrackLayout.COMPACT_BELOW;
        int left = TrackLayout.plotLeft(compact);
        int room = Math.max(120, area.width - left - 32);
        Point size = box.computeSize(SWT.DEFAULT, SWT.DEFAULT);
        if (size.x > room) {
            size = box.computeSize(room, SWT.DEFAULT);
        }
        int height = Math.min(size.y, area.height - 8);
        box.setBounds(
                left + Math.max(0, (area.width - left - size.x) / 2),
                Math.max(4, low ? area.height - height - 8 : (area.height - height) / 2),
                size.x,
                height);
    }
}
