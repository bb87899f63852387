/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.results;

import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.ui.statushandlers.StatusManager;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.debug.DebugPlan;
import org.kmodscope.ide.DriverTools;
import org.kmodscope.ide.Failures;
import org.kmodscope.ide.launch.DebugRunJob;
import org.kmodscope.ide.launch.MatrixJob;
import org.kmodscope.ide.launch.ProbeLaunch;
import org.kmodscope.ide.project.DriverProject;
import org.kmodscope.ide.results.RunHistory;

/** Starts runs; none of them waits on the UI thread. What cannot be started is told. */
final class RunStarter {

    /** Launches probes as a launch configuration does, which is not kept. */
    void launch(ProbeLaunch wanted) {
        try {
            ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
            ILaunchConfigurationWorkingCopy configuration =
                    launches.getLaunchConfigurationType(ProbeLaunch.TYPE)
                            .newInstance(
                                    null,
                                    launches.generateLaunchConfigurationName(
                                            wanted.project() + " " + wanted.title()));
            wanted.write(configuration);
            configuration.setAttribute(IDebugUIConstants.ATTR_PRIVATE, true);
            DebugUITools.launch(configuration, ILaunchManager.RUN_MODE);
        } catch (CoreException failure) {
            tell(failure.getStatus());
        }
    }

    /** Runs probes in a debug lab, the quick one unless they name another, with all it can find. */
    void debugRun(ProbeLaunch wanted) {
        try {
            new DebugRunJob(
                            wanted,
                            DebugPlan.Depth.ALL,
                            DriverTools.installed(),
                            RunHistory.installed())
                    .schedule();
        } catch (KmodscopeException failure) {
            tell(Failures.status("Run in Debug Lab", failure));
        }
    }

    /** Runs a driver on all kernels. */
    void matrix(String project) {
        try {
            IProject resource = ResourcesPlugin.getWorkspace().getRoot().getProject(project);
            DriverProject driver =
                    DriverProject.of(resource)
                            .orElseThrow(
                                    () ->
                                            new KmodscopeException(
                                                    Kind.USAGE,
                                                    project + " is not an open driver project.",
                                                    "Open it."));
            new MatrixJob(driver, DriverTools.installed(), RunHistory.installed()).schedule();
        } catch (KmodscopeException failure) {
            tell(Failures.status("Run on All Kernels", failure));
        }
    }

    private static void tell(IStatus status) {
        StatusManager.getManager().handle(status, StatusManager.SHOW);
    }
}
