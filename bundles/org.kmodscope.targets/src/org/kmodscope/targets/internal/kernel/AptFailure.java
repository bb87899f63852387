/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.kernel;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** Turns what apt-get says when it fails into what a user can do about it. */
final class AptFailure {

    private static final Pattern NETWORK =
            Pattern.compile(
                    "(?i)could not resolve|failure resolving|could not connect|connection failed"
                            + "|unable to connect|unreachable|timed out|no route to host"
                            + "|connection refused|cannot initiate the connection");
    private static final Pattern SPACE =
            Pattern.compile("(?i)no space left|not enough free space|quota exceeded");
    private static final Pattern KEY =
            Pattern.compile(
                    "(?i)NO_PUBKEY|EXPKEYSIG|is not signed|signatures? (?:couldn't|were invalid)"
                            + "|public key is not available");
    private static final Pattern HASH =
            Pattern.compile("(?i)hash sum mismatch|unexpected size|size mismatch");

    private AptFailure() {}

    static KmodscopeException of(String what, String said, Path directory) {
        String words = "apt-get " + what + " failed: " + firstLine(said);
        if (SPACE.matcher(said).find()) {
            return missing(
                    "The disk is full: " + words,
                    "Free space where "
                            + directory
                            + " is, or set XDG_CACHE_HOME to a directory with space.");
        }
        if (NETWORK.matcher(said).find()) {
            return missing(
                    "The Debian mirror cannot be reached: " + words,
                    "See to the network, or to the proxy in /etc/apt/apt.conf.d, and try again;"
                            + " kernels that are here already need no network.");
        }
        if (KEY.matcher(said).find()) {
            return missing(
                    "The Debian archive's signature cannot be verified: " + words,
                    "Install its keys: sudo apt install debian-archive-keyring");
        }
        if (HASH.matcher(said).find()) {
            return missing(
                    "A downloaded package is not what the archive's list promises: " + words,
                    "Try again; if it stays, the mirror or a proxy is at fault: try another"
                            + " mirror.");
        }
        return missing(
                words, "See whether \"sudo apt update\" works on this machine, and try again.");
    }

    /** The first error or warning of what was said, else its last line. */
    static String firstLine(String said) {
        return said.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("E: ") || line.startsWith("W: "))
                .map(line -> line.substring("E: ".length()))
                .findFirst()
                .or(() -> said.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b))
                .orElse("it did not say why");
    }

    private static KmodscopeException missing(String what, String remedy) {
        return new KmodscopeException(Kind.MISSING, what, remedy);
    }
}
