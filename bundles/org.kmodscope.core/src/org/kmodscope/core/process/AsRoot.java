/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * How commands come to run as root: by a program that asks the user for a password first. Root
 * itself needs none.
 *
 * @param by what precedes a command; empty for root
 */
public record AsRoot(List<String> by) {

    private static final String PKEXEC = "pkexec";
    private static final String SUDO = "sudo";

    /** Where programs that ask in a dialog are reached by polkit. */
    private static final Path BUS = Path.of("/run/dbus/system_bus_socket");

    /** The way where a terminal can be asked on; empty when there is none. */
    public static Optional<AsRoot> onTerminal() throws KmodscopeException {
        if (isRoot()) {
            return Optional.of(new AsRoot(List.of()));
        }
        for (String program : List.of(SUDO, PKEXEC)) {
            if (isHere(program)) {
                return Optional.of(new AsRoot(List.of(program)));
            }
        }
        return Optional.empty();
    }

    /**
     * The way where only dialogs can be asked in; empty when there is none.
     *
     * @param environment of this process: sudo's program that asks is named there
     */
    public static Optional<AsRoot> inDialogs(Map<String, String> environment)
            throws KmodscopeException {
        if (isRoot()) {
            return Optional.of(new AsRoot(List.of()));
        }
        if (Files.exists(BUS) && isHere(PKEXEC)) {
            return Optional.of(new AsRoot(List.of(PKEXEC)));
        }
        boolean asks = !environment.getOrDefault("SUDO_ASKPASS", "").isEmpty();
        return asks && isHere(SUDO)
                ? Optional.of(new AsRoot(List.of(SUDO, "-A")))
                : Optional.empty();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean isHere(String program) {
        return HostCommand.of(program).locate().isPresent();
    }

    /** The whole command. */
    public List<String> command(List<String> argv) {
        List<String> whole = new ArrayList<>(by);
        whole.addAll(argv);
        return whole;
    }

    /**
     * Runs commands one after the other, up to the first that fails.
     *
     * @throws KmodscopeException FAILED with what that one said
     */
    public void run(List<List<String>> commands, IProgressMonitor monitor)
            throws KmodscopeException, InterruptedException {
        for (List<String> argv : commands) {
            List<String> whole = command(argv);
            Captured done = HostCommand.of(whole).capture(monitor);
            if (done.exit() != 0) {
                throw new KmodscopeException(
                        Kind.FAILED,
                        String.join(" ", whole) + " failed: " + done.words(),
                        "Run it as root yourself.");
            }
        }
    }
}
