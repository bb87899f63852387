/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.build.Diagnostic.Severity;
import org.kmodscope.core.build.SparseReport.Outcome;
import org.kmodscope.core.kernel.Kernel;
import org.kmodscope.core.process.HostCommand;

/**
 * Has sparse look at every source of a driver (Documentation/dev-tools/sparse.rst): {@code make
 * C=2} where all objects are up to date, so that what make prints is sparse's alone.
 */
public final class SparseCheck {

    /** What kbuild announces each run of its checker with. */
    private static final Pattern CHECK = Pattern.compile("^ {2}CHECK {3}\\S.*");

    private static final int MOST_UNPARSED = 20;

    private final CacheDirectory cache;
    private final ModuleBuild modules;

    /**
     * @param cache where the mapped directories are
     */
    public SparseCheck(CacheDirectory cache) {
        this.cache = cache;
        this.modules = new ModuleBuild(cache);
    }

    /**
     * Builds what is stale, then checks.
     *
     * @param output takes each line that make prints, on a thread of the check's
     * @throws KmodscopeException as {@link ModuleBuild#build}; MISSING, too, when there is no
     *     sparse
     * @throws org.eclipse.core.runtime.OperationCanceledException when the monitor was cancelled
     */
    public SparseReport check(
            BuildRequest request, Consumer<String> output, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        SubMonitor progress = SubMonitor.convert(monitor, 2);
        requireSparse(request.kernel());
        BuildResult built = modules.build(request, output, progress.split(1));
        if (built.module().isEmpty()) {
            return new SparseReport(Outcome.NOT_BUILT, 0, built.diagnostics());
        }
        BuildPlace place = BuildPlace.of(cache, request);
        DiagnosticParser parser =
                new DiagnosticParser(new Naming(place.sources(), request.kernel().headers()));
        AtomicInteger checked = new AtomicInteger();
        int exit;
        try (CacheDirectory.Locked lock = cache.lock(place.file("lock"), progress)) {
            progress.subTask("Checking with sparse for " + request.kernel().id());
            // The second keeps C=2 from being taken back where a header package lacks the script
            // scripts/checker-valid.sh: make would check nothing and succeed.
            exit =
                    Make.modules(request, place, "C=2", "KBUILD_CHECKSRC=2")
                            .run(
                                    (channel, line) -> {
                                        if (CHECK.matcher(line).matches()) {
                                            checked.incrementAndGet();
                                        }
                                        parser.line(line);
                                        output.accept(line);
                                    },
                                    progress.split(1));
        }
        return report(checked.get(), exit, parser.diagnostics());
    }

    private static SparseReport report(int checked, int exit, List<Diagnostic> said) {
        List<Diagnostic> unparsed =
                said.stream()
                        .filter(each -> each.severity() == Severity.ERROR)
                        .filter(each -> each.file().startsWith("/"))
                        .limit(MOST_UNPARSED)
                        .toList();
        if (!unparsed.isEmpty()) {
            return new SparseReport(Outcome.UNPARSED, checked, unparsed);
        }
        // A warning in a header is the kernel's; what modpost says has no line and was said before.
        List<Diagnostic> own =
                new ArrayList<>(
                        said.stream()
                                .filter(each -> !each.file().startsWith("/"))
                                .filter(each -> each.line() > 0)
                                .toList());
        if (exit != 0 && own.isEmpty()) {
            String what = "make ended with status " + exit + " when it ran sparse";
            own.add(new Diagnostic("", 0, 0, Severity.ERROR, what));
        }
        if (!own.isEmpty()) {
            return new SparseReport(Outcome.FOUND, checked, own);
        }
        return new SparseReport(checked > 0 ? Outcome.CLEAN : Outcome.NOT_RUN, checked, own);
    }

    private static void requireSparse(Kernel kernel) throws KmodscopeException {
        if (kernel.toolchain().isPresent()) {
            if (!kernel.toolchain().get().has("sparse")) {
                throw new KmodscopeException(
                        Kind.MISSING,
                        "The build tools of " + kernel.id() + " have no sparse.",
                        "Fetch them again: kmodscope kernels --remove and --fetch.");
            }
        } else if (HostCommand.of("sparse").locate().isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The checker sparse is not on this machine.",
                    "Install it: sudo apt install sparse");
        }
    }
}
