/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.target.TargetSession;

/** A process that owns a lab, to be killed, or to have an environment of its own. */
final class LabOwner {

    private LabOwner() {}

    /** The argument for a debug lab. */
    static final String DEBUG = "debug";

    /**
     * Starts such a process.
     *
     * @param path the programs it has; empty for those of this process
     * @param arguments {@link #DEBUG} or nothing
     */
    static Process start(Optional<Path> path, String... arguments) throws IOException {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LabOwner.class.getName()));
        argv.addAll(List.of(arguments));
        ProcessBuilder owner = new ProcessBuilder(argv);
        path.ifPresent(directory -> owner.environment().put("PATH", directory.toString()));
        return owner.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /**
     * Kills one whose lab is up, and waits until nothing that it started is left. How long that
     * takes is printed and not judged: five seconds are promised of an idle machine.
     */
    static void kill(Process owner) throws Exception {
        List<ProcessHandle> family = owner.descendants().toList();
        assertTrue(family.size() >= 2, "a supervisor and the machine");
        long killed = System.nanoTime();
        owner.destroyForcibly();
        for (ProcessHandle process : family) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
        Duration gone = Duration.ofNanos(System.nanoTime() - killed);
        System.out.println(
                "All that the killed owner had is gone after " + gone.toMillis() + " ms");
    }

    /**
     * Opens a lab, says {@code up} and what there is to know of it, and waits for its end; or says
     * why there is none.
     */
    public static void main(String[] arguments) throws InterruptedException {
        boolean debug = List.of(arguments).contains(DEBUG);
        try (TargetSession session = debug ? new Workshop().openDebug() : new Workshop().open()) {
            System.out.println("up");
            System.out.println(session.info().note().orElse(""));
            new CountDownLatch(1).await();
            throw new IllegalStateException(session.toString());
        } catch (KmodscopeException e) {
            System.out.println(e.kind() + " " + e.getMessage() + " " + e.remedy());
        }
    }
}
