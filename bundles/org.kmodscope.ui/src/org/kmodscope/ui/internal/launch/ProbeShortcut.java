/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.launch;

import java.util.Optional;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.Adapters;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.ILaunchShortcut;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.statushandlers.StatusManager;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.DriverProject;

/** Run As &gt; Async Driver Probe: the project's configuration, made when there is none. */
public final class ProbeShortcut implements ILaunchShortcut {

    @Override
    public void launch(@Nullable ISelection selection, @Nullable String mode) {
        if (selection instanceof IStructuredSelection structured) {
            launch(Adapters.adapt(structured.getFirstElement(), IResource.class));
        }
    }

    @Override
    public void launch(@Nullable IEditorPart editor, @Nullable String mode) {
        if (editor != null) {
            launch(Adapters.adapt(editor.getEditorInput(), IResource.class));
        }
    }

    private static void launch(@Nullable IResource resource) {
        Optional<DriverProject> project =
                resource == null ? Optional.empty() : DriverProject.of(resource);
        try {
            if (project.isPresent()) {
                DebugUITools.launch(
                        configuration(project.get().project().getName()), ILaunchManager.RUN_MODE);
            }
        } catch (CoreException failed) {
            StatusManager.getManager().handle(failed.getStatus(), StatusManager.SHOW);
        }
    }

    private static ILaunchConfiguration configuration(String project) throws CoreException {
        ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
        var type = launches.getLaunchConfigurationType(ProbeLaunch.TYPE);
        for (ILaunchConfiguration known : launches.getLaunchConfigurations(type)) {
            if (ProbeLaunch.read(known).project().equals(project)) {
                return known;
            }
        }
        var made =
                type.newInstance(
                        null,
                        launches.generateLaunchConfigurationName(
                                project + " " + ProbeLaunch.DEFAULT_PROBE));
        ProbeLaunch.of(project).write(made);
        return made.doSave();
    }
}
