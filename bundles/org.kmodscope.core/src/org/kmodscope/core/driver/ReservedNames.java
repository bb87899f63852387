/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Optional;
import java.util.Set;

/** Names that are well formed and yet cannot be a module's or a device's. */
final class ReservedNames {

    private static final Set<String> KEYWORDS =
            words(
                    """
                    asm auto bool break case char const continue default do double else enum extern
                    false float for goto if inline int long register restrict return short signed
                    sizeof static struct switch true typedef typeof union unsigned void volatile
                    while alignas alignof constexpr nullptr thread_local static_assert
                    """);

    private static final Set<String> MACROS = words("linux unix i386 current module");

    private static final Set<String> BUILT_IN = words("kernel");

    private static final Set<String> DEVICES = words("null zero full");

    private ReservedNames() {}

    static Optional<String> moduleProblem(String name) {
        if (KEYWORDS.contains(name)) {
            return Optional.of("\"" + name + "\" is a word of the C language.");
        }
        if (MACROS.contains(name)) {
            return Optional.of("\"" + name + "\" means something else to the compiler.");
        }
        if (BUILT_IN.contains(name)) {
            return Optional.of("\"" + name + "\" is the name of a part of the kernel.");
        }
        return Optional.empty();
    }

    static Optional<String> deviceProblem(String name) {
        return DEVICES.contains(name)
                ? Optional.of("/dev/" + name + " belongs to the kernel.")
                : Optional.empty();
    }

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }
}
