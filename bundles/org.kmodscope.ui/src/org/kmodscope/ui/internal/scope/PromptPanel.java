/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Link;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.MenuItem;
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
    private long since;

    /**
     * @param canvas the timeline it lies on
     */
    PromptPanel(Composite canvas, ScopeStyle style, Consumer<String> follow) {
        this.canvas = canvas;
        box = new Composite(canvas, SWT.BORDER);
        Captions.keepColours(box);
        box.setBackground(style.color(ScopeColor.CANVAS));
        FillLayout layout = new FillLayout();
        layout.marginWidth = MARGIN;
        layout.marginHeight = 10;
        box.setLayout(layout);
        link = Captions.link(box, SWT.WRAP, style, style.fonts().title());
        link.setBackground(style.color(ScopeColor.CANVAS));
        link.addListener(SWT.Selection, event -> follow(event.text, follow));
        link.setMenu(menu());
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
        since = System.nanoTime();
        shown = next;
        low = atBottom;
        link.setText(next);
        place();
        box.setVisible(!next.isEmpty());
    }

    /** A double click on what was said before must not follow what took its place. */
    private void follow(String target, Consumer<String> follow) {
        long apart = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        if (apart >= canvas.getDisplay().getDoubleClickTime()) {
            follow.accept(target);
        }
    }

    /** What to do about a failure is often a command for a terminal. */
    private Menu menu() {
        Menu menu = new Menu(link);
        MenuItem copy = new MenuItem(menu, SWT.PUSH);
        copy.setText("&Copy");
        copy.addListener(SWT.Selection, event -> copy());
        return menu;
    }

    private void copy() {
        Clipboard clipboard = new Clipboard(canvas.getDisplay());
        clipboard.setContents(
                new Object[] {link.getText().replaceAll("<[^>]*>", "").replace("&&", "&")},
                new Transfer[] {TextTransfer.getInstance()});
        clipboard.dispose();
    }

    private void place() {
        if (shown.isEmpty()) {
            return;
        }
        Rectangle area = canvas.getClientArea();
        int left = TrackLayout.PLOT_LEFT;
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
