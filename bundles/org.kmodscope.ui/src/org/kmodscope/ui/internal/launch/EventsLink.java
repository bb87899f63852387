/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.launch;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.ILog;
import org.eclipse.debug.ui.console.IConsole;
import org.eclipse.debug.ui.console.IConsoleLineTracker;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.text.BadLocationException;
import org.eclipse.jface.text.IRegion;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.console.IHyperlink;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ui.internal.scope.AsyncScopeView;

/** Makes the line in a probe's console that names recorded events a link to Async Scope. */
public final class EventsLink implements IConsoleLineTracker {

    private static final Pattern LINE =
            Pattern.compile(Pattern.quote(ProbeLaunch.EVENTS_IN) + "(.+): .*");

    private @Nullable IConsole console;

    @Override
    public void init(@Nullable IConsole shown) {
        console = shown;
    }

    @Override
    public void lineAppended(@Nullable IRegion line) {
        IConsole shown = console;
        if (shown == null || line == null) {
            return;
        }
        try {
            Matcher matcher =
                    LINE.matcher(shown.getDocument().get(line.getOffset(), line.getLength()));
            if (matcher.matches()) {
                shown.addLink(
                        new Opening(Path.of(matcher.group(1))),
                        line.getOffset() + matcher.start(1),
                        matcher.end(1) - matcher.start(1));
            }
        } catch (BadLocationException e) {
            ILog.get().error("A line of the console is gone before it was read.", e);
        }
    }

    @Override
    public void dispose() {
        console = null;
    }

    /** Shows the recording. */
    private record Opening(Path file) implements IHyperlink {

        @Override
        public void linkEntered() {
            // The console underlines it.
        }

        @Override
        public void linkExited() {
            // The console underlines it.
        }

        @Override
        public void linkActivated() {
            try {
                IViewPart view =
                        PlatformUI.getWorkbench()
                                .getActiveWorkbenchWindow()
                                .getActivePage()
                                .showView(AsyncScopeView.ID);
                if (view instanceof AsyncScopeView scope) {
                    scope.show(file);
                }
            } catch (PartInitException e) {
                ILog.get().error("Async Scope cannot be opened.", e);
            }
        }
    }
}
