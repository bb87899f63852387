/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ide.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.Boards;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.ide.scope.ScopeSource;
import org.kmodscope.ide.target.TargetName;

/**
 * What a launch configuration of the type <em>Async Driver Probe</em> says.
 *
 * @param project the name of a driver project
 * @param target where the probe runs, as {@link TargetName} has it
 * @param probe the probe's name, such as {@code sigio}, or {@link #ALL_PROBES}
 * @param arguments further arguments of the probe, in the quoting of Eclipse's argument fields
 * @param recording the file that the session is recorded in; empty for none
 * @param listener who listens for what the driver signals meanwhile; empty for nobody
 */
public record ProbeLaunch(
        String project,
        String target,
        String probe,
        String arguments,
        String recording,
        Optional<ScopeSource> listener) {

    /** The configuration type's identifier. */
    public static final String TYPE = "org.kmodscope.ide.probeLaunch";

    /** The probe that is run when none is chosen. */
    public static final String DEFAULT_PROBE = "sigio";

    /** Instead of a probe's name: all probes of the project, one after another in one lab. */
    public static final String ALL_PROBES = "all";

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final String PROJECT = "org.kmodscope.ide.launch.project";

    /** Named when there were labs alone; configurations of then say what they said. */
    private static final String TARGET = "org.kmodscope.ide.launch.kernel";

    private static final String PROBE = "org.kmodscope.ide.launch.probe";
    private static final String ARGUMENTS = "org.kmodscope.ide.launch.arguments";
    private static final String RECORDING = "org.kmodscope.ide.launch.recording";
    private static final String LISTENER = "org.kmodscope.ide.launch.listener";

    /** Begins the line of a probe's console that names recorded events; a colon ends the name. */
    public static final String EVENTS_IN = "kmodscope: events in ";

    /** One that is not recorded, and that nobody listens to. */
    public ProbeLaunch(String project, String target, String probe, String arguments) {
        this(project, target, probe, arguments, "", Optional.empty());
    }

    /** A configuration for a project, with defaults for the rest. */
    public static ProbeLaunch of(String project) {
        return new ProbeLaunch(project, KernelStore.DEFAULT_ID, DEFAULT_PROBE, "");
    }

    /** Reads a configuration. */
    public static ProbeLaunch read(ILaunchConfiguration configuration) throws CoreException {
        ProbeLaunch defaults = of("");
        return new ProbeLaunch(
                configuration.getAttribute(PROJECT, defaults.project),
                configuration.getAttribute(TARGET, defaults.target),
                configuration.getAttribute(PROBE, defaults.probe),
                configuration.getAttribute(ARGUMENTS, defaults.arguments),
                configuration.getAttribute(RECORDING, defaults.recording),
                ScopeSource.named(configuration.getAttribute(LISTENER, "")));
    }

    /** Writes this into a configuration. */
    public void write(ILaunchConfigurationWorkingCopy configuration) {
        configuration.setAttribute(PROJECT, project);
        configuration.setAttribute(TARGET, target);
        configuration.setAttribute(PROBE, probe);
        configuration.setAttribute(ARGUMENTS, arguments);
        configuration.setAttribute(RECORDING, recording);
        configuration.setAttribute(LISTENER, listener.map(Enum::name).orElse(""));
    }

    /**
     * Where the probe runs.
     *
     * @throws KmodscopeException USAGE when that is a board which is not described
     */
    public TargetSpec spec(Boards boards) throws KmodscopeException {
        boolean bridge = listener.filter(ScopeSource.BRIDGE::equals).isPresent();
        return TargetName.parse(target, boards).withBridge(bridge);
    }

    /** What is run, for people. */
    public String title() {
        return probe.equals(ALL_PROBES) ? "all probes" : probe;
    }

    /** The same for another probe or all of them; what was meant for the one is left out. */
    public ProbeLaunch withProbe(String other) {
        return other.equals(probe)
                ? this
                : new ProbeLaunch(project, target, other, "", recording, listener);
    }

    /** The same with somebody who listens, or nobody. */
    public ProbeLaunch heardBy(Optional<ScopeSource> other) {
        return new ProbeLaunch(project, target, probe, arguments, recording, other);
    }

    /** The same on another target, unrecorded. */
    public ProbeLaunch on(String other) {
        return new ProbeLaunch(project, other, probe, arguments);
    }

    /**
     * The probes to run. Reads the project's directory.
     *
     * @param directory of the project
     * @throws KmodscopeException USAGE when there is none, or arguments are meant for all of them
     */
    public List<ProbeSpec> probes(Path directory) throws KmodscopeException {
        if (!probe.equals(ALL_PROBES)) {
            return List.of(new ProbeSpec(directory, probe, argumentVector(), LIMIT));
        }
        List<ProbeSpec> all =
                ProbeSpec.ofProject(directory).stream().map(one -> one.withLimit(LIMIT)).toList();
        if (all.isEmpty()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    project + " has no probes.",
                    "Put a C program that prints KTAP into its directory probes.");
        }
        if (!argumentVector().isEmpty()) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "Arguments are for one probe, and all are to be run.",
                    "Clear the arguments, or choose one probe.");
        }
        return all;
    }

    /** {@link #arguments} as a vector. */
    public List<String> argumentVector() {
        return List.of(DebugPlugin.parseArguments(arguments));
    }
}
