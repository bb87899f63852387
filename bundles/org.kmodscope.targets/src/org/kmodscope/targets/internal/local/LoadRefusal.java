/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.local;

import java.util.List;
import java.util.stream.Collectors;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.target.KernelLogLine;

/**
 * Why the running kernel does not take a module, and what its user can do.
 *
 * @param facts what the kernel says about itself
 */
record LoadRefusal(HostKernelFacts facts) {

    // include/uapi/asm-generic/errno.h
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ENOEXEC = 8;
    private static final int EEXIST = 17;
    private static final int EBADMSG = 74;
    private static final int ENOKEY = 126;
    private static final int EKEYREJECTED = 129;

    private static final String LAB =
            "A lab takes the module as it is: kmodscope probe DIR, without --target local.";

    /**
     * The failure to throw.
     *
     * @param errno what finit_module(2) failed with
     * @param meaning the same in words
     * @param log what the kernel said meanwhile
     */
    KmodscopeException of(String file, int errno, String meaning, List<KernelLogLine> log) {
        String words = log.stream().map(line -> "\n" + line.text()).collect(Collectors.joining());
        return new KmodscopeException(
                Kind.FAILED,
                "The module " + file + " does not load: " + reason(errno, meaning) + "." + words,
                remedy(file, errno));
    }

    private String reason(int errno, String meaning) {
        return switch (errno) {
            case EPERM -> forbidden(meaning);
            case ENOKEY, EKEYREJECTED, EBADMSG -> meaning + signatures();
            default -> meaning;
        };
    }

    private String forbidden(String meaning) {
        if (facts.modulesDisabled()) {
            return "no module can be loaded until the next boot (kernel.modules_disabled is 1)";
        }
        if (facts.confined()) {
            return "this process is in a container that may not load modules";
        }
        return facts.lockdown()
                .map(mode -> "the kernel is locked down (" + mode + ") and it is not signed")
                .orElse(meaning + signatures());
    }

    private String signatures() {
        String lockdown = facts.lockdown().map(mode -> ", lockdown is " + mode).orElse("");
        return " (Secure Boot is " + (facts.secureBoot() ? "on" : "off") + lockdown + ")";
    }

    private String remedy(String file, int errno) {
        return switch (errno) {
            case EPERM ->
                    facts.modulesDisabled() || facts.confined()
                            ? LAB
                            : facts.lockdown().isPresent() ? sign(file) : LAB;
            case ENOKEY, EKEYREJECTED, EBADMSG -> sign(file);
            case ENOENT -> "Load the module that has the symbol first, or do without the symbol.";
            case ENOEXEC ->
                    "Build it for the kernel that runs here, "
                            + facts.release()
                            + ": its headers are in the package linux-headers-"
                            + facts.release()
                            + ".";
            case EEXIST ->
                    "Unload the one that is loaded first: sudo rmmod "
                            + file.replaceFirst("\\.ko$", "").replace('-', '_');
            default -> "Correct what the kernel complains of; its log may say more.";
        };
    }

    private String sign(String file) {
        return "Sign it with a key that this machine trusts: make one with openssl, have the"
                + " firmware enrol it (mokutil --import KEY.der, then restart), and sign with"
                + " /lib/modules/"
                + facts.release()
                + "/build/scripts/sign-file sha256 KEY.priv KEY.der "
                + file
                + ". "
                + LAB;
    }
}
