/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Spinner;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeChoice;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.scope.StimulusPlan;
import org.kmodscope.ide.target.TargetOption;
import org.kmodscope.ui.internal.visual.Captions;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The tools above the timeline. Buttons run commands; combos choose for the next operation. */
final class ScopeToolbar {

    /** Writes per second that nothing emulated stumbles over. */
    private static final int FIRST_RATE = 200;

    private static final int MOST_RATE = 200_000;

    /** Words go from these buttons, in this order, when there is no room for all. */
    private static final List<ScopeCommand> SHRINKING =
            List.of(
                    ScopeCommand.CLEAR,
                    ScopeCommand.UNLOAD,
                    ScopeCommand.PAUSE,
                    ScopeCommand.RECORD,
                    ScopeCommand.BUILD_AND_LOAD);

    private final ScopeStyle style;
    private final ScopeController controller;
    private final ScopeCommands commands;
    private final ScopeIcons icons;
    private final ScopeParts.Actions actions;
    private final Composite bar;
    private final Combo targets;
    private final Combo drivers;
    private final Button watch;
    private final Combo kinds;
    private final Spinner rate;
    private final Label perSecond;
    private final Map<ScopeCommand, Button> buttons = new EnumMap<>(ScopeCommand.class);
    private final Map<ScopeCommand, String> words = new EnumMap<>(ScopeCommand.class);
    private String watching = "";
    private boolean paused;
    private boolean live = true;
    private List<TargetOption> targetOptions = List.of();
    private List<TargetOption> shownTargets = List.of();
    private List<DriverProject> driverOptions = List.of();

    ScopeToolbar(
            Composite parent,
            ScopeStyle style,
            ScopeController controller,
            ScopeCommands commands,
            ScopeIcons icons,
            ScopeParts.Actions actions) {
        this.style = style;
        this.controller = controller;
        this.commands = commands;
        this.icons = icons;
        this.actions = actions;
        bar = new Composite(parent, SWT.NONE);
        targets = combo("Target: where the driver runs", 196);
        drivers = combo("Driver project", 110);
        watch = new Button(bar, SWT.PUSH);
        watch.setToolTipText("Who watches the device, and by which models of I/O");
        watch.setImage(icons.get("icons/watch.svg"));
        watch.addListener(SWT.Selection, event -> openWatch());
        button(ScopeCommand.BUILD_AND_LOAD, SWT.PUSH);
        button(ScopeCommand.UNLOAD, SWT.PUSH);
        gap();
        button(ScopeCommand.RECORD, SWT.PUSH);
        button(ScopeCommand.PAUSE, SWT.TOGGLE);
        button(ScopeCommand.CLEAR, SWT.PUSH);
        button(ScopeCommand.RECORD_SESSION, SWT.TOGGLE);
        gap();
        kinds = combo("Stimulus: what to write to the device", 96);
        rate = new Spinner(bar, SWT.BORDER);
        rate.setValues(FIRST_RATE, 1, MOST_RATE, 0, 100, 1_000);
        rate.setToolTipText("Writes per second of a steady stimulus");
        perSecond = Captions.label(bar, style, style.fonts().label());
        perSecond.setText("/s");
        button(ScopeCommand.SEND, SWT.TOGGLE);
        Label spring = new Label(bar, SWT.NONE);
        spring.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
        button(ScopeCommand.LIVE, SWT.TOGGLE);
        button(ScopeCommand.ZOOM_OUT, SWT.PUSH);
        button(ScopeCommand.ZOOM_IN, SWT.PUSH);
        button(ScopeCommand.FIT, SWT.PUSH);
        GridLayout layout = new GridLayout(bar.getChildren().length, false);
        layout.marginWidth = 8;
        layout.marginHeight = 3;
        layout.horizontalSpacing = 4;
        bar.setLayout(layout);
        fill();
        bar.addListener(SWT.Resize, event -> shrink());
    }

    private Combo combo(String name, int width) {
        Combo combo = new Combo(bar, SWT.READ_ONLY);
        combo.setToolTipText(name);
        GridData data = new GridData(SWT.LEFT, SWT.CENTER, false, false);
        data.widthHint = width;
        combo.setLayoutData(data);
        name(combo, name);
        return combo;
    }

    private static void name(Control control, String name) {
        SpokenName.give(control, () -> name);
    }

    private void gap() {
        Label gap = new Label(bar, SWT.SEPARATOR | SWT.VERTICAL);
        GridData data = new GridData(SWT.CENTER, SWT.CENTER, false, false);
        data.heightHint = 20;
        gap.setLayoutData(data);
    }

    private void button(ScopeCommand command, int kind) {
        Button button = new Button(bar, kind);
        button.setImage(icons.get(command.icon()));
        button.setToolTipText(commands.hint(command));
        name(button, command.title());
        button.addListener(SWT.Selection, event -> commands.run(command));
        buttons.put(command, button);
        if (SHRINKING.contains(command)) {
            words.put(command, command.title());
            button.setText(command.title());
        }
    }

    private void fill() {
        for (StimulusPlan.Kind kind : StimulusPlan.Kind.values()) {
            kinds.add(kind.title());
        }
        kinds.select(StimulusPlan.Kind.STEADY.ordinal());
        kinds.addListener(SWT.Selection, event -> showRate());
        targets.addListener(SWT.Selection, event -> chooseTarget(targets.getSelectionIndex()));
        drivers.addListener(
                SWT.Selection,
                event ->
                        choose(
                                controller
                                        .choice()
                                        .withDriver(
                                                Optional.of(
                                                        driverOptions.get(
                                                                drivers.getSelectionIndex())))));
        showRate();
    }

    /** Lets the user choose who watches, and how. */
    WatchPopup openWatch() {
        Point corner =
                bar.isVisible()
                        ? watch.toDisplay(0, watch.getSize().y)
                        : bar.getParent().toDisplay(8, 8);
        WatchPopup popup = new WatchPopup(bar.getShell(), style, controller, corner);
        popup.open();
        return popup;
    }

    /** Behind the targets stand two ways to others. */
    private void chooseTarget(int index) {
        if (index < shownTargets.size()) {
            choose(controller.choice().withTarget(shownTargets.get(index).spec()));
            return;
        }
        // It is no target: the one that is chosen stays.
        refresh();
        if (index == shownTargets.size()) {
            actions.replay();
        } else {
            actions.boards();
        }
    }

    private void choose(ScopeChoice choice) {
        controller.choose(choice);
    }

    private void showRate() {
        boolean steady = kinds.getSelectionIndex() == StimulusPlan.Kind.STEADY.ordinal();
        rate.setEnabled(steady);
        perSecond.setEnabled(steady);
    }

    Composite control() {
        return bar;
    }

    /** The button of a command. */
    Button button(ScopeCommand command) {
        return Objects.requireNonNull(buttons.get(command));
    }

    /** What the stimulus controls say, for writes of so many bytes. */
    StimulusPlan stimulus(int bytes) {
        StimulusPlan.Kind kind = StimulusPlan.Kind.values()[Math.max(0, kinds.getSelectionIndex())];
        return new StimulusPlan(kind, rate.getSelection(), bytes);
    }

    /** Offers other targets. */
    void targets(List<TargetOption> options) {
        targetOptions = options;
        refresh();
    }

    /** Offers other drivers. */
    void drivers(List<DriverProject> options) {
        driverOptions = options;
        drivers.setItems(
                options.stream().map(each -> each.project().getName()).toArray(String[]::new));
        refresh();
    }

    /** Shows what may be done now. */
    void refresh(boolean isPaused, boolean isLive) {
        paused = isPaused;
        live = isLive;
        refresh();
    }

    private void refresh() {
        ScopeChoice choice = controller.choice();
        ScopeState state = controller.state();
        boolean busy = state instanceof ScopeState.Working || state instanceof ScopeState.Recording;
        showTarget(choice.target());
        select(drivers, choice.driver().map(driverOptions::indexOf).orElse(-1));
        if (!choice.watchTitle().equals(watching)) {
            watching = choice.watchTitle();
            shrink();
        }
        enable(targets, !busy);
        enable(drivers, !busy && !driverOptions.isEmpty());
        enable(watch, !busy);
        boolean recording = state instanceof ScopeState.Recording;
        label(ScopeCommand.RECORD, recording ? "Stop" : "Start");
        Button record = button(ScopeCommand.RECORD);
        record.setImage(icons.get(recording ? "icons/stop.svg" : "icons/record.svg"));
        button(ScopeCommand.PAUSE).setSelection(paused);
        button(ScopeCommand.LIVE).setSelection(live);
        button(ScopeCommand.SEND).setSelection(controller.stimulating());
        showFile(controller.sessionFile());
        buttons.forEach((command, button) -> enable(button, commands.isEnabled(command)));
    }

    /** What is offered, and what is chosen though it is not: a recording, a board of before. */
    private void showTarget(TargetSpec chosen) {
        List<TargetOption> next = new ArrayList<>(targetOptions);
        if (next.stream().noneMatch(option -> option.spec().equals(chosen))) {
            next.add(TargetOption.of(chosen));
        }
        if (!next.equals(shownTargets)) {
            shownTargets = List.copyOf(next);
            List<String> titles = new ArrayList<>();
            shownTargets.forEach(option -> titles.add(option.title()));
            titles.add(ScopeMenus.REPLAY);
            titles.add(ScopeMenus.BOARDS);
            targets.setItems(titles.toArray(String[]::new));
            targets.setVisibleItemCount(titles.size());
        }
        int index =
                IntStream.range(0, shownTargets.size())
                        .filter(i -> shownTargets.get(i).spec().equals(chosen))
                        .findFirst()
                        .orElse(-1);
        select(targets, index);
    }

    private void showFile(Optional<Path> file) {
        Button button = button(ScopeCommand.RECORD_SESSION);
        button.setSelection(file.isPresent());
        String hint = commands.hint(ScopeCommand.RECORD_SESSION);
        String text = file.map(into -> "The session is recorded in " + into).orElse(hint);
        if (!text.equals(button.getToolTipText())) {
            button.setToolTipText(text);
        }
    }

    private void label(ScopeCommand command, String text) {
        if (!text.equals(words.put(command, text))) {
            Button button = button(command);
            if (!button.getText().isEmpty()) {
                button.setText(text);
                bar.layout();
            }
        }
    }

    private static void enable(Control control, boolean enabled) {
        if (control.getEnabled() != enabled) {
            control.setEnabled(enabled);
        }
    }

    private static void select(Combo combo, int index) {
        if (index < 0) {
            combo.deselectAll();
        } else if (combo.getSelectionIndex() != index) {
            combo.select(index);
        }
    }

    /** Takes words away until all fits, and gives them back. */
    private void shrink() {
        int room = bar.getClientArea().width;
        int next = 0;
        do {
            for (int i = 0; i < SHRINKING.size(); i++) {
                ScopeCommand command = SHRINKING.get(i);
                String text = i < next ? "" : words.getOrDefault(command, "");
                if (!button(command).getText().equals(text)) {
                    button(command).setText(text);
                }
            }
            String who = next > SHRINKING.size() ? "" : watching;
            if (!watch.getText().equals(who)) {
                watch.setText(who);
            }
        } while (bar.computeSize(SWT.DEFAULT, SWT.DEFAULT).x > room && next++ <= SHRINKING.size());
        bar.layout();
    }
}
