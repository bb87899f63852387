/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.core.resources.IResourceChangeEvent;
import org.eclipse.core.resources.IResourceChangeListener;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.resource.ColorRegistry;
import org.eclipse.jface.util.IPropertyChangeListener;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.part.ViewPart;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSnapshot;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.scope.ScopeController;
import org.kmodscope.ide.scope.ScopeListener;
import org.kmodscope.ide.scope.ScopeState;
import org.kmodscope.ide.target.TargetOption;
import org.kmodscope.ui.internal.visual.Palette;
import org.kmodscope.ui.internal.visual.ScopeFonts;
import org.kmodscope.ui.internal.visual.ScopeStyle;

/**
 * The view Async Scope: loads a driver in a lab and draws live what it signals and completes. What
 * it does is in {@link ScopeController}; this class connects that to the parts of the view. However
 * much happens, one call of the UI thread is pending at most.
 */
public final class AsyncScopeView extends ViewPart {

    /** As plugin.xml names it. */
    public static final String ID = "org.kmodscope.ui.scope";

    private static final int TICK_MILLIS = 500;

    private final AtomicBoolean pending = new AtomicBoolean();
    private final AtomicBoolean stateChanged = new AtomicBoolean(true);
    private final AtomicBoolean projectsChanged = new AtomicBoolean(true);
    private final AtomicBoolean themeChanged = new AtomicBoolean();
    private final List<Runnable> onDispose = new ArrayList<>();
    private @Nullable Parts open;
    private long events;
    private long quietSince = System.nanoTime();

    /** All that exists while the view is usable. */
    private record Parts(
            Display display,
            Composite parent,
            ScopeController controller,
            KeptChoice kept,
            ScopeModel model,
            ScopeCommands commands,
            ScopeIcons icons,
            ScopeActions actions,
            ScopeMenus menus) {}

    private @Nullable ScopeParts widgets;
    private @Nullable ScopeFonts fonts;

    @Override
    public void createPartControl(@Nullable Composite parent) {
        if (parent == null) {
            return;
        }
        parent.setLayout(new FillLayout());
        try {
            create(parent, new ScopeController(DriverTools.installed()));
        } catch (KmodscopeException missing) {
            Label label = new Label(parent, SWT.WRAP);
            label.setText(missing.getMessage() + "\n" + missing.remedy());
        }
    }

    private void create(Composite parent, ScopeController controller) {
        Display display = parent.getDisplay();
        KeptChoice kept = new KeptChoice(controller);
        ScopeModel model = new ScopeModel(controller::look);
        ScopeCommands commands = new ScopeCommands(getSite());
        ScopeIcons icons = new ScopeIcons(display);
        ScopeActions actions = new ScopeActions(getSite(), controller, model, this::loadTargets);
        ScopeMenus menus =
                new ScopeMenus(getViewSite().getActionBars(), controller, commands, actions);
        Parts parts =
                new Parts(
                        display, parent, controller, kept, model, commands, icons, actions, menus);
        open = parts;
        build(parts);
        model.onChange(this::refreshParts);
        listen(parts);
        loadTargets();
        wake();
        tick();
    }

    private void loadTargets() {
        Parts parts = open;
        if (parts != null) {
            parts.actions().loadTargets(options -> later(() -> offer(parts, options)));
        }
    }

    /** Unless they are those of another controller, which is gone. */
    private void offer(Parts parts, List<TargetOption> options) {
        ScopeParts view = widgets;
        if (parts == open && view != null) {
            parts.kept().targetsAre(options);
            view.toolbar().targets(options);
            parts.menus().targets(options);
            parts.actions().targetsAre(options);
        }
    }

    private void build(Parts parts) {
        ScopeFonts madeFonts = new ScopeFonts(parts.display());
        ColorRegistry colors =
                PlatformUI.getWorkbench().getThemeManager().getCurrentTheme().getColorRegistry();
        Palette palette =
                new Palette(
                        parts.display(),
                        id -> {
                            @Nullable RGB found = colors.getRGB(id);
                            return found == null ? Optional.empty() : Optional.of(found);
                        });
        fonts = madeFonts;
        ScopeParts made =
                new ScopeParts(
                        parts.parent(),
                        ScopeStyle.of(palette, madeFonts),
                        parts.controller(),
                        parts.model(),
                        parts.commands(),
                        parts.icons(),
                        parts.actions());
        widgets = made;
        parts.actions().connect(made, parts.commands());
        parts.menus().connect(made);
        made.control().addListener(SWT.Resize, event -> parts.menus().low(made.low()));
        parts.parent().layout(true, true);
    }

    private void listen(Parts parts) {
        TargetSession.Subscription news =
                parts.controller()
                        .listen(
                                new ScopeListener() {
                                    @Override
                                    public void changed() {
                                        stateChanged.set(true);
                                        wake();
                                    }

                                    @Override
                                    public void published(EventSnapshot snapshot) {
                                        wake();
                                    }

                                    @Override
                                    public void logged() {
                                        stateChanged.set(true);
                                        wake();
                                    }
                                });
        onDispose.add(news::close);
        IResourceChangeListener projects =
                event -> {
                    projectsChanged.set(true);
                    wake();
                };
        ResourcesPlugin.getWorkspace()
                .addResourceChangeListener(
                        projects,
                        IResourceChangeEvent.POST_CHANGE | IResourceChangeEvent.PRE_DELETE);
        onDispose.add(() -> ResourcesPlugin.getWorkspace().removeResourceChangeListener(projects));
        IPropertyChangeListener theme =
                event -> {
                    themeChanged.set(true);
                    wake();
                };
        PlatformUI.getWorkbench().getThemeManager().addPropertyChangeListener(theme);
        onDispose.add(
                () ->
                        PlatformUI.getWorkbench()
                                .getThemeManager()
                                .removePropertyChangeListener(theme));
    }

    /** Has the UI thread look, unless it is about to. Any thread. */
    private void wake() {
        if (pending.compareAndSet(false, true)) {
            later(this::catchUp);
        }
    }

    private void later(Runnable action) {
        Parts parts = open;
        if (parts != null && !parts.display().isDisposed()) {
            parts.display().asyncExec(action);
        }
    }

    private void catchUp() {
        pending.set(false);
        Parts parts = open;
        if (parts == null || parts.parent().isDisposed()) {
            return;
        }
        if (themeChanged.getAndSet(false)) {
            rebuild(parts);
        }
        if (projectsChanged.getAndSet(false)) {
            offerDrivers(parts);
        }
        Optional<EventSnapshot> snapshot = parts.controller().snapshot();
        if (snapshot.isPresent() && snapshot.get().events() != events) {
            events = snapshot.get().events();
            quietSince = System.nanoTime();
        }
        boolean news = snapshot.isPresent() && !snapshot.equals(parts.model().latest());
        if (news) {
            parts.model().accept(snapshot.get());
        }
        if (stateChanged.getAndSet(false) || news && events > 0) {
            refreshState(parts);
        }
    }

    /** A new theme has new colours and fonts: all parts are made anew around the same model. */
    private void rebuild(Parts parts) {
        ScopeParts old = widgets;
        ScopeFonts oldFonts = fonts;
        if (old != null) {
            old.control().dispose();
        }
        build(parts);
        if (oldFonts != null) {
            oldFonts.close();
        }
        loadTargets();
        projectsChanged.set(true);
        stateChanged.set(true);
        wake();
    }

    private void offerDrivers(Parts parts) {
        List<DriverProject> drivers = DriverProject.all(ResourcesPlugin.getWorkspace().getRoot());
        ScopeParts view = widgets;
        if (view != null) {
            view.toolbar().drivers(drivers);
            parts.menus().drivers(drivers);
        }
        parts.actions().driversAre(drivers);
    }

    private void refreshParts() {
        ScopeParts view = widgets;
        if (view != null && !view.control().isDisposed()) {
            view.refresh();
        }
    }

    private void refreshState(Parts parts) {
        ScopeParts view = widgets;
        if (view != null && !view.control().isDisposed()) {
            boolean recording = parts.controller().state() instanceof ScopeState.Recording;
            long quiet = recording ? System.nanoTime() - quietSince : 0;
            view.refreshState(quiet);
            parts.menus().refresh();
            parts.kept().keep();
        }
    }

    /** Nothing tells that nothing happens: a slow clock does. */
    private void tick() {
        Parts parts = open;
        if (parts != null && !parts.parent().isDisposed()) {
            if (!(parts.controller().state() instanceof ScopeState.Recording)) {
                quietSince = System.nanoTime();
            }
            refreshState(parts);
            // What was left out because it came too soon after the one before.
            refreshParts();
            parts.display().timerExec(TICK_MILLIS, this::tick);
        }
    }

    /** The parts, for tests; fails before the view is open. */
    ScopeParts parts() {
        ScopeParts view = widgets;
        if (view == null) {
            throw new IllegalStateException("The view is not open.");
        }
        return view;
    }

    /** The model, for tests. */
    ScopeModel model() {
        Parts parts = open;
        if (parts == null) {
            throw new IllegalStateException("The view is not open.");
        }
        return parts.model();
    }

    /** The controller, for tests. */
    ScopeController controller() {
        Parts parts = open;
        if (parts == null) {
            throw new IllegalStateException("The view is not open.");
        }
        return parts.controller();
    }

    @Override
    public void setFocus() {
        ScopeParts view = widgets;
        if (view != null && !view.control().isDisposed()) {
            view.timeline().control().setFocus();
            // Kernels may have been fetched and boards described elsewhere.
            loadTargets();
        }
    }

    /** Shows a recording of events; a target that is open is closed. */
    public void show(Path recording) {
        Parts parts = open;
        if (parts != null) {
            parts.actions().openRecording(recording);
        }
    }

    /** Does what a link of an empty view does. */
    void follow(String link) {
        Parts parts = open;
        if (parts != null) {
            parts.actions().follow(link);
        }
    }

    /** Shows another controller instead of the one before, which is closed. */
    void use(ScopeController next) {
        Parts parts = open;
        ScopeParts view = widgets;
        if (parts == null || view == null) {
            throw new IllegalStateException("The view is not open.");
        }
        view.control().dispose();
        shutDown();
        projectsChanged.set(true);
        stateChanged.set(true);
        create(parts.parent(), next);
    }

    @Override
    public void dispose() {
        shutDown();
        super.dispose();
    }

    private void shutDown() {
        onDispose.forEach(Runnable::run);
        onDispose.clear();
        Parts parts = open;
        open = null;
        widgets = null;
        if (parts != null) {
            parts.controller().close();
            parts.commands().close();
            parts.icons().close();
        }
        ScopeFonts last = fonts;
        if (last != null) {
            last.close();
        }
    }
}
