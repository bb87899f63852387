/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.graphics.Transform;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ThemePalette;

/**
 * The features as rows, in their three families. Each family has its caption in the hue that its
 * events have in the Async Scope, so that the two mechanisms are told apart here already.
 */
final class FeatureRows extends Composite {

    private static final int CAPTION_WIDTH = 24;

    private final Map<Feature, Button> buttons = new EnumMap<>(Feature.class);
    private final Button noAio;

    /**
     * @param offered what the template has; the rest is not shown
     * @param listener hears of each choice
     */
    FeatureRows(Composite parent, Set<Feature> offered, BiConsumer<Feature, Boolean> listener) {
        super(parent, SWT.BORDER);
        GridLayoutFactory.fillDefaults().spacing(0, 0).applyTo(this);
        setBackground(getDisplay().getSystemColor(SWT.COLOR_LIST_BACKGROUND));
        setBackgroundMode(SWT.INHERIT_FORCE);
        group(Feature.Group.NOTIFICATION, offered, listener);
        separator();
        Composite aio = rows(Feature.Group.ASYNC_IO);
        noAio = new Button(aio, SWT.RADIO);
        describe(aio, noAio, "No AIO", "libaio waits in io_submit until data is there");
        noAio.addListener(
                SWT.Selection,
                e -> {
                    if (noAio.getSelection()) {
                        listener.accept(Feature.AIO_QUEUED, false);
                        listener.accept(Feature.AIO_DEFERRED, false);
                    }
                });
        for (Feature feature : members(Feature.Group.ASYNC_IO)) {
            if (offered.contains(feature)) {
                row(aio, feature, SWT.RADIO, listener);
            }
        }
        separator();
        group(Feature.Group.KERNEL, offered, listener);
    }

    /** Shows a choice. */
    void show(FeatureSet chosen) {
        buttons.forEach((feature, button) -> button.setSelection(chosen.has(feature)));
        noAio.setSelection(members(Feature.Group.ASYNC_IO).stream().noneMatch(chosen::has));
    }

    private void group(
            Feature.Group group, Set<Feature> offered, BiConsumer<Feature, Boolean> listener) {
        Composite rows = rows(group);
        for (Feature feature : members(group)) {
            if (offered.contains(feature)) {
                row(rows, feature, SWT.CHECK, listener);
            }
        }
    }

    private void row(
            Composite rows, Feature feature, int style, BiConsumer<Feature, Boolean> listener) {
        Button button = new Button(rows, style);
        button.addListener(SWT.Selection, e -> listener.accept(feature, button.getSelection()));
        describe(rows, button, feature.title(), feature.summary());
        buttons.put(feature, button);
    }

    private static void describe(Composite rows, Button button, String title, String summary) {
        button.setText(title);
        button.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .hint(134, SWT.DEFAULT)
                .applyTo(button);
        Label text = new Label(rows, SWT.NONE);
        text.setText(summary);
        text.setToolTipText(summary);
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .grab(true, false)
                .hint(400, SWT.DEFAULT)
                .applyTo(text);
    }

    private Composite rows(Feature.Group group) {
        Composite both = new Composite(this, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).spacing(0, 0).applyTo(both);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(both);
        caption(both, group);
        Composite rows = new Composite(both, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(12, 6).spacing(12, 4).applyTo(rows);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(rows);
        return rows;
    }

    private static void caption(Composite parent, Feature.Group group) {
        Canvas caption = new Canvas(parent, SWT.DOUBLE_BUFFERED);
        GridDataFactory.fillDefaults().grab(false, true).hint(CAPTION_WIDTH, 92).applyTo(caption);
        ThemePalette theme = new ThemePalette(caption, caption::redraw);
        caption.addListener(
                SWT.Paint,
                e ->
                        paint(
                                e.gc,
                                caption.getClientArea(),
                                group.title(),
                                theme.palette().get(surface(group)),
                                theme.palette().get(edge(group)),
                                theme.palette().get(ScopeColor.INK)));
    }

    private static void paint(
            GC gc, Rectangle area, String text, Color surface, Color edge, Color ink) {
        gc.setBackground(surface);
        gc.fillRectangle(area);
        gc.setBackground(edge);
        gc.fillRectangle(0, 0, 4, area.height);
        gc.setForeground(ink);
        gc.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        var extent = gc.textExtent(text);
        var turn = new Transform(gc.getDevice());
        turn.translate(4 + (CAPTION_WIDTH - 4 - extent.y) / 2f, (area.height + extent.x) / 2f);
        turn.rotate(-90);
        gc.setTransform(turn);
        gc.drawText(text, 0, 0, true);
        gc.setTransform(null);
        turn.dispose();
    }

    private void separator() {
        Label line = new Label(this, SWT.SEPARATOR | SWT.HORIZONTAL);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(line);
    }

    private static ScopeColor surface(Feature.Group group) {
        return switch (group) {
            case NOTIFICATION -> ScopeColor.CAPTION_NOTIFICATION;
            case ASYNC_IO -> ScopeColor.CAPTION_AIO;
            case KERNEL -> ScopeColor.CAPTION_KERNEL;
        };
    }

    private static ScopeColor edge(Feature.Group group) {
        return switch (group) {
            case NOTIFICATION -> ScopeColor.SIGIO_IN;
            case ASYNC_IO -> ScopeColor.AIO;
            case KERNEL -> ScopeColor.LOG;
        };
    }

    private static List<Feature> members(Feature.Group group) {
        return Stream.of(Feature.values()).filter(feature -> feature.group() == group).toList();
    }
}
