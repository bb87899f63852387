/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Another JVM: for what must not happen to this one, and for how it ended. */
final class ChildJvm implements AutoCloseable {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Process process;
    private final BufferedReader output;
    private final Path errors;

    private ChildJvm(Path directory, List<String> arguments) throws IOException {
        errors = Files.createTempFile(directory, "err", "");
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts {@code java} with these arguments; its messages go to a file in the directory. */
    static ChildJvm start(Path directory, List<String> arguments) throws IOException {
        return new ChildJvm(directory, arguments);
    }

    /** Starts a main class of the tests. */
    static ChildJvm start(Path directory, Class<?> main, String... arguments) throws IOException {
        return startWith(directory, List.of(), main, arguments);
    }

    /** As {@link #start}, with options of the JVM. */
    static ChildJvm startWith(
            Path directory, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(options);
        all.addAll(
                List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath(), main.getName()));
        all.addAll(List.of(arguments));
        return new ChildJvm(directory, all);
    }

    /** That of the tests, also where a launcher loads them by a loader of its own. */
    private static String classPath() {
        if (ChildJvm.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs())
                            .map(url -> Path.of(URI.create(url.toString())).toString())
                            .collect(Collectors.joining(File.pathSeparator))
                    + File.pathSeparator
                    + System.getProperty("java.class.path");
        }
        return System.getProperty("java.class.path");
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    /** How it ended: its status, or 128 + the signal. */
    int exit() throws InterruptedException {
        assertTrue(process.waitFor(600, TimeUnit.SECONDS), "the JVM did not end");
        return process.exitValue();
    }

    /** The next line that it prints; waits for it. */
    String line() throws IOException {
        String line = output.readLine();
        assertTrue(line != null, "it printed nothing more: " + errors());
        return line;
    }

    /** What it printed and nobody read yet, up to its end. */
    String output() throws IOException {
        StringWriter all = new StringWriter();
        output.transferTo(all);
        return all.toString();
    }

    String errors() throws IOException {
        return Files.readString(errors, StandardCharsets.UTF_8);
    }

    /** All that it printed, for a message. */
    String printed() {
        try {
            return output() + errors();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
