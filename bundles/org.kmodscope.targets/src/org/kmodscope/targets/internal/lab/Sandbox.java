/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.process.Captured;
import org.kmodscope.core.process.HostCommand;

/**
 * What keeps a kernel that is a process of this machine away from the machine: bubblewrap(1), with
 * namespaces of its own for everything, no network, and of all files only those that are named,
 * read-only. Where users may not have namespaces, nothing confines it but the user's own rights,
 * and the lab says so.
 *
 * @param bubblewrap its path; empty where it is missing or not allowed
 * @param libraries this machine's shared libraries that the program needs
 * @param note why there is none
 */
public record Sandbox(Optional<Path> bubblewrap, List<Path> libraries, Optional<String> note) {

    private static final String SCRATCH = "/tmp";

    private static final List<String> NAMESPACES = List.of("--unshare-all", "--die-with-parent");

    /** Not each machine that allows namespaces lets them have a /proc: many containers do not. */
    private static final List<String> OWN =
            List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", SCRATCH);

    /** Finds out what this machine allows, for a program. */
    public static Sandbox of(Path program, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        Optional<Path> bubblewrap = HostCommand.of("bwrap").locate();
        if (bubblewrap.isEmpty()) {
            return none("bubblewrap is not installed: sudo apt install bubblewrap");
        }
        return of(bubblewrap.get(), program, monitor);
    }

    static Sandbox of(Path bubblewrap, Path program, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        List<String> confined = new ArrayList<>(List.of(bubblewrap.toString()));
        confined.addAll(NAMESPACES);
        confined.addAll(List.of("--ro-bind", "/", "/"));
        confined.addAll(OWN);
        confined.add("true");
        Captured trial = HostCommand.of(confined).capture(monitor);
        if (trial.exit() != 0) {
            return none("this machine does not allow it namespaces: " + trial.words());
        }
        List<Path> libraries = new ArrayList<>(SharedLibraries.of(program, monitor));
        return new Sandbox(Optional.of(bubblewrap), List.copyOf(libraries), Optional.empty());
    }

    private static Sandbox none(String why) {
        return new Sandbox(
                Optional.empty(),
                List.of(),
                Optional.of(
                        "The lab's kernel is a process with your own rights and is not confined: "
                                + why));
    }

    /** What stands before the program's path; the files keep their paths. */
    List<String> around(List<Path> files) {
        if (bubblewrap.isEmpty()) {
            return List.of();
        }
        List<String> argv = new ArrayList<>();
        argv.add(bubblewrap.get().toString());
        argv.addAll(NAMESPACES);
        argv.addAll(OWN);
        List<Path> shown = new ArrayList<>(libraries);
        shown.addAll(files);
        for (Path file : shown) {
            argv.addAll(List.of("--ro-bind", file.toString(), file.toString()));
        }
        argv.addAll(List.of("--clearenv", "--setenv", "HOME", SCRATCH, "--chdir", "/", "--"));
        return argv;
    }

    /** A directory that the program may write to, gone after the run. */
    String scratch(Path run) {
        return bubblewrap.isPresent() ? SCRATCH : run.toString();
    }
}
