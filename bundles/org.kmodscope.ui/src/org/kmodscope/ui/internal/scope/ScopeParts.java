/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.kmodscope.core.event.EventKind;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ui.internal.scope.compare.ModelsPanel;
import org.kmodscope.ui.internal.scope.strip.StripsPanel;
import org.kmodscope.ui.internal.scope.table.EventWords;
import org.kmodscope.ui.internal.scope.table.EventsPanel;
import org.kmodscope.ui.internal.scope.table.LogPanel;
import org.kmodscope.ui.internal.scope.timeline.Chain;
import org.kmodscope.ui.internal.scope.timeline.TimelineCanvas;
import org.kmodscope.ui.internal.scope.timeline.Track;
import org.kmodscope.ui.internal.visual.Quantity;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/** The parts of the view and where they are: above 400 pixels side by side, below in one column. */
final class ScopeParts {

    /** Below this height the view takes its low form. */
    static final int LOW = 400;

    private static final long STATUS_NANOS = 200_000_000;

    private final Composite root;
    private final ScopeController controller;
    private final ScopeModel model;
    private final ScopeToolbar toolbar;
    private final SashForm body;
    private final SashForm left;
    private final TimelineCanvas timeline;
    private final PromptPanel prompt;
    private final StripsPanel strips;
    private final ChainPanel details;
    private final CTabFolder tabs;
    private final EventsPanel events;
    private final LogPanel log;
    private final ModelsPanel models;
    private final ChainBar chainBar;
    private final StatusStrip status;
    private List<String> subtitles = List.of();
    private Optional<Chain> shownChain = Optional.empty();
    private boolean low;
    private long lastStatus;

    /** What the parts ask the view to do. */
    interface Actions extends ChainPanel.Actions {
        void follow(String link);

        /** Asks for a recorded session, which becomes the target. */
        void replay();

        /** Shows the page of the boards. */
        void boards();
    }

    ScopeParts(
            Composite parent,
            ScopeStyle style,
            ScopeController controller,
            ScopeModel model,
            ScopeCommands commands,
            ScopeIcons icons,
            Actions actions) {
        this.controller = controller;
        this.model = model;
        root = new Composite(parent, SWT.NONE);
        GridLayout layout = new GridLayout(1, false);
        layout.marginWidth = 0;
        layout.marginHeight = 0;
        layout.verticalSpacing = 0;
        root.setLayout(layout);
        toolbar = new ScopeToolbar(root, style, controller, commands, icons, actions);
        row(toolbar.control(), SWT.DEFAULT);
        body = new SashForm(root, SWT.HORIZONTAL | SWT.SMOOTH);
        body.setSashWidth(3);
        body.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
        left = new SashForm(body, SWT.VERTICAL | SWT.SMOOTH);
        left.setSashWidth(3);
        timeline = new TimelineCanvas(left, style, model, context());
        prompt = new PromptPanel(timeline.control(), style, actions::follow);
        strips = new StripsPanel(left, style, model);
        left.setWeights(64, 36);
        SashForm right = new SashForm(body, SWT.VERTICAL | SWT.SMOOTH);
        right.setSashWidth(3);
        details = new ChainPanel(right, style, model, actions);
        tabs = new CTabFolder(right, SWT.TOP | SWT.FLAT);
        events = new EventsPanel(tabs, style, model);
        log = new LogPanel(tabs, style);
        tab("Events").setControl(events.control());
        tab("Kernel log").setControl(log.control());
        models = new ModelsPanel(tabs, style);
        models.control().setVisible(false);
        tabs.setSelection(0);
        right.setWeights(46, 54);
        body.setWeights(72, 28);
        chainBar = new ChainBar(root, style, model);
        row(chainBar.control(), ChainBar.HEIGHT);
        status = new StatusStrip(root, style);
        row(status.control(), StatusStrip.HEIGHT);
        root.addListener(SWT.Resize, event -> adapt());
        countUp();
        adapt();
    }

    private CTabItem tab(String title) {
        CTabItem item = new CTabItem(tabs, SWT.NONE);
        item.setText(title);
        return item;
    }

    private static void row(Composite control, int height) {
        GridData data = new GridData(SWT.FILL, SWT.FILL, true, false);
        data.heightHint = height;
        control.setLayoutData(data);
    }

    private TimelineCanvas.Context context() {
        return new TimelineCanvas.Context() {
            @Override
            public List<String> subtitles() {
                return subtitles;
            }

            @Override
            public List<KernelLogLine> log() {
                return controller.kernelLog();
            }

            @Override
            public String spoken() {
                return model.view()
                        .selected()
                        .map(event -> EventWords.sentence(event, model.origin()))
                        .orElse("Nothing selected");
            }
        };
    }

    Composite control() {
        return root;
    }

    ScopeToolbar toolbar() {
        return toolbar;
    }

    TimelineCanvas timeline() {
        return timeline;
    }

    EventsPanel events() {
        return events;
    }

    LogPanel log() {
        return log;
    }

    ModelsPanel models() {
        return models;
    }

    PromptPanel prompt() {
        return prompt;
    }

    StatusStrip status() {
        return status;
    }

    /** Whether the view has its low form. */
    boolean low() {
        return low;
    }

    /** Brings the kernel log to the front. */
    void showLog() {
        tabs.setSelection(1);
        if (low) {
            body.setMaximizedControl(tabs.getParent());
        }
    }

    private void adapt() {
        boolean now = root.getClientArea().height < LOW;
        if (now == low && root.getData("adapted") != null) {
            return;
        }
        root.setData("adapted", Boolean.TRUE);
        low = now;
        show(toolbar.control(), !low);
        show(chainBar.control(), low);
        body.setMaximizedControl(low ? left : null);
        strips.compact(low);
        left.setWeights(low ? new int[] {78, 22} : new int[] {64, 36});
        root.layout(true, true);
    }

    private static void show(Composite control, boolean visible) {
        if (control.getLayoutData() instanceof GridData data) {
            data.exclude = !visible;
            control.setVisible(visible);
        }
    }

    /** Shows what the model became; cheap when nothing did. */
    void refresh() {
        countUp();
        timeline.redraw();
        strips.refresh();
        if (!low) {
            events.refresh();
            compare();
        }
        if (!model.chain().equals(shownChain)) {
            shownChain = model.chain();
            refreshChain();
        }
        long now = System.nanoTime();
        if (now - lastStatus > STATUS_NANOS) {
            refreshStatus();
        }
    }

    /** The models have a tab as long as there are several, which comes to the front by itself. */
    private void compare() {
        Optional<EventSnapshot> snapshot = model.shown();
        boolean compared = snapshot.filter(known -> !known.turns().isEmpty()).isPresent();
        if (compared && tabs.getItemCount() == 2) {
            CTabItem item = tab("Models");
            item.setControl(models.control());
            tabs.setSelection(item);
        } else if (!compared && tabs.getItemCount() == 3) {
            tabs.getItem(2).dispose();
            tabs.setSelection(0);
        }
        snapshot.filter(known -> compared).ifPresent(models::show);
    }

    /** Shows the chain anew: its place in the source may have become known. */
    void refreshChain() {
        details.refresh();
        chainBar.refresh();
    }

    /** Shows what the controller became. */
    void refreshState(long quietNanos) {
        toolbar.refresh(model.paused(), model.view().live());
        String console = controller.state() instanceof ScopeState.LabGone gone ? gone.log() : "";
        log.show(controller.kernelLog(), console);
        prompt.show(
                EmptyStates.text(
                        controller.state(), controller.failure(), model.latest(), quietNanos),
                model.latest().filter(known -> known.events() > 0).isPresent());
        refreshStatus();
        timeline.redraw();
    }

    private void refreshStatus() {
        lastStatus = System.nanoTime();
        status.show(
                StatusText.of(
                        controller.state(),
                        controller.recordedOn(),
                        model.latest(),
                        controller.sessionFile(),
                        model.view().live(),
                        timeline.scene().decimated(),
                        model.scale().nanosPerPixel()));
    }

    private void countUp() {
        List<String> next = new ArrayList<>();
        for (Track track : Track.values()) {
            next.add(subtitle(track));
        }
        subtitles = next;
    }

    /** How many came; where a source cannot tell, that and no zero. */
    private String subtitle(Track track) {
        Optional<EventSnapshot> shown = model.shown();
        long lines = controller.kernelLog().size();
        return switch (track) {
            case WRITE -> count(shown, EventKind.WRITE_START, "call", "none so far");
            case SIGIO_IN -> count(shown, EventKind.SIGIO_IN, "signal", "none so far");
            case READ -> count(shown, EventKind.READ_START, "call", "none so far");
            case SIGIO_OUT -> count(shown, EventKind.SIGIO_OUT, "signal", "none so far");
            case AIO -> count(shown, EventKind.AIO_SUBMIT, "request", "not recorded");
            case WORK -> count(shown, EventKind.WORK_START, "item", "not recorded");
            case LOG -> lines == 0 ? "" : Quantity.count(lines) + (lines == 1 ? " line" : " lines");
        };
    }

    private static String count(
            Optional<EventSnapshot> shown, EventKind kind, String noun, String none) {
        long count = shown.map(snapshot -> snapshot.count(kind)).orElse(0L);
        return count == 0 ? none : Quantity.count(count) + " " + noun + (count == 1 ? "" : "s");
    }
}
