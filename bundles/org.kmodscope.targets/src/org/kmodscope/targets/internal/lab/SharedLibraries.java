/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/** Completes a root file system with this machine's shared libraries that its programs need. */
final class SharedLibraries {

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /** {@code libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x…)} or the loader's path alone. */
    private static final Pattern NEEDED =
            Pattern.compile("(?m)^\\s+(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)$");

    private static final Pattern NOT_FOUND = Pattern.compile("(?m)^\\s+(\\S+) => not found$");

    private SharedLibraries() {}

    /**
     * Copies what the ELF files below the root need, to the same places below the root.
     *
     * @throws KmodscopeException MISSING when that cannot be found out
     */
    static void copyInto(Path root, IProgressMonitor monitor)
            throws IOException, KmodscopeException, InterruptedException {
        for (Path library : needed(elfFiles(root), monitor)) {
            if (library.startsWith(root)) {
                continue;
            }
            Path copy = root.resolve(library.toString().substring(1));
            Files.createDirectories(copy.getParent());
            // What a link points to, under the link's name: that is how it is looked for.
            Files.copy(library.toRealPath(), copy);
        }
    }

    /** The libraries that one program needs, its loader among them. */
    static Set<Path> of(Path program, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        return needed(List.of(program), monitor);
    }

    private static List<Path> elfFiles(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    if (java.util.Arrays.equals(in.readNBytes(ELF.length), ELF)) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    /** By the loader's own account (ldd(1)): it knows where this machine keeps its libraries. */
    private static Set<Path> needed(List<Path> files, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of("ldd"));
        files.forEach(file -> argv.add(file.toString()));
        Captured ldd = HostCommand.of(argv).providedBy("libc-bin").capture(monitor);
        Set<Path> libraries = parse(ldd.out());
        if (ldd.exit() != 0 || libraries.isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "ldd cannot tell what libraries a program of the lab needs: " + ldd.words(),
                    "Run kmodscope with a JDK that is built for glibc, and build the debug"
                            + " kernel on this machine.");
        }
        Set<String> missing = missing(ldd.out(), files);
        if (!missing.isEmpty()) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "A program of the lab needs libraries that are not on this machine: "
                            + String.join(", ", missing)
                            + '.',
                    "Install the packages that have them, or run kmodscope with another JDK.");
        }
        return libraries;
    }

    /**
     * The libraries that ldd did not find and that are not among the files: those of a runtime are
     * loaded by it before the ones that need them.
     */
    static Set<String> missing(String ldd, List<Path> files) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NOT_FOUND.matcher(ldd);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        files.forEach(file -> names.remove(String.valueOf(file.getFileName())));
        return names;
    }

    static Set<Path> parse(String ldd) {
        Set<Path> libraries = new LinkedHashSet<>();
        Matcher matcher = NEEDED.matcher(ldd);
        while (matcher.find()) {
            libraries.add(Path.of(matcher.group(1)));
        }
        return libraries;
    }
}
