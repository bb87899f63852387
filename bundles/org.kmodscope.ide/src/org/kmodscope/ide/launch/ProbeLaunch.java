/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.util.List;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.target.TargetSpec;

/**
 * What a launch configuration of the type <em>Async Driver Probe</em> says.
 *
 * @param project the name of a driver project
 * @param kernel the kernel of the QEMU lab
 * @param probe the probe's name, such as {@code sigio}
 * @param arguments further arguments of the probe, in the quoting of Eclipse's argument fields
 */
public record ProbeLaunch(String project, String kernel, String probe, String arguments) {

    /** The configuration type's identifier. */
    public static final String TYPE = "org.kmodscope.ide.probeLaunch";

    /** The probe that is run when none is chosen. */
    public static final String DEFAULT_PROBE = "sigio";

    private static final String PROJECT = "org.kmodscope.ide.launch.project";
    private static final String KERNEL = "org.kmodscope.ide.launch.kernel";
    private static final String PROBE = "org.kmodscope.ide.launch.probe";
    private static final String ARGUMENTS = "org.kmodscope.ide.launch.arguments";

    /** A configuration for a project, with defaults for the rest. */
    public static ProbeLaunch of(String project) {
        return new ProbeLaunch(project, KernelStore.DEFAULT_ID, DEFAULT_PROBE, "");
    }

    /** Reads a configuration. */
    public static ProbeLaunch read(ILaunchConfiguration configuration) throws CoreException {
        ProbeLaunch defaults = of("");
        return new ProbeLaunch(
                configuration.getAttribute(PROJECT, defaults.project),
                configuration.getAttribute(KERNEL, defaults.kernel),
                configuration.getAttribute(PROBE, defaults.probe),
                configuration.getAttribute(ARGUMENTS, defaults.arguments));
    }

    /** Writes this into a configuration. */
    public void write(ILaunchConfigurationWorkingCopy configuration) {
        configuration.setAttribute(PROJECT, project);
        configuration.setAttribute(KERNEL, kernel);
        configuration.setAttribute(PROBE, probe);
        configuration.setAttribute(ARGUMENTS, arguments);
    }

    /** Where the probe runs. */
    public TargetSpec target() {
        return TargetSpec.lab(kernel, false);
    }

    /** {@link #arguments} as a vector. */
    public List<String> argumentVector() {
        return List.of(DebugPlugin.parseArguments(arguments));
    }
}
