/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;

/**
 * How this machine builds for another kind of processor.
 *
 * @param arch the kernel's name for it (make's {@code ARCH=}), such as {@code arm64}
 * @param prefix what the names of the compiler and its fellows begin with (make's {@code
 *     CROSS_COMPILE=}), such as {@code aarch64-linux-gnu-}
 */
public record CrossBuild(String arch, String prefix) {

    private static final Pattern ARCH = Pattern.compile("[a-z0-9_]{1,32}");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_./+][A-Za-z0-9_./+-]{0,255}");

    /** What {@code uname -m} prints, to how Debian and the kernel name it. */
    private static final Map<String, CrossBuild> BY_MACHINE =
            Map.of(
                    "x86_64", new CrossBuild("x86_64", "x86_64-linux-gnu-"),
                    "aarch64", new CrossBuild("arm64", "aarch64-linux-gnu-"),
                    "armv6l", new CrossBuild("arm", "arm-linux-gnueabi-"),
                    "armv7l", new CrossBuild("arm", "arm-linux-gnueabihf-"),
                    "riscv64", new CrossBuild("riscv", "riscv64-linux-gnu-"),
                    "ppc64le", new CrossBuild("powerpc", "powerpc64le-linux-gnu-"),
                    "s390x", new CrossBuild("s390", "s390x-linux-gnu-"));

    /**
     * What a user asks for.
     *
     * @throws KmodscopeException USAGE when these cannot be names of an architecture and a prefix
     */
    public static CrossBuild of(String arch, String prefix) throws KmodscopeException {
        if (!ARCH.matcher(arch).matches()) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "\"" + arch + "\" is no architecture of the kernel.",
                    "Name a directory of its arch/, such as arm64.");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new KmodscopeException(
                    KmodscopeException.Kind.USAGE,
                    "\"" + prefix + "\" is no prefix of a compiler's name.",
                    "Write it as make's CROSS_COMPILE, such as aarch64-linux-gnu-.");
        }
        return new CrossBuild(arch, prefix);
    }

    /** Debian's tools for a machine, by what {@code uname -m} prints there. */
    public static Optional<CrossBuild> forMachine(String machine) {
        return Optional.ofNullable(BY_MACHINE.get(machine));
    }

    /** Debian's tools for all kinds of machines that it has some for, in the order of names. */
    public static List<CrossBuild> usual() {
        return BY_MACHINE.values().stream()
                .sorted(Comparator.comparing(CrossBuild::arch).thenComparing(CrossBuild::prefix))
                .toList();
    }

    /** This machine, as {@code uname -m} would name it: Java names it otherwise. */
    public static String ownMachine() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("amd64") ? "x86_64" : arch;
    }

    /** The C compiler. */
    public String compiler() {
        return prefix + "gcc";
    }
}
