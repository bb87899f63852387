/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Reason;

/**
 * A user-space program of a project that tests its driver in a target and prints KTAP: {@code
 * probes/NAME.c}, or all C files of {@code probes/NAME/}.
 *
 * @param project the real path of the driver's directory
 * @param name the probe's name, which is a plain file name
 * @param arguments what the program is given
 * @param limit how long it may run
 */
public record ProbeSpec(Path project, String name, List<String> arguments, Duration limit) {

    /** Probes end by themselves, in seconds; this is for one that hangs, on a busy machine. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(3);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    /**
     * @throws IllegalArgumentException for a name that is no plain file name, or no time at all
     */
    public ProbeSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name of a probe: " + name);
        }
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("no time to run: " + limit);
        }
        arguments = List.copyOf(arguments);
    }

    /** The same with arguments. */
    public ProbeSpec withArguments(List<String> given) {
        return new ProbeSpec(project, name, given, limit);
    }

    /** The same with another limit. */
    public ProbeSpec withLimit(Duration other) {
        return new ProbeSpec(project, name, arguments, other);
    }

    /**
     * The probes of a project by name, without arguments and with the usual limit of three minutes;
     * none when it has no {@code probes} directory. Files whose name is no name of a probe are not
     * probes.
     *
     * @throws KmodscopeException USAGE when the directory cannot be read
     */
    public static List<ProbeSpec> ofProject(Path project) throws KmodscopeException {
        try {
            Path real = project.toRealPath();
            Path probes = real.resolve("probes");
            List<ProbeSpec> found = new ArrayList<>();
            if (Files.isDirectory(probes)) {
                try (Stream<Path> children = Files.list(probes)) {
                    for (Path child : children.sorted().toList()) {
                        String file = child.toString().substring(probes.toString().length() + 1);
                        boolean single = file.endsWith(".c") && Files.isRegularFile(child);
                        String name = single ? file.substring(0, file.length() - 2) : file;
                        if (NAME.matcher(name).matches() && (single || !sources(child).isEmpty())) {
                            found.add(new ProbeSpec(real, name, List.of(), USUAL_LIMIT));
                        }
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "The probes of " + project + " cannot be listed: " + Reason.of(e) + ".",
                    "Name the directory of a driver that you may read.",
                    e);
        }
    }

    /**
     * Its C files, sorted.
     *
     * @throws KmodscopeException USAGE when there are none
     */
    public List<Path> sources() throws KmodscopeException {
        Path single = project.resolve("probes").resolve(name + ".c");
        if (Files.isRegularFile(single)) {
            return List.of(single);
        }
        try {
            List<Path> sources = sources(project.resolve("probes").resolve(name));
            if (!sources.isEmpty()) {
                return sources;
            }
        } catch (IOException e) {
            throw missing(e);
        }
        throw missing(new IOException("no C file"));
    }

    private KmodscopeException missing(IOException cause) {
        return new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "The project has no probe "
                        + name
                        + ": there is no probes/"
                        + name
                        + ".c in "
                        + project
                        + ".",
                "Name one that it has, or all.",
                cause);
    }

    private static List<Path> sources(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> child.toString().endsWith(".c"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
