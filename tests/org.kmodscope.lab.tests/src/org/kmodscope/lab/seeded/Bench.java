/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.seeded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.build.BuildRequest;
import org.kmodscope.core.build.BuildResult;
import org.kmodscope.core.build.ModuleBuild;
import org.kmodscope.core.build.ProbeBuild;
import org.kmodscope.core.driver.DriverSpec;
import org.kmodscope.core.driver.FeatureSet;
import org.kmodscope.core.driver.TemplateRenderer;
import org.kmodscope.core.driver.TemplateSource;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.kernel.KernelStore;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.probe.ProbeTest;
import org.kmodscope.core.target.TargetSession;
import org.kmodscope.core.target.TargetSpec;
import org.kmodscope.lab.Deaf;
import org.kmodscope.targets.DebianKernelStore;
import org.kmodscope.targets.QemuTarget;
import org.kmodscope.targets.UmlTarget;

/** Makes drivers, good and bad, and puts the probes that look for bugs to them in a lab. */
final class Bench {

    private static final IProgressMonitor MONITOR = new NullProgressMonitor();
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final CacheDirectory cache;
    private final KernelStore kernels;
    private final Path work;
    private final Kernel kernel;
    private final Path good;

    /**
     * @param work where drivers are made
     * @param kernelId the kernel of this bench
     */
    Bench(Path work, String kernelId) throws Exception {
        this.work = work;
        cache = CacheDirectory.of(System.getenv());
        kernels = new DebianKernelStore(cache, System.getenv());
        kernel = kernels.require(kernelId, MONITOR);
        good = render("goodfifo", FeatureSet.defaults());
    }

    /** Whether a kernel is on this machine; no test builds one. */
    static boolean has(String kernelId) throws KmodscopeException {
        return new DebianKernelStore(CacheDirectory.of(System.getenv()), System.getenv())
                .find(kernelId)
                .isPresent();
    }

    TargetSession open() throws KmodscopeException, InterruptedException {
        TargetSpec spec = TargetSpec.lab(kernel.id(), false);
        return switch (spec) {
            case TargetSpec.Uml uml ->
                    new UmlTarget(cache, kernels, Optional.empty()).open(uml, MONITOR);
            default -> new QemuTarget(cache, kernels, Optional.empty()).open(spec, MONITOR);
        };
    }

    /** The project of a driver of the template. */
    Path render(String name, FeatureSet features) throws Exception {
        TemplateSource templates = TemplateSource.classLoader(Bench.class.getClassLoader());
        Path project = work.resolve(kernel.id()).resolve(name);
        new TemplateRenderer(templates)
                .render(DriverSpec.named(name).features(features).build())
                .writeTo(project);
        return project;
    }

    /** Builds a driver; the module's file. */
    Path build(Path project) throws Exception {
        BuildResult result =
                new ModuleBuild(cache).build(BuildRequest.of(project, kernel), line -> {}, MONITOR);
        return result.module().orElseThrow(() -> new AssertionError(result.diagnostics()));
    }

    /** Tries some rules on a driver that is loaded. */
    ProbeReport tryRules(
            TargetSession session, String module, FeatureSet features, String rules, int seconds)
            throws Exception {
        List<String> arguments = List.of("--rule", rules, "--seconds", "" + seconds);
        return probe(session, module, features, "conformance", arguments);
    }

    /** Does everything at once to a driver that is loaded. */
    ProbeReport stress(TargetSession session, String module, FeatureSet features) throws Exception {
        return probe(session, module, features, "stress", List.of("--duration", "3"));
    }

    private ProbeReport probe(
            TargetSession session,
            String module,
            FeatureSet features,
            String name,
            List<String> arguments)
            throws Exception {
        ProbeSpec spec = new ProbeSpec(good.toRealPath(), name, arguments, LIMIT);
        Path program =
                new ProbeBuild(cache).build(spec, line -> {}, MONITOR).program().orElseThrow();
        return new ProbeRun(session, spec, "/dev/" + module, features.toString())
                .run(program, new Deaf(), MONITOR)
                .report();
    }

    /** The tests of a report by the names of their rules. */
    static Map<String, ProbeTest> byRule(ProbeReport report) {
        return report.tests().stream()
                .collect(
                        Collectors.toMap(
                                test -> test.name().replaceFirst(":.*", ""), test -> test));
    }
}
