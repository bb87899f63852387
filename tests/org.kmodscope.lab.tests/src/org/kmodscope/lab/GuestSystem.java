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
 * command line, this machine's sudo with its PAM, and two users of whom one may run the helper. It
 * holds nothing of kmodscope, so it is made once.
 */
final class GuestSystem implements GuestBridge {

    static final String MAY = "1000";
    static final String MAY_NOT = "1001";
    static final String HELPER = "/usr/local/libexec/kmodscope-helper";

    /** What Debian's sudo reads its rules with; others have other places, or none. */
    private static final Path SUDOERS = Path.of("/usr/libexec/sudo/sudoers.so");

    private static final String VERSION = "local-2";

    /** Whether this machine has the sudo to put on it. */
    static boolean hasSudo() {
        return sudo().isPresent() && pam().isPresent() && Files.isReadable(SUDOERS);
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
        return VERSION;
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
        for (String program : List.of("chroot", "env")) {
            copy(HostCommand.of(program).locate().orElseThrow(), root, 0755);
        }
        text(
                root,
                "passwd",
                "root:x:0:0::/root:/bin/sh\nmay:x:1000:1000::/tmp:/bin/sh\n"
                        + "maynot:x:1001:1001::/tmp:/bin/sh\n");
        text(root, "group", "root:x:0:\nmay:x:1000:\nmaynot:x:1001:\n");
        text(root, "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nsudoers: files\n");
        text(root, "hosts", "127.0.0.1 localhost lab\n");
        text(
                root,
                "pam.d/sudo",
                "auth required pam_permit.so\naccount required pam_permit.so\n"
                        + "session required pam_permit.so\n");
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

    /** Without its archive of the JDK's own classes, Java starts slowly where it is emulated. */
    private static void dump(Path root) throws IOException {
        try {
            HostCommand.of(root.resolve("jdk/bin/java").toString(), "-Xshare:dump")
                    .capture(Workshop.MONITOR);
        } catch (KmodscopeException | InterruptedException e) {
            throw new IOException(e);
        }
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
        throw new UnsupportedOperationException("no bridge runs here");
    }
}
