/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.ProgressMonitorWrapper;
import org.kmodscope.cli.internal.terminal.StepMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.probe.KtapParser;
import org.kmodscope.core.probe.ProbeReport;
import org.kmodscope.core.probe.ProbeSpec;
import org.kmodscope.core.target.OutputSink;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetSession;

/** One run of a probe in a target. */
final class ProbeRun {

    private static final int EXECUTABLE = 0755;

    private final TargetSession session;
    private final Project project;
    private final ProbeSpec spec;

    ProbeRun(TargetSession session, Project project, ProbeSpec spec) {
        this.session = session;
        this.project = project;
        this.spec = spec;
    }

    /**
     * Copies the program into the target and runs it to its end or its time limit.
     *
     * @param out takes the lines of its standard output, which is KTAP
     * @param err takes the lines of its standard error
     */
    Result run(Path program, Consumer<String> out, Consumer<String> err, StepMonitor monitor)
            throws KmodscopeException, InterruptedException {
        String remote = "/tmp/" + spec.name();
        session.put(program, remote, EXECUTABLE);
        List<String> argv = new ArrayList<>();
        argv.addAll(List.of(remote, "--device", project.device()));
        argv.addAll(List.of("--features", project.features()));
        argv.addAll(spec.arguments());
        KtapParser parser = new KtapParser(spec.name());
        Lines lines = new Lines(out.andThen(parser::line), err);
        Deadline deadline = new Deadline(monitor, spec.limit());
        long start = System.nanoTime();
        ProbeReport report;
        try (RemoteCommand command = session.start(argv, lines)) {
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
    record Result(ProbeReport report, Duration elapsed) {}

    /** Cuts what a program prints into lines. */
    static final class Lines implements OutputSink {

        private final Channel out;
        private final Channel err;

        Lines(Consumer<String> out, Consumer<String> err) {
            this.out = new Channel(out);
            this.err = new Channel(err);
        }

        @Override
        public void out(byte[] bytes) {
            out.add(bytes);
        }

        @Override
        public void err(byte[] bytes) {
            err.add(bytes);
        }

        /** Hands over what has no line end. */
        void end() {
            out.end();
            err.end();
        }

        /** Bytes, not characters, are collected: a character may come in two pieces. */
        private static final class Channel {

            private final ByteArrayOutputStream line = new ByteArrayOutputStream();
            private final Consumer<String> sink;

            Channel(Consumer<String> sink) {
                this.sink = sink;
            }

            synchronized void add(byte[] bytes) {
                for (byte one : bytes) {
                    if (one == '\n') {
                        hand();
                    } else {
                        line.write(one);
                    }
                }
            }

            synchronized void end() {
                if (line.size() > 0) {
                    hand();
                }
            }

            private void hand() {
                sink.accept(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
        }
    }

    /** Is cancelled when its time is up, too. */
    private static final class Deadline extends ProgressMonitorWrapper {

        private final long end;

        Deadline(StepMonitor monitor, Duration limit) {
            super(monitor);
            end = System.nanoTime() + limit.toNanos();
        }

        @Override
        public boolean isCanceled() {
            return super.isCanceled() || System.nanoTime() - end >= 0;
        }
    }
}
