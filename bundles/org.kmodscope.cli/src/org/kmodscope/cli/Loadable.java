/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.kmodscope.cli.internal.terminal.Question;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.LabPasses;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.target.TargetSpec;

/**
 * A module that is ready to be loaded, and what is known of it.
 *
 * @param file the module
 * @param identity what the driver is known by; taken before anything is loaded, since its sources
 *     may change meanwhile
 */
record Loadable(Path file, LabPasses.Identity identity) {

    /** The kernel to build for, as a step that is seen; empty where nothing is built or booted. */
    static Optional<Kernel> kernel(Tool tool, Steps steps, LabOptions options)
            throws KmodscopeException, InterruptedException {
        boolean here = options.spec(false) instanceof TargetSpec.Local;
        return options.module().isPresent() && here
                ? Optional.empty()
                : Optional.of(
                        options.forTarget(new KernelSteps(tool, steps).require(options.kernel())));
    }

    /**
     * The module that the options name, or the project's, built when it is stale.
     *
     * @param kernel as {@link #kernel} has it
     */
    static Loadable of(
            BuildSteps build, LabOptions options, Project project, Optional<Kernel> kernel)
            throws KmodscopeException, InterruptedException {
        if (options.module().isPresent()) {
            Path file = existing(options.module().get());
            return new Loadable(file, LabPasses.of(file));
        }
        Path file =
                options.spec(false).findsFaults()
                        ? build.debugModule(project.directory(), kernel.orElseThrow())
                        : build.module(project.directory(), kernel.orElseThrow(), Optional.empty());
        return new Loadable(file, LabPasses.of(project.directory(), file));
    }

    private static Path existing(Path named) throws KmodscopeException {
        if (!Files.isRegularFile(named)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "There is no module " + named + ".",
                    "Name a file that was built, DIR/build/KERNEL/NAME.ko; or leave --module out.");
        }
        return named.toAbsolutePath().normalize();
    }

    /** Remembers that all its probes passed, where that was a lab. */
    void passed(Tool tool, LabOptions options) throws KmodscopeException {
        switch (options.spec(false)) {
            case TargetSpec.Qemu qemu -> remember(tool, qemu.kernelId());
            case TargetSpec.Uml uml -> remember(tool, uml.kernelId());
            case TargetSpec.Local local -> {}
            case TargetSpec.Ssh ssh -> {}
            case TargetSpec.Recorded recorded -> {}
        }
    }

    private void remember(Tool tool, String kernelId) throws KmodscopeException {
        new LabPasses(tool.parts().cache()).passed(identity, kernelId);
    }

    /**
     * Before it is loaded into a kernel that matters: says what is known of it, and asks when no
     * lab run has passed.
     *
     * @throws KmodscopeException USAGE when it may not be loaded
     */
    void consent(Tool tool, LabOptions options, Question question) throws KmodscopeException {
        if (!(options.spec(false) instanceof TargetSpec.Local)) {
            return;
        }
        Optional<String> lab = new LabPasses(tool.parts().cache()).find(identity);
        if (lab.isPresent()) {
            tool.terminal().message("This driver has passed in a lab (" + lab.get() + ").");
            return;
        }
        tool.terminal()
                .warning(
                        file.getFileName()
                                + " has not passed a lab run as it is now. A fault in it can hang"
                                + " or crash this machine, and lose what is not saved.");
        if (options.yes()) {
            return;
        }
        Optional<Boolean> answer = question.ask("Load it into this machine's own kernel?");
        if (!answer.orElse(false)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "Nothing was loaded.",
                    "Run its probes in a lab first, kmodscope probe DIR"
                            + (answer.isPresent()
                                    ? "."
                                    : "; or say --yes to load it all the same."));
        }
    }
}
