/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.cli.internal.terminal.Steps;
import org.kmodscope.cli.internal.terminal.Style;
import org.kmodscope.cli.internal.terminal.Terminal;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.Diagnostic;
import org.kmodscope.core.build.Diagnostic.Severity;
import org.kmodscope.core.build.ProbeProgram;
import org.kmodscope.core.kernel.CrossBuild;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.probe.ProbeSpec;

/** Building module and probes, as steps that are seen. */
final class BuildSteps {

    private final Tool tool;
    private final Steps steps;
    private final UnaryOperator<IProgressMonitor> watch;

    BuildSteps(Tool tool, Steps steps) {
        this(tool, steps, UnaryOperator.identity());
    }

    /**
     * @param watch makes of a step's monitor one that something else can cancel, too
     */
    BuildSteps(Tool tool, Steps steps, UnaryOperator<IProgressMonitor> watch) {
        this.tool = tool;
        this.steps = steps;
        this.watch = watch;
    }

    /** The module, built when it is stale. Diagnostics go to standard output. */
    Path module(Path project, Kernel kernel, Optional<String> compiler)
            throws KmodscopeException, InterruptedException {
        BuildRequest plain = BuildRequest.of(project, kernel);
        return module(compiler.map(plain::withCompiler).orElse(plain));
    }

    /** The module with the debug information that maps the kernel's reports to lines. */
    Path debugModule(Path project, Kernel kernel) throws KmodscopeException, InterruptedException {
        return module(BuildRequest.of(project, kernel).withDebugInfo());
    }

    private Path module(BuildRequest request) throws KmodscopeException, InterruptedException {
        return steps.run(
                "Build the module for " + request.kernel().id(),
                monitor -> {
                    BuildResult result =
                            tool.parts()
                                    .modules()
                                    .build(request, tool.terminal()::detail, watch.apply(monitor));
                    if (result.upToDate()) {
                        monitor.cachedResult();
                    }
                    return product("The module", result.module(), result.diagnostics());
                });
    }

    /** The probe, built when it is stale. */
    Path probe(ProbeSpec spec, Optional<CrossBuild> cross)
            throws KmodscopeException, InterruptedException {
        return steps.run(
                "Build the probe " + spec.name(),
                monitor -> {
                    ProbeProgram program =
                            tool.parts()
                                    .probes()
                                    .build(
                                            spec,
                                            cross,
                                            tool.terminal()::detail,
                                            watch.apply(monitor));
                    if (program.upToDate()) {
                        monitor.cachedResult();
                    }
                    return product(
                            "The probe " + spec.name(), program.program(), program.diagnostics());
                });
    }

    private Path product(String what, Optional<Path> file, List<Diagnostic> diagnostics)
            throws KmodscopeException {
        Terminal terminal = tool.terminal();
        diagnostics.forEach(one -> terminal.data(style(one.severity()), one.toString()));
        if (file.isPresent()) {
            return file.get();
        }
        long errors = diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).count();
        throw new KmodscopeException(
                Kind.FAILED,
                what + " was not built: " + errors + (errors == 1 ? " error." : " errors."),
                errors == 0
                        ? "Run it again with --verbose to see all that make says."
                        : "The places are listed above; nothing was loaded.");
    }

    private static Style style(Severity severity) {
        return switch (severity) {
            case ERROR -> Style.BAD;
            case WARNING -> Style.WARNING;
            case NOTE -> Style.FAINT;
        };
    }
}
