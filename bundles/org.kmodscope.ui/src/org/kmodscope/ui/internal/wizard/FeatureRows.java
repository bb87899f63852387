/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.wizard;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.kmodscope.core.driver.Feature;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.driver.TemplateOffer;

/**
 * The features of a template as rows, in their three families. Of features that exclude each other
 * one is chosen by radio buttons; what is of no use beside the rest is disabled. Scrolls when it
 * has to.
 */
final class FeatureRows {

    private static final int TITLE_WIDTH = 148;
    private static final int INDENT = 16;

    private final ScrolledComposite box;
    private final BiConsumer<Feature, Boolean> listener;
    private final Map<Feature, Button> buttons = new EnumMap<>(Feature.class);
    private final Map<String, Button> none = new HashMap<>();
    private Optional<TemplateOffer> offer = Optional.empty();

    /**
     * @param listener hears of each choice
     */
    FeatureRows(Composite parent, BiConsumer<Feature, Boolean> listener) {
        this.listener = listener;
        box = new ScrolledComposite(parent, SWT.BORDER | SWT.V_SCROLL);
        box.setExpandHorizontal(true);
        box.setExpandVertical(true);
        box.setBackground(box.getDisplay().getSystemColor(SWT.COLOR_LIST_BACKGROUND));
    }

    /** What its parent lays out. */
    Control control() {
        return box;
    }

    /** Shows a template's features and a choice of them. */
    void show(TemplateOffer template, FeatureSet chosen) {
        if (!offer.equals(Optional.of(template))) {
            offer = Optional.of(template);
            box.setRedraw(false);
            rebuild(template);
            box.setRedraw(true);
        }
        buttons.forEach(
                (feature, button) -> {
                    button.setSelection(chosen.has(feature));
                    button.setEnabled(template.useful(feature, chosen));
                });
        none.forEach(
                (family, button) ->
                        button.setSelection(
                                chosen.asSet().stream()
                                        .noneMatch(one -> one.family().equals(family))));
    }

    private void rebuild(TemplateOffer template) {
        buttons.clear();
        none.clear();
        Optional.ofNullable(box.getContent()).ifPresent(Control::dispose);
        Composite all = new Composite(box, SWT.NONE);
        all.setBackground(box.getBackground());
        all.setBackgroundMode(SWT.INHERIT_FORCE);
        GridLayoutFactory.fillDefaults().spacing(0, 0).applyTo(all);
        for (Feature.Group group : Feature.Group.values()) {
            List<Feature> members =
                    Stream.of(Feature.values())
                            .filter(one -> one.group() == group)
                            .filter(template.features()::contains)
                            .toList();
            if (!members.isEmpty()) {
                if (all.getChildren().length > 0) {
                    Label line = new Label(all, SWT.SEPARATOR | SWT.HORIZONTAL);
                    GridDataFactory.fillDefaults().grab(true, false).applyTo(line);
                }
                group(all, group, members);
            }
        }
        box.setContent(all);
        box.setMinSize(all.computeSize(SWT.DEFAULT, SWT.DEFAULT));
        box.layout();
    }

    private void group(Composite all, Feature.Group group, List<Feature> members) {
        Composite both = new Composite(all, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).spacing(0, 0).applyTo(both);
        GridDataFactory.fillDefaults().grab(true, false).applyTo(both);
        GroupCaption.create(both, group);
        Composite rows = new Composite(both, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(12, 4).spacing(12, 4).applyTo(rows);
        GridDataFactory.fillDefaults().grab(true, true).applyTo(rows);
        for (Feature feature : members) {
            List<Feature> family =
                    members.stream().filter(one -> one.family().equals(feature.family())).toList();
            if (group == Feature.Group.KERNEL && (family.size() > 1 || feature == Feature.CDEV)) {
                if (feature == family.getFirst()) {
                    line(rows, family);
                }
            } else {
                if (feature == Feature.AIO_DEFERRED || family.equals(List.of(Feature.AIO_QUEUED))) {
                    noAio(rows, feature.family());
                }
                row(rows, feature, family.size() > 1 || feature == Feature.AIO_QUEUED);
            }
        }
    }

    private void noAio(Composite rows, String family) {
        Button button = new Button(rows, SWT.RADIO);
        none(button, family);
        title(button, "No AIO", 0);
        summary(rows, "libaio waits in io_submit until data is there");
    }

    private void row(Composite rows, Feature feature, boolean exclusive) {
        Button button = new Button(rows, exclusive ? SWT.RADIO : SWT.CHECK);
        listen(button, feature);
        title(button, label(feature), dependent(feature) ? INDENT : 0);
        summary(rows, feature.summary());
    }

    /** Several that exclude each other in one line. */
    private void line(Composite rows, List<Feature> family) {
        boolean form = family.equals(List.of(Feature.CDEV));
        Label name = new Label(rows, SWT.NONE);
        name.setText(form ? "Device" : "Work queue");
        name.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        GridDataFactory.fillDefaults().align(SWT.FILL, SWT.CENTER).applyTo(name);
        Composite choices = new Composite(rows, SWT.NONE);
        GridLayoutFactory.fillDefaults()
                .numColumns(family.size() + (form ? 1 : 0))
                .spacing(16, 0)
                .applyTo(choices);
        if (form) {
            Button misc = new Button(choices, SWT.RADIO);
            misc.setText("misc");
            misc.setToolTipText("A misc device: the kernel's own major number, one call");
            none(misc, Feature.CDEV.family());
        }
        for (Feature feature : family) {
            Button button = new Button(choices, SWT.RADIO);
            button.setText(word(feature));
            button.setToolTipText(feature.summary());
            listen(button, feature);
        }
    }

    private void listen(Button button, Feature feature) {
        buttons.put(feature, button);
        boolean radio = (button.getStyle() & SWT.RADIO) != 0;
        button.addListener(
                SWT.Selection,
                e -> {
                    // A radio button tells when it is left, too; the one that is taken tells all.
                    if (!radio || button.getSelection()) {
                        listener.accept(feature, button.getSelection());
                    }
                });
    }

    private void none(Button button, String family) {
        none.put(family, button);
        button.addListener(
                SWT.Selection,
                e -> {
                    if (button.getSelection()) {
                        Stream.of(Feature.values())
                                .filter(one -> one.family().equals(family))
                                .forEach(one -> listener.accept(one, false));
                    }
                });
    }

    private static void title(Button button, String text, int indent) {
        button.setText(text);
        button.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .indent(indent, 0)
                .hint(TITLE_WIDTH - indent, SWT.DEFAULT)
                .applyTo(button);
    }

    private static void summary(Composite rows, String text) {
        Label label = new Label(rows, SWT.NONE);
        label.setText(text);
        label.setToolTipText(text);
        GridDataFactory.fillDefaults()
                .align(SWT.FILL, SWT.CENTER)
                .grab(true, false)
                .hint(400, SWT.DEFAULT)
                .applyTo(label);
    }

    /** Whether it stands below fasync, which it needs. */
    private static boolean dependent(Feature feature) {
        return Set.of(Feature.POLLOUT, Feature.SIGNAL_WORK, Feature.SIGNAL_IRQ).contains(feature);
    }

    /** Its name in a line that says the rest. */
    private static String word(Feature feature) {
        return switch (feature) {
            case WORKQUEUE_DEDICATED -> "own";
            case WORKQUEUE_SYSTEM -> "the kernel's";
            case WORKQUEUE_ORDERED -> "own, ordered";
            default -> feature.title();
        };
    }

    /** Its name in a row of its own. */
    private static String label(Feature feature) {
        return switch (feature) {
            case SIGNAL_WORK -> "by work item";
            case SIGNAL_IRQ -> "by interrupt";
            default -> feature.title();
        };
    }
}
