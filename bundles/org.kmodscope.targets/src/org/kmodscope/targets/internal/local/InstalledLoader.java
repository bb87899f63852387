/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.process.HostCommand;

/**
 * The helper and its polkit action where root has put them. Both are found by these names alone:
 * what a user could write must not run as root.
 */
public final class InstalledLoader {

    /** Named in the policy, too. */
    public static final Path PROGRAM = Path.of("/usr/local/libexec/kmodscope-helper");

    /** The one directory that every polkit reads. */
    public static final Path POLICY =
            Path.of("/usr/share/polkit-1/actions/org.kmodscope.local.policy");

    /** agent/helper.c, VERSION. */
    private static final String VERSION = "kmodscope-helper 1";

    private InstalledLoader() {}

    /** The helper, if it is there, root's alone, and speaks as this kmodscope does. */
    public static Optional<Path> find() throws InterruptedException {
        return trusted(PROGRAM) && current() ? Optional.of(PROGRAM) : Optional.empty();
    }

    private static boolean trusted(Path file) {
        try {
            Set<PosixFilePermission> mode =
                    Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Integer.valueOf(0)
                            .equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                    && PosixFilePermissions.toString(mode).matches("r.xr-xr-x");
        } catch (IOException notThere) {
            return false;
        }
    }

    private static boolean current() throws InterruptedException {
        try {
            return HostCommand.of(PROGRAM.toString(), "version")
                    .capture(new NullProgressMonitor())
                    .out()
                    .strip()
                    .equals(VERSION);
        } catch (KmodscopeException cannotRun) {
            return false;
        }
    }
}
