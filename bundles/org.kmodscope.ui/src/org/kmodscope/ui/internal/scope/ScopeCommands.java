/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.common.CommandException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.bindings.TriggerSequence;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchPartSite;
import org.eclipse.ui.contexts.IContextActivation;
import org.eclipse.ui.contexts.IContextService;
import org.eclipse.ui.handlers.IHandlerActivation;
import org.eclipse.ui.handlers.IHandlerService;
import org.eclipse.ui.keys.IBindingService;

/**
 * The handlers of the view's commands, for as long as the view is there. Keys without modifiers are
 * active only while the timeline has the focus, so that one can type in the filter.
 */
final class ScopeCommands implements AutoCloseable {

    private static final String VIEW_CONTEXT = "org.kmodscope.ui.scope";
    private static final String TIMELINE_CONTEXT = "org.kmodscope.ui.scope.timeline";

    private final IHandlerService handlers;
    private final IContextService contexts;
    private final IBindingService bindings;
    private final Map<ScopeCommand, Handler> active = new EnumMap<>(ScopeCommand.class);
    private final Map<ScopeCommand, IHandlerActivation> activations =
            new EnumMap<>(ScopeCommand.class);
    private final IContextActivation view;
    private @Nullable IContextActivation timeline;

    ScopeCommands(IWorkbenchPartSite site) {
        handlers = site.getService(IHandlerService.class);
        contexts = site.getService(IContextService.class);
        bindings = site.getService(IBindingService.class);
        view = contexts.activateContext(VIEW_CONTEXT);
    }

    /** A handler that asks whether it may each time it is needed. */
    private static final class Handler extends AbstractHandler {
        private final Runnable action;
        private final BooleanSupplier enabled;

        Handler(Runnable action, BooleanSupplier enabled) {
            this.action = action;
            this.enabled = enabled;
        }

        @Override
        public boolean isEnabled() {
            return enabled.getAsBoolean();
        }

        @Override
        public @Nullable Object execute(@Nullable ExecutionEvent event) {
            action.run();
            return null;
        }
    }

    /** Makes a command do something, in any state. */
    void handle(ScopeCommand command, Runnable action) {
        handle(command, action, () -> true);
    }

    /** Makes a command do something where it may. */
    void handle(ScopeCommand command, Runnable action, BooleanSupplier enabled) {
        Handler handler = new Handler(action, enabled);
        if (active.containsKey(command)) {
            // Parts that were made anew bring their own.
            handlers.deactivateHandler(activations.get(command));
        }
        active.put(command, handler);
        activations.put(command, handlers.activateHandler(command.id(), handler));
    }

    /** Single keys are commands while this control has the focus. */
    void keysFor(Control control) {
        control.addListener(
                SWT.FocusIn, event -> timeline = contexts.activateContext(TIMELINE_CONTEXT));
        control.addListener(SWT.FocusOut, event -> releaseKeys());
        control.addListener(SWT.Dispose, event -> releaseKeys());
    }

    private void releaseKeys() {
        IContextActivation present = timeline;
        if (present != null) {
            timeline = null;
            contexts.deactivateContext(present);
        }
    }

    /** The commands do nothing any more. */
    @Override
    public void close() {
        handlers.deactivateHandlers(activations.values());
        activations.clear();
        active.clear();
        releaseKeys();
        contexts.deactivateContext(view);
    }

    /** Whether a command may run now. */
    boolean isEnabled(ScopeCommand command) {
        return active.containsKey(command) && active.get(command).isEnabled();
    }

    /** Runs a command as its key would. */
    void run(ScopeCommand command) {
        if (!isEnabled(command)) {
            return;
        }
        try {
            handlers.executeCommand(command.id(), null);
        } catch (CommandException e) {
            // Declared in plugin.xml and handled here: only a broken installation gets this far.
            ILog.get().error("The command " + command.id() + " cannot be run.", e);
        }
    }

    /** The command's name with its key. */
    String hint(ScopeCommand command) {
        TriggerSequence key = bindings.getBestActiveBindingFor(command.id());
        return key == null ? command.title() : command.title() + " (" + key.format() + ")";
    }
}
