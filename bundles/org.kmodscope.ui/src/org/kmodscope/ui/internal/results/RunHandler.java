/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import java.util.Optional;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.Adapters;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.handlers.HandlerUtil;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.DriverProject;

/** Runs the selected driver on all kernels or in the debug lab, and shows the view. */
public final class RunHandler extends AbstractHandler {

    /** The command of a matrix, as plugin.xml names it; the other one is the debug run. */
    static final String ALL_KERNELS = "org.kmodscope.ui.results.runOnAllKernels";

    @Override
    public @Nullable Object execute(@Nullable ExecutionEvent event) throws ExecutionException {
        if (event == null) {
            return null;
        }
        Optional<String> project = project(event);
        if (project.isPresent()) {
            try {
                HandlerUtil.getActiveWorkbenchWindowChecked(event)
                        .getActivePage()
                        .showView(ProbeResultsView.ID);
            } catch (PartInitException e) {
                throw new ExecutionException("The view Probe Results cannot be opened.", e);
            }
            if (ALL_KERNELS.equals(event.getCommand().getId())) {
                new RunStarter().matrix(project.get());
            } else {
                new RunStarter()
                        .debugRun(ProbeLaunch.of(project.get()).withProbe(ProbeLaunch.ALL_PROBES));
            }
        }
        return null;
    }

    private static Optional<String> project(ExecutionEvent event) {
        if (HandlerUtil.getCurrentSelection(event) instanceof IStructuredSelection selection) {
            IResource resource = Adapters.adapt(selection.getFirstElement(), IResource.class);
            return Optional.ofNullable(resource)
                    .flatMap(DriverProject::of)
                    .map(driver -> driver.project().getName());
        }
        return Optional.empty();
    }
}
