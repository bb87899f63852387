/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.splat.Kmemleak;
import org.kmodscope.core.splat.Splat;
import org.kmodscope.core.target.KernelLogLine;
import org.kmodscope.core.target.OutputLines;
import org.kmodscope.core.target.RemoteCommand;
import org.kmodscope.core.target.TargetEnd;
import org.kmodscope.core.target.TargetSession;

/** A session whose kernel log is collected, and whose kernel is asked for leaks. */
final class DebugLab implements AutoCloseable {

    private static final Duration LOG_COMES_WITHIN = Duration.ofSeconds(60);
    private static final Duration DIES_WITHIN = Duration.ofSeconds(5);

    /** An object younger than this is no leak to kmemleak (mm/kmemleak.c, MSECS_MIN_AGE). */
    private static final String LEAK_AGE_SECONDS = "6";

    private final TargetSession session;
    private final TargetSession.Subscription subscription;
    private final List<String> lines = new ArrayList<>();
    private Marker awaited = new Marker("", new CompletableFuture<>());
    private int marks;

    /** A line that is waited for. */
    private record Marker(String text, CompletableFuture<Boolean> seen) {}

    DebugLab(TargetSession session) {
        this.session = session;
        subscription = session.onKernelLog(this::take);
    }

    TargetSession session() {
        return session;
    }

    private synchronized void take(KernelLogLine line) {
        if (line.text().equals(awaited.text())) {
            awaited.seen().complete(true);
        } else {
            lines.add(line.text());
        }
    }

    /** What the kernel logged since the last call, complete up to now. */
    List<String> log(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        Marker marker = new Marker("kmodscope-mark: " + ++marks, new CompletableFuture<>());
        synchronized (this) {
            awaited = marker;
        }
        run(List.of("sh", "-c", "echo \"$0\" > /dev/kmsg", marker.text()), line -> {}, monitor);
        try {
            marker.seen().get(LOG_COMES_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's kernel log did not come within "
                            + LOG_COMES_WITHIN.toSeconds()
                            + " s.",
                    "Run it again; the machine may be too busy.",
                    e);
        }
        return drain();
    }

    /** What the kernel logged since the last call, as far as it came. */
    synchronized List<String> drain() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    /** Forgets the leaks there are: what follows is of the driver. */
    void forgetLeaks(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        String scan = "echo scan > /sys/kernel/debug/kmemleak";
        run(
                List.of("sh", "-c", scan + " && echo clear > /sys/kernel/debug/kmemleak"),
                line -> {},
                monitor);
    }

    /**
     * What leaked since. The first scan finds candidates, the second what is still unreferenced.
     */
    List<Splat> leaks(IProgressMonitor monitor) throws KmodscopeException, InterruptedException {
        String scan = "echo scan > /sys/kernel/debug/kmemleak";
        List<String> said = new ArrayList<>();
        int exit =
                run(
                        List.of(
                                "sh",
                                "-c",
                                "sleep "
                                        + LEAK_AGE_SECONDS
                                        + " && "
                                        + scan
                                        + " && "
                                        + scan
                                        + " && cat /sys/kernel/debug/kmemleak"
                                        + " && echo clear > /sys/kernel/debug/kmemleak"),
                        said::add,
                        monitor);
        if (exit != 0) {
            throw new KmodscopeException(
                    Kind.LAB,
                    "The lab's kernel cannot look for leaks: " + String.join(" ", said),
                    "Use a debug kernel: kmodscope kernels --fetch uml-debug, or qemu-debug.");
        }
        return Kmemleak.parse(said);
    }

    /** Runs a program of the lab; each line of its standard output is handed over. */
    int run(List<String> argv, Consumer<String> out, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        OutputLines output = new OutputLines(out, out);
        try (RemoteCommand command = session.start(argv, output)) {
            int exit = command.waitFor(monitor);
            output.end();
            return exit;
        }
    }

    /** How it died, given that it fails; what the console kept is all there is of its report. */
    TargetEnd end() throws InterruptedException {
        try {
            return session.ended()
                    .toCompletableFuture()
                    .get(DIES_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return new TargetEnd.Closed();
        }
    }

    @Override
    public void close() {
        subscription.close();
        session.close();
    }
}
