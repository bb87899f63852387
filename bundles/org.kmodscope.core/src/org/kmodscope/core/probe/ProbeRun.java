/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.ProgressMonitorWrapper;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;

/** One run of a probe in a target. */
public final class ProbeRun {

    private static final int EXECUTABLE = 0755;

    private final TargetSession session;
    private final ProbeSpec spec;
    private final String device;
    private final String features;

    /**
     * @param session where it runs; the driver is loaded there
     * @param spec which probe, with what arguments and time limit
     * @param device the device's path in the target
     * @param features what the driver claims, as {@code --features} of the probes takes it
     */
    public ProbeRun(TargetSession session, ProbeSpec spec, String device, String features) {
        this.session = session;
        this.spec = spec;
        this.device = device;
        this.features = features;
    }

    /** The probe's name. */
    public String name() {
        return spec.name();
    }

    /**
     * Copies the program into the target and runs it to its end or its time limit. Blocks; what the
     * listener hears comes on a thread of the session's.
     *
     * @param program the probe, built for the target
     * @throws OperationCanceledException when the monitor was cancelled; the probe is killed first
     */
    public Result run(Path program, Listener listener, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String remote = session.scratch() + '/' + spec.name();
        session.put(program, remote, EXECUTABLE);
        List<String> argv = new ArrayList<>();
        argv.addAll(List.of(remote, "--device", device, "--features", features));
        argv.addAll(spec.arguments());
        KtapParser parser = new KtapParser(spec.name());
        OutputLines lines =
                new OutputLines(
                        line -> {
                            listener.out(line);
                            parser.line(line);
                        },
                        listener::err);
        Deadline deadline = new Deadline(monitor, spec.limit());
        long start = System.nanoTime();
        ProbeReport report;
        try (RemoteCommand command = session.start(argv, lines)) {
            listener.started(command);
            int exit = command.waitFor(deadline);
            lines.end();
            report = parser.finish(exit);
        } catch (OperationCanceledException cancelled) {
            if (monitor.isCanceled()) {
                throw cancelled;
            }
            lines.end();
            String late = "did not end in " + spec.limit().toSeconds() + " s and was killed";
            report = parser.finish().withProblem(late);
        }
        return new Result(report, Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * What came of it.
     *
     * @param report what the probe said, and what is wrong beside its own results
     * @param elapsed how long it ran
     */
    public record Result(ProbeReport report, Duration elapsed) {}

    /** Hears of a run while it goes on. */
    public interface Listener {

        /** The probe runs; its standard input can be written to. */
        default void started(RemoteCommand command) {}

        /** A line of its standard output, which is KTAP. */
        void out(String line);

        /** A line of its standard error. */
        void err(String line);
    }

    /** Is cancelled when its time is up, too. */
    private static final class Deadline extends ProgressMonitorWrapper {

        private final long end;

        Deadline(IProgressMonitor monitor, Duration limit) {
            super(monitor);
            end = System.nanoTime() + limit.toNanos();
        }

        @Override
        public boolean isCanceled() {
            return super.isCanceled() || System.nanoTime() - end >= 0;
        }
    }
}
