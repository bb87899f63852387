/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.SubMonitor;
import org.kmodscope.core.CacheDirectory;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.targets.internal.agent.Directories;

/**
 * Debian's OpenSSH with all that it needs, from the archive, unpacked in the cache. This machine
 * need not have any of it: programs run by the loader of the packages.
 *
 * @param root holds {@code usr/sbin/sshd} and so on
 */
public record BoardPackages(Path root) {

    private static final String LOADER = "lib64/ld-linux-x86-64.so.2";
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";
    private static final Pattern NEEDED = Pattern.compile("(?m)^\\s+(?:\\S+ => )?(/\\S+) \\(0x");

    /** Fetches the packages when they are not here. */
    @SuppressWarnings("try") // the lock is held, not used
    public static BoardPackages require(CacheDirectory cache) throws Exception {
        DebianSuite suite = DebianSuite.of("bookworm");
        Path place = cache.directory("tests").resolve("openssh-" + suite.name());
        try (CacheDirectory.Locked lock =
                KernelFetch.lock(cache, suite.name(), new NullProgressMonitor())) {
            if (!Files.isDirectory(place)) {
                Path fresh = Files.createTempDirectory(place.getParent(), "new-");
                try {
                    AptRoot apt = new AptRoot(cache.directory("apt", suite.name()), Map.of());
                    apt.update(suite, new NullProgressMonitor());
                    List<String> wanted =
                            List.of("openssh-server", "openssh-sftp-server", "openssh-client");
                    Packages.install(
                            apt,
                            apt.closure(wanted, new NullProgressMonitor()),
                            fresh,
                            SubMonitor.convert(null));
                    Directories.delete(apt.debs());
                    Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Directories.delete(fresh);
                }
            }
        }
        return new BoardPackages(place);
    }

    /** A program of the packages as a command of this machine. */
    public List<String> command(String program, String... arguments) {
        List<String> argv = loader();
        argv.add(root.resolve(program).toString());
        argv.addAll(List.of(arguments));
        return argv;
    }

    /** The libraries that a program of the packages loads, by the paths that they have there. */
    public Set<Path> libraries(String program) throws Exception {
        List<String> argv = loader();
        argv.add("--list");
        argv.add(root.resolve(program).toString());
        Captured list = HostCommand.of(argv).capture(new NullProgressMonitor());
        Set<Path> libraries = new LinkedHashSet<>();
        Matcher matcher = NEEDED.matcher(list.out());
        while (matcher.find()) {
            libraries.add(Path.of(matcher.group(1)));
        }
        if (list.exit() != 0 || libraries.isEmpty()) {
            throw new IllegalStateException(program + ": " + list.words());
        }
        return libraries;
    }

    private List<String> loader() {
        // Packages of before the merger of /usr have a lib of their own.
        String paths = root.resolve(LIBRARIES) + ":" + root.resolve("lib/x86_64-linux-gnu");
        return new ArrayList<>(List.of(loaderPath().toString(), "--library-path", paths));
    }

    /** Programs ask for it by this path. */
    public Path loaderPath() {
        return root.resolve(LOADER);
    }
}
