/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the running kernel says about itself, in files that anybody may read. */
final class HostKernelFacts {

    private static final Pattern CHOSEN = Pattern.compile("\\[([a-z]+)]");
    private static final Pattern BOUNDS = Pattern.compile("(?m)^CapBnd:\\s*([0-9a-f]{1,16})$");
    private static final int CAP_SYS_MODULE = 16;
    private static final int LONGEST = 16 * 1024;

    // The variable's name and the GUID of the UEFI specification's global variables.
    private static final String SECURE_BOOT =
            "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

    private final Path root;

    /**
     * @param root the root directory; another one in tests
     */
    HostKernelFacts(Path root) {
        this.root = root;
    }

    /** The kernel's release. */
    String release() {
        return text("proc/sys/kernel/osrelease").orElse("unknown");
    }

    /** The kernel's taint; nothing where it does not say. */
    Taint taint() {
        return new Taint(
                text("proc/sys/kernel/tainted")
                        .filter(text -> text.matches("[0-9]{1,18}"))
                        .map(Long::parseLong)
                        .orElse(0L));
    }

    /** {@code integrity} or {@code confidentiality} where the kernel is locked down. */
    Optional<String> lockdown() {
        return text("sys/kernel/security/lockdown")
                .map(CHOSEN::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .filter(mode -> !mode.equals("none"));
    }

    /** Whether nobody may load a module until the next boot. */
    boolean modulesDisabled() {
        return text("proc/sys/kernel/modules_disabled").filter("1"::equals).isPresent();
    }

    /** Whether the firmware started only what is signed. */
    boolean secureBoot() {
        try {
            byte[] value = Files.readAllBytes(root.resolve(SECURE_BOOT));
            return value.length == 5 && value[4] == 1;
        } catch (IOException noFirmware) {
            return false;
        }
    }

    /** Whether not even root in here can load modules, as in most containers. */
    boolean confined() {
        return text("proc/self/status")
                .map(BOUNDS::matcher)
                .filter(Matcher::find)
                .map(found -> Long.parseUnsignedLong(found.group(1), 16))
                .filter(bounds -> (bounds >>> CAP_SYS_MODULE & 1) == 0)
                .isPresent();
    }

    private Optional<String> text(String file) {
        // In one piece: the numbers below /proc/sys end where the first read ends, and
        // Files.readString begins with one byte when a file says that it is empty.
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            byte[] bytes = in.readNBytes(LONGEST);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
