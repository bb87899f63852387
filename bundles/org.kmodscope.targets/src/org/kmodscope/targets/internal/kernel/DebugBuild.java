/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.Channel;
import org.kmodscope.core.process.HostCommand;

/**
 * Builds a debug kernel, at a low priority. make itself is what makes a build that was cancelled go
 * on: the objects are kept.
 */
final class DebugBuild {

    private static final String CONFIGURATION = "debug.config";

    /** {@code CC fs/exec.o}: what kbuild prints for each step (scripts/Kbuild.include). */
    private static final Pattern STEP = Pattern.compile("  [A-Z]{2,9} +\\S.*");

    private static final Pattern SET = Pattern.compile("(CONFIG_\\w+)=.*");
    private static final Pattern OFF = Pattern.compile("# (CONFIG_\\w+) is not set");

    private static final int LAST_LINES = 12;

    private final DebugFlavour flavour;
    private final Path work;
    private final Map<String, String> environment;

    /**
     * @param environment what make needs in it
     */
    DebugBuild(DebugFlavour flavour, Path work, Map<String, String> environment) {
        this.flavour = flavour;
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
    Path image() {
        return objects().resolve(flavour.image());
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
        progress.setWorkRemaining(flavour.steps() + 20);
        Files.createDirectories(objects());
        byte[] configuration = flavour.configuration();
        Path used = objects().resolve(CONFIGURATION);
        if (!Files.exists(used) || !Arrays.equals(configuration, Files.readAllBytes(used))) {
            progress.subTask("Configuring the debug kernel");
            configure(configuration, progress.split(20));
            Files.write(used, configuration);
        }
        int made = made();
        progress.setWorkRemaining(Math.max(1, flavour.steps() - made));
        progress.subTask("Compiling the debug kernel");
        Steps steps = new Steps(progress, flavour.steps(), made);
        int processors = Runtime.getRuntime().availableProcessors();
        int exit =
                make(List.of("-j" + processors, flavour.goal(), "modules"))
                        .run(steps::line, progress);
        if (exit != 0) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The debug kernel cannot be built here; make ended so:\n" + steps.end(),
                    "Install what is missing (sudo apt install gcc make bc libc6-dev), and build it"
                            + " again: it goes on where it stopped.");
        }
    }

    /** The steps of a build before this one: kbuild leaves a file .NAME.cmd of each. */
    private int made() throws IOException {
        try (Stream<Path> files = Files.walk(objects())) {
            return (int)
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith(".") && name.endsWith(".cmd"))
                            .count();
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
        Set<String> lost =
                new TreeSet<>(options(new String(configuration, StandardCharsets.UTF_8)));
        lost.removeAll(got);
        if (!lost.isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "This compiler or this kernel source does not do what a debug kernel needs: "
                            + String.join(", ", lost)
                            + ".",
                    "Use gcc 12 or newer; report this with the compiler's version otherwise.");
        }
    }

    /** The options that a configuration sets, as its lines do; the last word on each counts. */
    static Set<String> options(String configuration) {
        Map<String, String> last = new HashMap<>();
        for (String line : configuration.split("\\n")) {
            Matcher set = SET.matcher(line);
            Matcher off = OFF.matcher(line);
            if (set.matches()) {
                last.put(set.group(1), line);
            } else if (off.matches()) {
                last.remove(off.group(1));
            }
        }
        return Set.copyOf(last.values());
    }

    private HostCommand make(List<String> targets) {
        List<String> argv = new ArrayList<>(List.of("nice", "-n", "10", "make", "-C"));
        argv.addAll(
                List.of(source().toString(), "ARCH=" + flavour.architecture(), "O=" + objects()));
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

    /** Counts make's steps, and keeps the last lines for a failure's message. */
    private static final class Steps {

        private final SubMonitor progress;
        private final int expected;
        private final Deque<String> last = new ArrayDeque<>();
        private int done;

        Steps(SubMonitor progress, int expected, int before) {
            this.progress = progress;
            this.expected = expected;
            this.done = before;
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
                                + Math.min(99, 100 * done / expected)
                                + " %");
                progress.worked(1);
            }
        }

        String end() {
            return String.join("\n", last);
        }
    }
}
