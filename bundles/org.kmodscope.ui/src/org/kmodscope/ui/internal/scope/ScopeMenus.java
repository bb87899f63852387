/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.IAction;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.IToolBarManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.action.Separator;
import org.eclipse.ui.IActionBars;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.target.TargetOption;

/**
 * The menu of the view, with every choice, and the tools in the row of its tab, which stand in for
 * the toolbar where the view is low.
 */
final class ScopeMenus {

    private static final List<ScopeCommand> TOOLS =
            List.of(
                    ScopeCommand.BUILD_AND_LOAD,
                    ScopeCommand.UNLOAD,
                    ScopeCommand.RECORD,
                    ScopeCommand.PAUSE,
                    ScopeCommand.CLEAR,
                    ScopeCommand.SEND,
                    ScopeCommand.LIVE,
                    ScopeCommand.ZOOM_OUT,
                    ScopeCommand.ZOOM_IN);

    /** What leads to a recording, and to the boards, wherever targets are chosen in the view. */
    static final String REPLAY = "Replay a recording…";

    static final String BOARDS = "Boards…";

    private static final int[] BYTES = {1, 16, 64, 256, 1024, 4096};

    private final IActionBars bars;
    private final ScopeController controller;
    private final ScopeCommands commands;
    private final ScopeActions actions;
    private final MenuManager targetMenu = new MenuManager("Target");
    private final MenuManager driverMenu = new MenuManager("Driver");
    private final Map<ScopeCommand, Action> tools = new EnumMap<>(ScopeCommand.class);
    private List<TargetOption> targets = List.of();
    private List<DriverProject> drivers = new ArrayList<>();
    private boolean low;

    ScopeMenus(
            IActionBars bars,
            ScopeController controller,
            ScopeCommands commands,
            ScopeActions actions) {
        this.bars = bars;
        this.controller = controller;
        this.commands = commands;
        this.actions = actions;
        IMenuManager menu = bars.getMenuManager();
        menu.add(dynamic(targetMenu, this::fillTargets));
        menu.add(dynamic(driverMenu, this::fillDrivers));
        menu.add(dynamic(new MenuManager("Source"), this::fillSources));
        menu.add(dynamic(new MenuManager("Bytes per write"), this::fillBytes));
        menu.add(new Separator());
        menu.add(plain("Open recording…", actions::openRecording));
        menu.add(plain("Open sample recording", actions::openSample));
        menu.add(command(ScopeCommand.RECORD_SESSION));
        menu.add(new Separator());
        menu.add(command(ScopeCommand.GO_TO_TIME));
        menu.add(command(ScopeCommand.FIT));
        menu.add(command(ScopeCommand.OPEN_SOURCE));
        for (ScopeCommand tool : TOOLS) {
            tools.put(tool, command(tool));
        }
    }

    private interface Filler {
        void fill(IMenuManager menu);
    }

    private static MenuManager dynamic(MenuManager menu, Filler filler) {
        menu.setRemoveAllWhenShown(true);
        menu.addMenuListener(filler::fill);
        return menu;
    }

    private static Action plain(String title, Runnable work) {
        return new Action(title) {
            @Override
            public void run() {
                work.run();
            }
        };
    }

    private static Action radio(String title, boolean checked, boolean enabled, Runnable work) {
        Action action =
                new Action(title, IAction.AS_RADIO_BUTTON) {
                    @Override
                    public void run() {
                        if (isChecked()) {
                            work.run();
                        }
                    }
                };
        action.setChecked(checked);
        action.setEnabled(enabled);
        return action;
    }

    private Action command(ScopeCommand command) {
        Action action = plain(command.title(), () -> commands.run(command));
        action.setActionDefinitionId(command.id());
        if (!command.icon().isEmpty()) {
            action.setImageDescriptor(ScopeIcons.descriptor(command.icon()));
        }
        return action;
    }

    private boolean free() {
        return !(controller.state() instanceof ScopeState.Working)
                && !(controller.state() instanceof ScopeState.Recording);
    }

    private void fillTargets(IMenuManager menu) {
        for (TargetOption option : targets) {
            menu.add(
                    radio(
                            option.title(),
                            option.spec().equals(controller.choice().target()),
                            free(),
                            () ->
                                    controller.choose(
                                            controller.choice().withTarget(option.spec()))));
        }
        menu.add(new Separator());
        menu.add(plain(REPLAY, actions::replay));
        menu.add(plain(BOARDS, actions::boards));
    }

    private void fillDrivers(IMenuManager menu) {
        for (DriverProject driver : drivers) {
            menu.add(
                    radio(
                            driver.project().getName(),
                            controller.choice().driver().filter(driver::equals).isPresent(),
                            free(),
                            () ->
                                    controller.choose(
                                            controller.choice().withDriver(Optional.of(driver)))));
        }
    }

    private void fillSources(IMenuManager menu) {
        for (ScopeSource source : ScopeSource.values()) {
            menu.add(
                    radio(
                            source.title(),
                            controller.choice().source() == source,
                            free(),
                            () -> controller.choose(controller.choice().withSource(source))));
        }
        menu.add(new Separator());
        Action models = plain("Models of I/O…", actions::chooseModels);
        models.setEnabled(free());
        menu.add(models);
    }

    private void fillBytes(IMenuManager menu) {
        for (int each : BYTES) {
            menu.add(
                    radio(
                            String.valueOf(each),
                            actions.bytes() == each,
                            true,
                            () -> actions.bytes(each)));
        }
    }

    void connect(ScopeParts made) {
        low(made.low());
    }

    /** Offers other targets. */
    void targets(List<TargetOption> options) {
        targets = options;
    }

    /** Offers other drivers. */
    void drivers(List<DriverProject> options) {
        drivers = List.copyOf(options);
    }

    /** Puts the tools into the row of the tab where the view has no room for its own. */
    void low(boolean now) {
        IToolBarManager row = bars.getToolBarManager();
        if (now == low && row.getItems().length > 0 == now) {
            return;
        }
        low = now;
        row.removeAll();
        if (now) {
            TOOLS.forEach(tool -> row.add(tools.get(tool)));
        }
        bars.updateActionBars();
        refresh();
    }

    /** Shows what may be done now. */
    void refresh() {
        if (!low) {
            return;
        }
        tools.forEach((command, action) -> action.setEnabled(commands.isEnabled(command)));
        Action record = tools.get(ScopeCommand.RECORD);
        boolean recording = controller.state() instanceof ScopeState.Recording;
        String title = recording ? "Stop" : "Start";
        if (record != null && !title.equals(record.getText())) {
            record.setText(title);
            record.setToolTipText(title);
            record.setImageDescriptor(
                    ScopeIcons.descriptor(recording ? "icons/stop.svg" : "icons/record.svg"));
        }
    }
}
