/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.ui.IWorkbenchPartSite;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.Event;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.DriverSource;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.scope.StimulusPlan;
import org.kmodscope.ide.target.TargetName;
import org.kmodscope.ide.target.TargetOption;
import org.kmodscope.ui.internal.scope.timeline.Chain;
import org.kmodscope.ui.internal.scope.timeline.TimelineKeys;
import org.kmodscope.ui.internal.scope.timeline.TimelineMouse;
import org.kmodscope.ui.internal.target.TargetChooser;
import org.kmodscope.ui.internal.visual.EventLook;

/** What the commands, links and menus of the view do. Belongs to the UI thread. */
final class ScopeActions implements ScopeParts.Actions {

    private static final int FIRST_BYTES = 64;

    private final IWorkbenchPartSite site;
    private final ScopeController controller;
    private final ScopeModel model;
    private final Navigation navigation;
    private final Runnable boardsChanged;
    private DriverSource source = DriverSource.unknown();
    private Optional<DriverProject> sourceOf = Optional.empty();
    private int bytes = FIRST_BYTES;
    private Optional<ScopeParts> parts = Optional.empty();
    private Optional<TimelineKeys> navigationKeys = Optional.empty();

    /**
     * @param boardsChanged called when the user may have changed what targets there are
     */
    ScopeActions(
            IWorkbenchPartSite site,
            ScopeController controller,
            ScopeModel model,
            Runnable boardsChanged) {
        this.boardsChanged = boardsChanged;
        this.site = site;
        this.controller = controller;
        this.model = model;
        this.navigation = new Navigation(site);
    }

    /** Connects commands and mouse to parts that were just made. */
    void connect(ScopeParts made, ScopeCommands commands) {
        parts = Optional.of(made);
        TimelineKeys keys = new TimelineKeys(made.timeline(), model);
        new TimelineMouse(made.timeline(), model, this::openSource);
        commands.keysFor(made.timeline().control());
        commands.handle(
                ScopeCommand.BUILD_AND_LOAD,
                controller::buildAndLoad,
                () -> controller.choice().driver().isPresent() && !working());
        commands.handle(ScopeCommand.UNLOAD, controller::unload, this::loaded);
        commands.handle(ScopeCommand.RECORD, this::toggleRecording, this::loaded);
        commands.handle(ScopeCommand.CLEAR, controller::clear, () -> model.latest().isPresent());
        commands.handle(ScopeCommand.RECORD_SESSION, this::toggleFile, () -> !working());
        commands.handle(ScopeCommand.STIMULUS, this::stimulate, this::recording);
        commands.handle(ScopeCommand.SEND, () -> send(made), this::recording);
        commands.handle(ScopeCommand.PAUSE, keys::pause, () -> model.picture().isPresent());
        commands.handle(ScopeCommand.LIVE, keys::live);
        commands.handle(ScopeCommand.ZOOM_IN, () -> keys.zoom(true));
        commands.handle(ScopeCommand.ZOOM_OUT, () -> keys.zoom(false));
        commands.handle(ScopeCommand.FIT, keys::fit);
        commands.handle(ScopeCommand.NEXT_EVENT, () -> keys.event(true));
        commands.handle(ScopeCommand.PREVIOUS_EVENT, () -> keys.event(false));
        commands.handle(ScopeCommand.NEXT_CHAIN, () -> keys.chain(true));
        commands.handle(ScopeCommand.PREVIOUS_CHAIN, () -> keys.chain(false));
        commands.handle(ScopeCommand.LANE_DOWN, () -> keys.track(true));
        commands.handle(ScopeCommand.LANE_UP, () -> keys.track(false));
        commands.handle(ScopeCommand.CURSOR_A, () -> keys.cursor(true));
        commands.handle(ScopeCommand.CURSOR_B, () -> keys.cursor(false));
        commands.handle(ScopeCommand.DESELECT, keys::deselect);
        commands.handle(ScopeCommand.GO_TO_TIME, () -> goToTime(keys));
        commands.handle(ScopeCommand.OPEN_SOURCE, this::openSource);
        navigationKeys = Optional.of(keys);
    }

    private boolean working() {
        return controller.state() instanceof ScopeState.Working;
    }

    private boolean recording() {
        return controller.state() instanceof ScopeState.Recording;
    }

    private boolean loaded() {
        return recording() || controller.state() instanceof ScopeState.Ready;
    }

    private void toggleRecording() {
        if (recording()) {
            controller.stop();
        } else {
            controller.start();
            model.look(model.view().following());
        }
    }

    /** Off ends the file where it is; on is for the next session, since a file has a whole one. */
    private void toggleFile() {
        if (controller.sessionFile().isPresent()) {
            controller.recordIn(Optional.empty());
        } else {
            Optional<Path> chosen = new TargetChooser(site.getShell()).record();
            if (chosen.isPresent()) {
                controller.recordIn(chosen);
            } else {
                parts.ifPresent(made -> made.refreshState(0));
            }
        }
    }

    @Override
    public void replay() {
        new TargetChooser(site.getShell())
                .replay()
                .ifPresent(file -> controller.choose(controller.choice().withTarget(file)));
    }

    @Override
    public void boards() {
        new TargetChooser(site.getShell()).boards();
        boardsChanged.run();
    }

    private void stimulate() {
        controller.stimulate(StimulusPlan.single(bytes));
    }

    private void send(ScopeParts made) {
        if (controller.stimulating()) {
            controller.endStimulus();
        } else {
            controller.stimulate(made.toolbar().stimulus(bytes));
        }
    }

    /** How many bytes each write has. */
    int bytes() {
        return bytes;
    }

    void bytes(int each) {
        bytes = each;
    }

    /** Lets the user choose who watches the device, and how. */
    void chooseModels() {
        parts.ifPresent(made -> made.toolbar().openWatch());
    }

    /** Reads which targets there are, off the UI thread. */
    void loadTargets(Consumer<List<TargetOption>> found) {
        Job.createSystem(
                        "List the targets",
                        monitor -> {
                            try {
                                found.accept(controller.targets());
                                return Status.OK_STATUS;
                            } catch (KmodscopeException e) {
                                return Failures.status("List the targets", e);
                            }
                        })
                .schedule();
    }

    /** A board that was described anew stays chosen, as it is now. */
    void targetsAre(List<TargetOption> options) {
        String chosen = TargetName.of(controller.choice().target());
        options.stream()
                .map(TargetOption::spec)
                .filter(spec -> spec instanceof TargetSpec.Ssh)
                .filter(spec -> TargetName.of(spec).equals(chosen))
                .filter(spec -> !spec.equals(controller.choice().target()))
                .findFirst()
                .ifPresent(spec -> controller.choose(controller.choice().withTarget(spec)));
    }

    /** Keeps the choice among the projects that there are. */
    void driversAre(List<DriverProject> drivers) {
        Optional<DriverProject> chosen = controller.choice().driver();
        if (chosen.isEmpty() || !drivers.contains(chosen.get())) {
            Optional<DriverProject> next = drivers.stream().findFirst();
            if (!next.equals(chosen)) {
                controller.choose(controller.choice().withDriver(next));
            }
        }
        loadSource();
    }

    private void loadSource() {
        Optional<DriverProject> driver = controller.choice().driver();
        if (driver.isEmpty() || driver.equals(sourceOf)) {
            return;
        }
        sourceOf = driver;
        Job.createSystem(
                        "Read the driver's source",
                        monitor -> {
                            try {
                                DriverSource read = DriverSource.read(driver.get().directory());
                                site.getShell().getDisplay().asyncExec(() -> accept(read));
                                return Status.OK_STATUS;
                            } catch (KmodscopeException e) {
                                return Failures.status("Read the driver's source", e);
                            }
                        })
                .schedule();
    }

    private void accept(DriverSource read) {
        source = read;
        parts.filter(made -> !made.control().isDisposed()).ifPresent(ScopeParts::refreshChain);
    }

    @Override
    public void neighbour(boolean next) {
        navigationKeys.ifPresent(keys -> keys.chain(next));
    }

    @Override
    public Optional<String> source() {
        return place().map(DriverSource.Place::toString);
    }

    /** What is selected decides; of a whole chain it is where the signal is sent. */
    private Optional<DriverSource.Place> place() {
        Optional<Event> selected = model.view().selected();
        if (model.chain().isPresent()
                && selected.filter(event -> event.kind() != EventKind.WRITE_START).isEmpty()) {
            boolean request = model.chain().get().links().getFirst().look() == EventLook.AIO_SUBMIT;
            return source.place(request ? DriverSource.Step.AIO : DriverSource.Step.SIGNAL_IN);
        }
        return selected.flatMap(this::place);
    }

    private Optional<DriverSource.Place> place(Event event) {
        return switch (EventLook.of(event.kind(), event.band())) {
            case WRITE -> source.place(DriverSource.Step.WRITE);
            case READ -> source.place(DriverSource.Step.READ);
            case SIGIO_IN, GENERATED_IN, SIGIO_OTHER -> source.place(DriverSource.Step.SIGNAL_IN);
            case SIGIO_OUT, GENERATED_OUT -> source.place(DriverSource.Step.SIGNAL_OUT);
            case AIO_SUBMIT, AIO_COMPLETE, AIO_CANCEL -> source.place(DriverSource.Step.AIO);
            case WORK -> source.place(DriverSource.Step.WORK);
            case LOG, WARNING, MARKER, GONE, LOST -> Optional.empty();
        };
    }

    @Override
    public void openSource() {
        place().ifPresent(this::open);
    }

    private void openSource(Event event) {
        place(event).ifPresent(this::open);
    }

    private void open(DriverSource.Place place) {
        sourceOf.ifPresent(
                driver -> {
                    IFile file = driver.project().getFile(IPath.fromOSString(place.file()));
                    navigation.open(file, place.line());
                });
    }

    @Override
    public void copy() {
        Optional<Chain> chain = model.chain();
        if (chain.isEmpty()) {
            return;
        }
        Clipboard clipboard = new Clipboard(site.getShell().getDisplay());
        clipboard.setContents(
                new Object[] {ChainText.markdown(chain.get(), controller.recordedOn())},
                new Transfer[] {TextTransfer.getInstance()});
        clipboard.dispose();
    }

    @Override
    public void follow(String link) {
        switch (link) {
            case EmptyStates.CREATE -> navigation.newDriver();
            case EmptyStates.SAMPLE -> openSample();
            case EmptyStates.BUILD -> controller.buildAndLoad();
            case EmptyStates.START -> toggleRecording();
            case EmptyStates.STIMULUS -> stimulate();
            case EmptyStates.CANCEL -> controller.cancel();
            case EmptyStates.PROBLEMS -> navigation.problems();
            case EmptyStates.HELPER -> navigation.helper();
            case EmptyStates.LOG -> parts.ifPresent(ScopeParts::showLog);
            default -> throw new IllegalArgumentException(link);
        }
    }

    /** Shows the recording that comes with kmodscope: a real one, of globalfifo in QEMU. */
    void openSample() {
        navigation.sample().ifPresent(this::openRecording);
    }

    /** Asks for a recording and shows it. */
    void openRecording() {
        FileDialog dialog = new FileDialog(site.getShell(), SWT.OPEN);
        dialog.setText("Open a recording");
        dialog.setFilterExtensions(new String[] {"*.kmse", "*"});
        String file = dialog.open();
        if (file != null) {
            openRecording(Path.of(file));
        }
    }

    /** Shows a recording. */
    void openRecording(Path file) {
        model.look(model.view().following());
        controller.open(file);
    }

    private void goToTime(TimelineKeys keys) {
        InputDialog dialog =
                new InputDialog(
                        site.getShell(),
                        "Go to time",
                        "Seconds since the recording began:",
                        "0.0",
                        text ->
                                seconds(text).isPresent()
                                        ? null
                                        : "A number, such as 12.5, is meant.");
        if (dialog.open() == Window.OK) {
            seconds(dialog.getValue()).ifPresent(keys::goTo);
        }
    }

    private static Optional<Double> seconds(String text) {
        try {
            double value = Double.parseDouble(text.strip());
            return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
