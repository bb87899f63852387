/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Sha256;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.Channel;
import org.kmodscope.core.process.HostCommand;

/**
 * Builds the debug kernel, at a low priority. make itself is what makes a build that was cancelled
 * go on: the objects are kept.
 */
final class UmlBuild {

    private static final String CONFIGURATION = "uml-debug.config";

    /**
     * The steps that make prints for this configuration, some 1,060. Where it is another number,
     * the percentage is a little wrong and nothing else.
     */
    private static final int STEPS = 1_060;

    /** {@code CC fs/exec.o}: what kbuild prints for each step (scripts/Kbuild.include). */
    private static final Pattern STEP = Pattern.compile("  [A-Z]{2,9} +\\S.*");

    private static final int LAST_LINES = 12;

    private final Path work;
    private final Map<String, String> environment;

    /**
     * @param environment what make needs in it
     */
    UmlBuild(Path work, Map<String, String> environment) {
        this.work = work;
        this.environment = environment;
    }

    Path source() {
        return work.resolve("source");
    }

    Path objects() {
        return work.resolve("objects");
    }

    /** The kernel. */
    Path linux() {
        return objects().resolve("linux");
    }

    /** What it calls itself. */
    String release() throws IOException {
        return Files.readString(objects().resolve("include/config/kernel.release")).strip();
    }

    /**
     * Builds it.
     *
     * @throws KmodscopeException MISSING with the end of make's output when it cannot be built
     */
    void run(SubMonitor progress) throws KmodscopeException, InterruptedException, IOException {
        progress.setWorkRemaining(STEPS + 20);
        Files.createDirectories(objects());
        byte[] configuration = configuration();
        Path used = objects().resolve(CONFIGURATION);
        if (!Files.exists(used) || !Arrays.equals(configuration, Files.readAllBytes(used))) {
            progress.subTask("Configuring the debug kernel");
            configure(configuration, progress.split(20));
            Files.write(used, configuration);
        }
        progress.setWorkRemaining(STEPS);
        progress.subTask("Compiling the debug kernel");
        Steps steps = new Steps(progress);
        int processors = Runtime.getRuntime().availableProcessors();
        int exit = make(List.of("-j" + processors, "linux", "modules")).run(steps::line, progress);
        if (exit != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The debug kernel cannot be built here; make ended so:\n" + steps.end(),
                    "Install what is missing (sudo apt install gcc make bc libc6-dev), and build it"
                            + " again: it goes on where it stopped.");
        }
    }

    /** Options that the kernel's own rules would not have are found here, not in a lab. */
    private void configure(byte[] configuration, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException, IOException {
        Path wanted = work.resolve(CONFIGURATION);
        Files.write(wanted, configuration);
        Captured done =
                make(List.of("KCONFIG_ALLCONFIG=" + wanted, "allnoconfig")).capture(monitor);
        if (done.exit() != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The debug kernel cannot be configured: " + done.words(),
                    "Install what is missing (sudo apt install gcc make), and try again.");
        }
        Set<String> got = options(Files.readString(objects().resolve(".config")));
        String lost =
                options(new String(configuration, StandardCharsets.UTF_8)).stream()
                        .filter(option -> !got.contains(option))
                        .sorted()
                        .collect(Collectors.joining(", "));
        if (!lost.isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "This compiler or this kernel source does not do what a debug kernel needs: "
                            + lost
                            + ".",
                    "Use gcc 12 or newer; report this with the compiler's version otherwise.");
        }
    }

    private static Set<String> options(String configuration) {
        try (Stream<String> lines = configuration.lines()) {
            return lines.filter(line -> line.startsWith("CONFIG_")).collect(Collectors.toSet());
        }
    }

    private HostCommand make(List<String> targets) {
        List<String> argv = new ArrayList<>(List.of("nice", "-n", "10", "make", "-C"));
        argv.addAll(List.of(source().toString(), "ARCH=um", "O=" + objects()));
        argv.addAll(targets);
        HostCommand make =
                HostCommand.of(argv)
                        .providedBy("make")
                        .with("KBUILD_BUILD_USER", "kmodscope")
                        .with("KBUILD_BUILD_HOST", "lab")
                        .without("MAKEFLAGS", "ARCH", "CROSS_COMPILE")
                        .merged();
        for (Map.Entry<String, String> each : environment.entrySet()) {
            make = make.with(each.getKey(), each.getValue());
        }
        return make;
    }

    /** Tells configurations apart: a kernel of another one is not the kernel that is wanted. */
    static String configurationDigest() throws IOException {
        return Sha256.of(configuration());
    }

    private static byte[] configuration() throws IOException {
        try (InputStream in = UmlBuild.class.getResourceAsStream("/uml/" + CONFIGURATION)) {
            if (in == null) {
                throw new IOException(CONFIGURATION + " is not in this program");
            }
            return in.readAllBytes();
        }
    }

    /** Counts make's steps, and keeps the last lines for a failure's message. */
    private static final class Steps {

        private final SubMonitor progress;
        private final Deque<String> last = new ArrayDeque<>();
        private int done;

        Steps(SubMonitor progress) {
            this.progress = progress;
        }

        void line(Channel channel, String line) {
            last.add(line);
            if (last.size() > LAST_LINES) {
                last.remove();
            }
            if (STEP.matcher(line).matches()) {
                done++;
                progress.subTask(
                        "Compiling the debug kernel, about "
                                + Math.min(99, 100 * done / STEPS)
                                + " %");
                progress.worked(1);
            }
        }

        String end() {
            return String.join("\n", last);
        }
    }
}
