/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.kmodscope.cli.Main;
import org.kmodscope.core.process.HostCommand;

/** The command line as its users run it: a process of its own. */
final class Kmodscope implements AutoCloseable {

    private static final long LIMIT_SECONDS = 300;

    private final Process process;
    private final Lines out;
    private final Lines err;

    private Kmodscope(Process process) {
        this.process = process;
        out = new Lines(process.getInputStream());
        err = new Lines(process.getErrorStream());
    }

    /**
     * Starts it. SIGINT means what it usually does even where a test run in the background ignores
     * it.
     */
    static Kmodscope start(String... arguments) throws IOException {
        return start(System.getenv("PATH"), arguments);
    }

    private static String place(String tool) {
        return HostCommand.of(tool).locate().orElseThrow().toString();
    }

    private static Kmodscope start(String path, String... arguments) throws IOException {
        List<String> argv = new ArrayList<>();
        // By their places: the PATH of the child may lack them on purpose.
        argv.addAll(List.of(place("setsid"), place("env"), "--default-signal=INT"));
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.add("--enable-native-access=ALL-UNNAMED");
        argv.add("-Dstdout.encoding=UTF-8");
        argv.add("-Dstderr.encoding=UTF-8");
        argv.add("-cp");
        String plain = System.getProperty("java.class.path");
        argv.add(System.getProperty("surefire.test.class.path", plain));
        argv.add(Main.class.getName());
        argv.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().put("PATH", path);
        return new Kmodscope(builder.start());
    }

    /** Runs it to its end. */
    static Ended run(String... arguments) throws Exception {
        try (Kmodscope running = start(arguments)) {
            return running.ended();
        }
    }

    /** Runs it to its end on a machine that has only the programs on this search path. */
    static Ended runOn(String path, String... arguments) throws Exception {
        try (Kmodscope running = start(path, arguments)) {
            return running.ended();
        }
    }

    /** Waits for a line of standard output. */
    void awaitLine(Predicate<String> wanted) throws Exception {
        out.await(wanted);
    }

    /** Waits for a line of standard error. */
    void awaitMessage(Predicate<String> wanted) throws Exception {
        err.await(wanted);
    }

    /** Presses Ctrl-C: as from a terminal, all of its process group gets the signal. */
    void interrupt() throws Exception {
        Process kill = new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).start();
        assertTrue(kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0);
    }

    /** Kills it, and nothing else. */
    void kill() {
        process.destroyForcibly();
    }

    /** All processes that it started and that live. */
    List<ProcessHandle> family() {
        try (Stream<ProcessHandle> all = process.descendants()) {
            return all.toList();
        }
    }

    /** Waits for its end. */
    Ended ended() throws Exception {
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it does not end: " + err);
        return new Ended(process.exitValue(), out.all(), err.all());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** How it ended and all that it printed. */
    record Ended(int exit, List<String> out, List<String> err) {

        /** Fails unless it ended with this code. */
        Ended expect(int code) {
            assertTrue(exit == code, () -> "exit code " + exit + "\n" + this);
            return this;
        }

        String errText() {
            return String.join("\n", err);
        }

        @Override
        public String toString() {
            return String.join("\n", out) + "\n--- standard error:\n" + errText();
        }
    }

    /** The lines of a stream, taken by a thread that ends with the stream. */
    private static final class Lines {

        private final List<String> lines = new ArrayList<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        Lines(InputStream stream) {
            Thread.ofPlatform().daemon().name("kmodscope-test-lines").start(() -> take(stream));
        }

        private void take(InputStream stream) {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    synchronized (lines) {
                        lines.add(line);
                        lines.notifyAll();
                    }
                }
                end.complete(null);
            } catch (IOException broken) {
                end.completeExceptionally(broken);
            }
            synchronized (lines) {
                lines.notifyAll();
            }
        }

        void await(Predicate<String> wanted) throws Exception {
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            synchronized (lines) {
                while (lines.stream().noneMatch(wanted)) {
                    long left = TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime());
                    assertTrue(left > 0 && !end.isDone(), () -> "it never came: " + lines);
                    lines.wait(left);
                }
            }
        }

        List<String> all() throws Exception {
            end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return List.copyOf(lines);
        }

        @Override
        public String toString() {
            synchronized (lines) {
                return String.join("\n", lines);
            }
        }
    }
}
