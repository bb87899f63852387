/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.PopupDialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Spinner;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.target.IoModel;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.scope.IoChoice;
import org.kmodscope.ide.scope.IoOffer;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ui.internal.visual.ModelLook;
import org.kmodscope.ui.internal.visual.ScopeColor;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** Chooses who watches the device, and by which models of I/O; what cannot be says why. */
final class WatchPopup extends PopupDialog {

    private static final int INDENT = 16;
    private static final int HINT = 340;

    private final ScopeStyle style;
    private final ScopeController controller;
    private final Point corner;
    private final List<Button> sources = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private Optional<FeatureSet> features = Optional.empty();
    private Optional<Spinner> depth = Optional.empty();
    private Optional<Spinner> turn = Optional.empty();

    /** The box of a model, and what stands beside it. */
    private record Row(String word, Button box, Label hint) {}

    /**
     * @param corner where its upper left corner is to be, on the display
     */
    WatchPopup(Shell parent, ScopeStyle style, ScopeController controller, Point corner) {
        super(parent, SWT.TOOL, true, false, false, false, false, null, null);
        this.style = style;
        this.controller = controller;
        this.corner = corner;
    }

    @Override
    protected Point getInitialLocation(@Nullable Point size) {
        return corner;
    }

    @Override
    protected Control createDialogArea(@Nullable Composite parent) {
        Composite area = new Composite(parent, SWT.BORDER);
        GridLayoutFactory.fillDefaults().numColumns(2).margins(12, 10).spacing(12, 3).applyTo(area);
        caption(area, "Who watches the device", Optional.empty());
        source(area, ScopeSource.AGENT, "a C program in the target, by SIGIO; starts at once");
        source(area, ScopeSource.BRIDGE, "Java in the target: sees what a Java program sees");
        IoOffer.Family family = null;
        for (IoOffer offer : IoOffer.all(ScopeSource.BRIDGE, Optional.empty())) {
            if (offer.family() != family) {
                family = offer.family();
                caption(area, family.title(), Optional.of(ModelLook.color(family)));
            }
            model(area, offer.word());
        }
        caption(area, "How", Optional.empty());
        numbers(area);
        Label note = new Label(area, SWT.WRAP);
        note.setFont(style.fonts().label());
        note.setText(
                "A device gives each byte to one reader: several models take turns on it, under the"
                        + " same stimulus, and are compared.");
        GridDataFactory.fillDefaults().span(2, 1).hint(HINT + 100, SWT.DEFAULT).applyTo(note);
        refresh();
        readFeatures(area);
        return area;
    }

    private void caption(Composite area, String text, Optional<ScopeColor> hue) {
        Composite line = new Composite(area, SWT.NONE);
        GridLayoutFactory.fillDefaults().numColumns(2).extendedMargins(0, 0, 6, 0).applyTo(line);
        GridDataFactory.fillDefaults().span(2, 1).applyTo(line);
        if (hue.isPresent()) {
            Canvas mark = new Canvas(line, SWT.NO_FOCUS);
            mark.addListener(
                    SWT.Paint,
                    event -> {
                        event.gc.setBackground(style.color(hue.get()));
                        event.gc.fillRectangle(mark.getClientArea());
                    });
            GridDataFactory.fillDefaults().hint(4, 16).applyTo(mark);
        }
        Label label = new Label(line, SWT.NONE);
        label.setFont(style.fonts().strong());
        label.setText(text);
        GridDataFactory.fillDefaults().align(SWT.BEGINNING, SWT.CENTER).applyTo(label);
    }

    private void source(Composite area, ScopeSource source, String words) {
        Button radio = new Button(area, SWT.RADIO);
        radio.setText(source.title());
        GridDataFactory.fillDefaults().indent(INDENT, 0).applyTo(radio);
        radio.addListener(
                SWT.Selection,
                event -> {
                    if (radio.getSelection()) {
                        controller.choose(controller.choice().withSource(source));
                        refresh();
                    }
                });
        sources.add(radio);
        hint(area).setText(words);
    }

    private void model(Composite area, String word) {
        Button box = new Button(area, SWT.CHECK);
        box.setText(IoOffer.title(word));
        GridDataFactory.fillDefaults().indent(INDENT, 0).applyTo(box);
        box.addListener(SWT.Selection, event -> choose(controller.choice().io().toggled(word)));
        rows.add(new Row(word, box, hint(area)));
    }

    private Label hint(Composite area) {
        Label hint = new Label(area, SWT.NONE);
        hint.setFont(style.fonts().label());
        GridDataFactory.fillDefaults()
                .grab(true, false)
                .align(SWT.FILL, SWT.CENTER)
                .hint(HINT, SWT.DEFAULT)
                .applyTo(hint);
        return hint;
    }

    private void numbers(Composite area) {
        IoChoice now = controller.choice().io();
        Spinner requests = spinner(area, "requests outstanding, of those that are submitted");
        requests.setValues(now.depth(), 1, IoChoice.MOST_DEPTH, 0, 1, 4);
        requests.addListener(
                SWT.Selection,
                event -> choose(controller.choice().io().withDepth(requests.getSelection())));
        Spinner seconds = spinner(area, "seconds for each turn, of several models");
        int shortest = (int) IoModel.Turns.SHORTEST.toMillis() / 100;
        int longest = (int) IoModel.Turns.LONGEST.toMillis() / 100;
        seconds.setValues((int) now.turn().toMillis() / 100, shortest, longest, 1, 5, 10);
        seconds.addListener(
                SWT.Selection,
                event ->
                        choose(
                                controller
                                        .choice()
                                        .io()
                                        .withTurn(
                                                Duration.ofMillis(seconds.getSelection() * 100L))));
        depth = Optional.of(requests);
        turn = Optional.of(seconds);
    }

    private Spinner spinner(Composite area, String words) {
        Spinner spinner = new Spinner(area, SWT.BORDER);
        spinner.setToolTipText(words);
        GridDataFactory.fillDefaults().indent(INDENT, 0).applyTo(spinner);
        hint(area).setText(words);
        return spinner;
    }

    private void choose(IoChoice io) {
        controller.choose(controller.choice().withIo(io));
        refresh();
    }

    /** What the driver has decides what can be chosen; its project is read by a job. */
    private void readFeatures(Control area) {
        Display display = area.getDisplay();
        controller
                .choice()
                .driver()
                .ifPresent(
                        driver ->
                                Job.createSystem(
                                                "Read the driver's features",
                                                monitor -> {
                                                    try {
                                                        FeatureSet read = driver.spec().features();
                                                        display.asyncExec(() -> accept(read));
                                                        return Status.OK_STATUS;
                                                    } catch (KmodscopeException e) {
                                                        return Failures.status(
                                                                "Read the driver's features", e);
                                                    }
                                                })
                                        .schedule());
    }

    private void accept(FeatureSet read) {
        features = Optional.of(read);
        if (!rows.isEmpty() && !rows.getFirst().box().isDisposed()) {
            refresh();
        }
    }

    private void refresh() {
        ScopeSource source = controller.choice().source();
        for (ScopeSource each : ScopeSource.values()) {
            sources.get(each.ordinal()).setSelection(each == source);
        }
        boolean bridge = source == ScopeSource.BRIDGE;
        IoChoice io = controller.choice().io();
        List<String> chosen = bridge ? io.words() : List.of("sigio");
        for (IoOffer offer : IoOffer.all(source, features)) {
            rows.stream()
                    .filter(row -> row.word().equals(offer.word()))
                    .forEach(row -> show(row, offer, chosen));
        }
        boolean submits = chosen.stream().anyMatch(IoModel::saysDone);
        depth.ifPresent(spinner -> spinner.setEnabled(submits));
        turn.ifPresent(spinner -> spinner.setEnabled(chosen.size() > 1));
    }

    private static void show(Row row, IoOffer offer, List<String> chosen) {
        boolean selected = chosen.contains(offer.word());
        row.box().setSelection(selected);
        // What was chosen can be given up, even where it cannot be chosen any more.
        row.box().setEnabled(offer.reason().isEmpty() || selected && chosen.size() > 1);
        boolean alone = IoModel.whyNoTurns(offer.word()).isPresent();
        String words = offer.reason().orElse(offer.hint() + (alone ? "; alone only" : ""));
        row.hint().setText(words);
        row.hint().setEnabled(offer.reason().isEmpty());
        row.box().setToolTipText(IoModel.whyNoTurns(offer.word()).orElse(words));
    }

    /** The boxes, for tests. */
    List<Button> boxes() {
        return rows.stream().map(Row::box).toList();
    }
}
