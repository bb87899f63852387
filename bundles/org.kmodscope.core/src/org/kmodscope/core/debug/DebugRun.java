/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.probe.ProbeRun;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.splat.FalseReports;
import org.kmodscope.core.splat.FoldedReport;
import org.kmodscope.core.splat.Kmemleak;
import org.kmodscope.core.splat.ModuleSource;
import org.kmodscope.core.splat.Splat;
import org.kmodscope.core.splat.SplatParser;
import org.kmodscope.core.splat.StackFrame;
import org.kmodscope.core.target.Target;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetInfo;
import org.kmodscope.core.target.TargetSpec;

/**
 * Runs a driver in the debug lab: load, probes, unload, a search for leaks, then in a fresh lab a
 * walk through everything that can fail. Two labs, because lockdep ends with its first report.
 * Blocks; one instance may be used for one run after another.
 */
public final class DebugRun {

    private static final List<String> DEVICE_CALLS = List.of("open", "read", "write");

    private final Target target;
    private final TargetSpec lab;

    /**
     * @param target opens the labs
     * @param lab which lab: of a kernel that finds faults
     */
    public DebugRun(Target target, TargetSpec lab) {
        this.target = target;
        this.lab = lab;
    }

    /** Hears of a run while it goes on, some of it on threads of the session's. */
    public interface Listener extends ProbeRun.Listener {

        /** What is done now. */
        void phase(String what);

        /** What kind of lab it is, once; what its users should know is in its note. */
        void opened(TargetInfo lab);

        /** A report of the kernel. */
        void found(Finding finding);
    }

    /**
     * Runs it.
     *
     * @throws KmodscopeException FAILED when the driver does not load, LAB when a lab does not
     *     start or dies of something else than the driver
     */
    public DebugReport run(DebugPlan plan, Listener listener, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        SubMonitor progress = SubMonitor.convert(monitor, 100);
        Run run = new Run(plan, listener);
        run.source = Optional.of(ModuleSource.of(plan.project(), plan.file(), progress.split(2)));
        boolean all = plan.depth() == DebugPlan.Depth.ALL;
        run.inLab(run::probe, progress.split(all ? 50 : 98));
        if (all && !run.died) {
            run.inLab(run::walk, progress.split(48));
        }
        return new DebugReport(run.probes, run.findings, run.faults);
    }

    /** What is done in a lab. */
    private interface Body {
        void run(DebugLab debug, SubMonitor progress)
                throws KmodscopeException, InterruptedException;
    }

    /** The state of one run. */
    private final class Run {

        private final DebugPlan plan;
        private final Listener listener;
        private final List<ProbeRun.Result> probes = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();
        private final List<Fault> faults = new ArrayList<>();
        private final Set<String> known = new HashSet<>();
        private Optional<ModuleSource> source = Optional.empty();
        private String phase = "";
        private boolean died;

        Run(DebugPlan plan, Listener listener) {
            this.plan = plan;
            this.listener = listener;
        }

        void inLab(Body body, SubMonitor progress) throws KmodscopeException, InterruptedException {
            progress.setWorkRemaining(100);
            begin("starting the lab");
            try (DebugLab debug = new DebugLab(target.open(lab, progress.split(20)))) {
                try {
                    body.run(debug, progress.split(80));
                } catch (KmodscopeException failure) {
                    if (failure.kind() != Kind.LAB || !diedOfDriver(debug, progress)) {
                        throw failure;
                    }
                }
            }
        }

        void probe(DebugLab debug, SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            progress.setWorkRemaining(plan.probes().size() + 5);
            listener.opened(debug.session().info());
            boolean leaks = plan.depth() == DebugPlan.Depth.ALL;
            if (leaks) {
                debug.forgetLeaks(progress.split(1));
            }
            debug.log(progress);
            begin("loading");
            debug.session().load(plan.file(), List.of());
            collect(debug.log(progress.split(1)), progress);
            for (Map.Entry<ProbeSpec, Path> each : plan.probes().entrySet()) {
                begin("the probe " + each.getKey().name());
                ProbeRun run =
                        new ProbeRun(
                                debug.session(), each.getKey(), plan.device(), plan.features());
                probes.add(run.run(each.getValue(), listener, progress.split(1)));
                collect(debug.log(progress), progress);
            }
            if (leaks) {
                leaks(debug, progress);
            }
            begin("unloading");
            debug.session().unload(plan.module());
            collect(debug.log(progress.split(1)), progress);
            if (leaks) {
                // What only the exit function should have freed; its code has no names any more.
                leaks(debug, progress);
            }
        }

        void walk(DebugLab debug, SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            progress.setWorkRemaining(10);
            debug.forgetLeaks(progress.split(1));
            String remote = debug.session().scratch() + '/' + plan.file().getFileName();
            debug.session().put(plan.file(), remote, 0600);
            walk(debug, List.of("insmod", remote), progress.split(3));
            begin("loading");
            debug.session().load(plan.file(), List.of());
            for (String call : DEVICE_CALLS) {
                walk(debug, List.of(call, plan.device()), progress.split(1));
            }
            if (plan.ioctl().isPresent()) {
                String number = Long.toString(plan.ioctl().getAsLong());
                walk(debug, List.of("ioctl", plan.device(), number), progress.split(1));
            }
            leaks(debug, progress);
            begin("unloading");
            debug.session().unload(plan.module());
            collect(debug.log(progress), progress);
        }

        private void walk(DebugLab debug, List<String> call, SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            begin("the fault walk through " + call.getFirst());
            List<String> argv = new ArrayList<>(List.of("kmodscope-faults"));
            argv.addAll(call);
            List<String> said = new ArrayList<>();
            int exit =
                    debug.run(
                            argv,
                            line ->
                                    Fault.parse(line)
                                            .ifPresentOrElse(faults::add, () -> said.add(line)),
                            progress);
            collect(debug.log(progress), progress);
            if (exit != 0) {
                throw new KmodscopeException(
                        Kind.LAB,
                        "The lab makes no faults: " + String.join(" ", said),
                        "Use a debug kernel: kmodscope kernels --fetch uml-debug, or qemu-debug.");
            }
        }

        private void leaks(DebugLab debug, SubMonitor progress)
                throws KmodscopeException, InterruptedException {
            String before = phase;
            begin("the search for leaks after " + before);
            // Those of the kernel itself are not the driver's.
            for (Splat leak : debug.leaks(progress.split(1))) {
                if (leak.site(plan.module()).isPresent() || Kmemleak.ofUnloadedCode(leak)) {
                    add(leak, progress);
                }
            }
        }

        private void begin(String what) {
            phase = what;
            listener.phase(what);
        }

        private void collect(List<String> log, IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException {
            for (Splat splat : SplatParser.parse(log)) {
                add(splat, monitor);
            }
        }

        private void add(Splat splat, IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException {
            if (FalseReports.contains(splat)) {
                return;
            }
            Optional<StackFrame> site = splat.site(plan.module());
            // The same fault again and again, as in a walk, is one.
            if (!known.add(splat.title() + site)) {
                return;
            }
            FoldedReport.Places places =
                    frame ->
                            source.isPresent()
                                    ? source.get().locate(frame, true, monitor)
                                    : Optional.empty();
            Optional<ModuleSource.Place> place =
                    site.isPresent() ? places.of(site.get()) : Optional.empty();
            List<String> folded = FoldedReport.of(splat, plan.module(), places);
            Finding finding = new Finding(splat, place, phase, folded);
            findings.add(finding);
            listener.found(finding);
        }

        /** A panic is the driver's doing; its report is on the console alone. */
        private boolean diedOfDriver(DebugLab debug, IProgressMonitor monitor)
                throws KmodscopeException, InterruptedException {
            TargetEnd end = debug.end();
            collect(debug.drain(), monitor);
            if (!(end instanceof TargetEnd.Panicked panic)) {
                return false;
            }
            died = true;
            List<Splat> last =
                    SplatParser.parse(panic.log().lines().toList()).stream()
                            .filter(splat -> splat.kind() == Splat.Kind.FATAL)
                            .toList();
            for (Splat splat : last) {
                add(splat, monitor);
            }
            return true;
        }
    }
}
