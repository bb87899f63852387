/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.jdt.annotation.Nullable;
import org.kmodscope.core.KmodscopeException;

/**
 * A program of this machine, to be run as a child: an argument vector, never a shell string.
 * Immutable; each method gives a changed copy. Its standard input is empty, its language is English
 * (LC_ALL=C.UTF-8) unless said otherwise.
 *
 * <p>A call that runs it returns when the program has ended and all its output was handed over.
 * Cancelling the monitor or interrupting the thread ends the program with everything that it
 * started: asked to by SIGTERM, made to by SIGKILL two seconds later.
 */
public final class HostCommand {

    /** How many bytes of each stream {@link #capture} keeps. */
    public static final int CAPTURED = 256 * 1024;

    private static final int LONGEST_LINE = 64 * 1024;

    // Users' PATH on Debian lacks them, yet depmod and modprobe work for users, too.
    private static final String SYSTEM_DIRECTORIES = ":/usr/sbin:/sbin";

    private final List<String> argv;
    private final Path directory;
    private final Map<String, Optional<String>> environment;
    private final Optional<String> debianPackage;
    private final boolean merged;

    private HostCommand(
            List<String> argv,
            Path directory,
            Map<String, Optional<String>> environment,
            Optional<String> debianPackage,
            boolean merged) {
        this.argv = argv;
        this.directory = directory;
        this.environment = environment;
        this.debianPackage = debianPackage;
        this.merged = merged;
    }

    /** A program, by its name on PATH or its path, and its arguments. */
    public static HostCommand of(String program, String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(program);
        argv.addAll(List.of(arguments));
        return of(argv);
    }

    /** A program and its arguments as one list, which must not be empty. */
    public static HostCommand of(List<String> argv) {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("no program");
        }
        return new HostCommand(
                List.copyOf(argv),
                Path.of("").toAbsolutePath(),
                Map.of("LC_ALL", Optional.of("C.UTF-8")),
                Optional.empty(),
                false);
    }

    /** The same, in a directory. */
    public HostCommand in(Path workingDirectory) {
        return new HostCommand(argv, workingDirectory, environment, debianPackage, merged);
    }

    /** The same with a variable in its environment. */
    public HostCommand with(String name, String value) {
        return changed(name, Optional.of(value));
    }

    /** The same without variables that this process may have in its environment. */
    public HostCommand without(String... names) {
        HostCommand command = this;
        for (String name : names) {
            command = command.changed(name, Optional.empty());
        }
        return command;
    }

    /** The same, naming the Debian package to install when the program is not here. */
    public HostCommand providedBy(String name) {
        return new HostCommand(argv, directory, environment, Optional.of(name), merged);
    }

    /** The same with standard error joined into standard output, which keeps their order. */
    public HostCommand merged() {
        return new HostCommand(argv, directory, environment, debianPackage, true);
    }

    /** Where the program is on this machine, if it is. */
    public Optional<Path> locate() {
        String program = argv.getFirst();
        if (program.contains("/")) {
            Path path = directory.resolve(program);
            return Files.isExecutable(path) ? Optional.of(path) : Optional.empty();
        }
        Optional<String> changed = environment.get("PATH");
        String inherited = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        String path = changed == null ? inherited : changed.orElse("");
        for (String entry : (path + SYSTEM_DIRECTORIES).split(File.pathSeparator)) {
            Path candidate = Path.of(entry.isEmpty() ? "." : entry, program);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /**
     * Runs it, handing over its output by lines (UTF-8).
     *
     * @return its exit status, or 128 + the signal that ended it
     * @throws KmodscopeException MISSING when the program is not on this machine
     * @throws OperationCanceledException when the monitor was cancelled; the program is gone by
     *     then
     */
    public int run(LineSink sink, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Lines out = new Lines(Channel.OUT, sink);
        Lines err = new Lines(Channel.ERR, sink);
        int exit =
                runBytes(
                        (channel, bytes) -> (channel == Channel.OUT ? out : err).add(bytes),
                        monitor);
        out.end();
        err.end();
        return exit;
    }

    /** As {@link #run}, handing over its output as it comes. */
    public int runBytes(ByteSink sink, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        if (monitor.isCanceled()) {
            throw new OperationCanceledException();
        }
        return new RunningProcess(start(), argv.getFirst(), sink).await(monitor);
    }

    /** As {@link #run}, keeping the end of what it prints. */
    public Captured capture(IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Tail out = new Tail();
        Tail err = new Tail();
        int exit =
                runBytes(
                        (channel, bytes) -> (channel == Channel.OUT ? out : err).add(bytes),
                        monitor);
        return new Captured(exit, out.text(), err.text());
    }

    /** The argument vector, for messages. */
    @Override
    public String toString() {
        return String.join(" ", argv);
    }

    private HostCommand changed(String name, Optional<String> value) {
        Map<String, Optional<String>> changed = new HashMap<>(environment);
        changed.put(name, value);
        return new HostCommand(argv, directory, Map.copyOf(changed), debianPackage, merged);
    }

    private Process start() throws KmodscopeException {
        String program = argv.getFirst();
        Path executable = locate().orElseThrow(() -> missing(program));
        List<String> command = new ArrayList<>(argv);
        command.set(0, executable.toString());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectErrorStream(merged);
        Map<String, String> child = builder.environment();
        environment.forEach(
                (name, value) ->
                        value.ifPresentOrElse(
                                text -> child.put(name, text), () -> child.remove(name)));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.MISSING,
                    "The program " + program + " cannot be started: " + e.getMessage() + ".",
                    Files.isDirectory(directory)
                            ? "Look at what the message says about it."
                            : "The directory " + directory + " is not there: make it.",
                    e);
        }
    }

    private KmodscopeException missing(String program) {
        return new KmodscopeException(
                KmodscopeException.Kind.MISSING,
                "The program " + program + " is not on this machine.",
                debianPackage
                        .map(name -> "Install it: sudo apt install " + name)
                        .orElse("Install it, or correct PATH."));
    }

    /** Cuts bytes into lines; used by one thread at a time. */
    private static final class Lines {

        private final Channel channel;
        private final LineSink sink;
        private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

        Lines(Channel channel, LineSink sink) {
            this.channel = channel;
            this.sink = sink;
        }

        void add(byte[] bytes) {
            int start = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    rest.write(bytes, start, i - start);
                    hand();
                    start = i + 1;
                }
            }
            rest.write(bytes, start, bytes.length - start);
            if (rest.size() > LONGEST_LINE) {
                hand();
            }
        }

        void end() {
            if (rest.size() > 0) {
                hand();
            }
        }

        private void hand() {
            String line = rest.toString(StandardCharsets.UTF_8);
            rest.reset();
            sink.line(channel, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        }
    }

    /** Keeps the last bytes; used by one thread at a time. */
    private static final class Tail {

        private byte @Nullable [] kept;

        void add(byte[] bytes) {
            byte[] before = kept;
            int length = before == null ? 0 : before.length;
            int total = Math.min(CAPTURED, length + bytes.length);
            byte[] joined = new byte[total];
            int fresh = Math.min(bytes.length, total);
            System.arraycopy(bytes, bytes.length - fresh, joined, total - fresh, fresh);
            if (before != null) {
                System.arraycopy(before, length - (total - fresh), joined, 0, total - fresh);
            }
            kept = joined;
        }

        String text() {
            byte[] bytes = kept;
            return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
