/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.process.HostCommand;
import org.kmodscope.core.target.ArmRequest;
import org.kmodscope.core.target.GuestBridge;

/**
 * A small Debian for a lab, on the disk that is otherwise the bridge's: a Java runtime for the
 * command line, this machine's sudo with its PAM, its polkit with the bus if it has them, and two
 * users of whom one may run the helper. It holds nothing of kmodscope, so it is made once.
 */
final class GuestSystem implements GuestBridge {

    static final String MAY = "1000";
    static final String MAY_NOT = "1001";
    static final String HELPER = "/usr/local/libexec/kmodscope-helper";

    /** What Debian's sudo reads its rules with; others have other places, or none. */
    private static final Path SUDOERS = Path.of("/usr/libexec/sudo/sudoers.so");

    private static final Path POLKITD = Path.of("/usr/lib/polkit-1/polkitd");

    private static final List<Path> BUS_FILES =
            List.of(
                    Path.of("/usr/share/dbus-1/system.conf"),
                    Path.of("/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf"));

    private static final String VERSION = "local-4";

    /** One user may all, the others nothing: nobody is there to be asked. */
    private static final String RULES =
            """
            polkit.addRule(function (action, subject) {
            	return subject.user == "may" ? polkit.Result.YES : polkit.Result.NO;
            });
            """;

    /** Whether this machine has the sudo to put on it. */
    static boolean hasSudo() {
        return sudo().isPresent() && pam().isPresent() && Files.isReadable(SUDOERS);
    }

    /** Whether this machine has the polkit to put on it. */
    static boolean hasPolkit() {
        return Files.isExecutable(POLKITD)
                && HostCommand.of("pkexec").locate().isPresent()
                && HostCommand.of("dbus-daemon").locate().isPresent()
                && BUS_FILES.stream().allMatch(Files::isReadable);
    }

    private static Optional<Path> sudo() {
        return Optional.of(Path.of("/usr/bin/sudo")).filter(Files::isExecutable);
    }

    /** Where the modules of PAM are; the one that lets everybody is all that is needed. */
    private static Optional<Path> pam() {
        return Stream.of("/lib/x86_64-linux-gnu/security", "/usr/lib64/security", "/lib/security")
                .map(place -> Path.of(place, "pam_permit.so"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    @Override
    public Set<String> modules() {
        return Set.of(
                "java.base", "java.logging", "java.management", "java.xml", "jdk.unsupported");
    }

    @Override
    public String fingerprint() {
        return VERSION + (hasPolkit() ? "-polkit" : "");
    }

    /** The directory is one of the disk's root; what is beside it is on the disk, too. */
    @Override
    public void install(Path directory) throws IOException {
        Path root = Objects.requireNonNull(directory.getParent());
        for (String empty : List.of("run", "sys", "usr/local", "var/lib", "root", "home")) {
            Files.createDirectories(root.resolve(empty));
        }
        dump(root);
        copy(sudo().orElseThrow(), root, 04755);
        copy(SUDOERS, root, 0644);
        copy(pam().orElseThrow(), root, 0644);
        for (String program : List.of("chroot", "env", "install", "rm")) {
            copy(program, root, 0755);
        }
        if (hasPolkit()) {
            polkit(root);
        }
        text(
                root,
                "passwd",
                "root:x:0:0::/root:/bin/sh\nmay:x:1000:1000::/tmp:/bin/sh\n"
                        + "maynot:x:1001:1001::/tmp:/bin/sh\n"
                        + "messagebus:x:1002:1002::/:/bin/sh\n"
                        + "polkitd:x:1003:1003::/:/bin/sh\n");
        text(
                root,
                "group",
                "root:x:0:\nmay:x:1000:\nmaynot:x:1001:\nmessagebus:x:1002:\n"
                        + "polkitd:x:1003:\n");
        text(root, "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nsudoers: files\n");
        text(root, "hosts", "127.0.0.1 localhost lab\n");
        for (String service : List.of("sudo", "polkit-1")) {
            text(
                    root,
                    "pam.d/" + service,
                    "auth required pam_permit.so\naccount required pam_permit.so\n"
                            + "session required pam_permit.so\n");
        }
        Path sudoers =
                text(
                        root,
                        "sudoers",
                        "Defaults env_reset, use_pty\n"
                                + "root ALL=(ALL) NOPASSWD: ALL\n"
                                + "may ALL=(root) NOPASSWD: "
                                + HELPER
                                + "\n");
        Files.setAttribute(sudoers, "unix:mode", 0440);
    }

    /** Started by the test that needs it: as long as there is no bus, sudo is asked. */
    private static void polkit(Path root) throws IOException {
        copy("pkexec", root, 04755);
        copy("dbus-daemon", root, 0755);
        copy(POLKITD, root, 0755);
        for (Path file : BUS_FILES) {
            copy(file, root, 0644);
        }
        Files.createDirectories(root.resolve("usr/share/polkit-1/actions"));
        Files.createSymbolicLink(root.resolve("var/run"), Path.of("../run"));
        text(root, "polkit-1/rules.d/10-lab.rules", RULES);
        text(root, "machine-id", "0123456789abcdef0123456789abcdef\n");
    }

    /** Without its archive of the JDK's own classes, Java starts slowly where it is emulated. */
    private static void dump(Path root) throws IOException {
        try {
            HostCommand.of(root.resolve("jdk/bin/java").toString(), "-Xshare:dump")
                    .capture(Workshop.MONITOR);
        } catch (KmodscopeException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void copy(String program, Path root, int mode) throws IOException {
        copy(HostCommand.of(program).locate().orElseThrow(), root, mode);
    }

    private static void copy(Path file, Path root, int mode) throws IOException {
        Path copy = root.resolve(file.toString().substring(1));
        Files.createDirectories(copy.getParent());
        Files.copy(file.toRealPath(), copy);
        Files.setAttribute(copy, "unix:mode", mode);
    }

    private static Path text(Path root, String name, String content) throws IOException {
        Path file = root.resolve("etc").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Override
    public List<String> arguments(String directory, String port, ArmRequest request) {
        // There is no bridge here: the rehearsal of its start fails, and the disk has no cache of
        // one.
        return List.of("no.bridge.Here");
    }
}
