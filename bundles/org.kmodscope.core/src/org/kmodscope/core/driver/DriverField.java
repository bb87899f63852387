/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Optional;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/**
 * What a user types about a driver, and what is wrong with it while it is being typed.
 *
 * <p>A module's name becomes a C prefix, a file name, a word in Kbuild and the name in {@code
 * lsmod}; the strictest of these decides. Upper case is refused though a compiler would take it:
 * the kernel's style has none in function names, and the macros need the upper-case form of the
 * prefix for themselves.
 */
public enum DriverField {
    /** The module's name, {@code globalfifo} of {@code globalfifo.ko}; the prefix in its C code. */
    MODULE(
            "module name",
            "A module name is 1 to 31 lower-case letters, digits and underscores, and begins with"
                    + " a letter.") {
        @Override
        public Optional<String> problem(String text) {
            return nameProblem(text, "module name", false)
                    .or(() -> ReservedNames.moduleProblem(text));
        }
    },
    /** The node's name below {@code /dev}. */
    DEVICE(
            "device name",
            "A device name is 1 to 31 letters, digits, underscores and hyphens, and begins with a"
                    + " letter.") {
        @Override
        public Optional<String> problem(String text) {
            return nameProblem(text, "device name", true)
                    .or(() -> ReservedNames.deviceProblem(text));
        }
    },
    /** Who is named in {@code MODULE_AUTHOR()}: {@code Name <address>} by custom. */
    AUTHOR("author", "An author is one line of up to 70 characters, such as Name <address>.") {
        @Override
        public Optional<String> problem(String text) {
            return lineProblem(text, "author");
        }
    },
    /** One line for {@code MODULE_DESCRIPTION()}. */
    DESCRIPTION("description", "A description is one line of up to 70 characters.") {
        @Override
        public Optional<String> problem(String text) {
            return lineProblem(text, "description");
        }
    },
    /** An SPDX expression out of {@link Licence}. */
    LICENCE(
            "licence",
            "Licences are GPL-2.0, GPL-2.0-or-later, GPL-2.0 OR MIT, GPL-2.0 OR BSD-3-Clause.") {
        @Override
        public Optional<String> problem(String text) {
            return Licence.parse(text).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            "\""
                                    + text
                                    + "\" is no licence that gives a module the kernel's"
                                    + " GPL-only functions.");
        }
    },
    /** The oldest kernel the driver has to build for. */
    KERNEL_MIN(
            "oldest kernel",
            "Kernels from "
                    + KernelVersion.OLDEST
                    + " to "
                    + KernelVersion.NEWEST
                    + " are generated for, written as 6.1.") {
        @Override
        public Optional<String> problem(String text) {
            var version = KernelVersion.parse(text);
            if (version.isEmpty()) {
                return Optional.of("\"" + text + "\" is not a kernel version.");
            }
            if (version.get().compareTo(KernelVersion.OLDEST) < 0
                    || version.get().compareTo(KernelVersion.NEWEST) > 0) {
                return Optional.of(
                        "Kernel " + text + " is outside the range that is generated for.");
            }
            return Optional.empty();
        }
    };

    /** The longest module or device name: all output is tested up to this length. */
    public static final int MAX_NAME = 31;

    /** The longest author and description. */
    public static final int MAX_LINE = 70;

    private static final Pattern DEVICE_FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final Pattern MODULE_FORM = Pattern.compile("[a-z][a-z0-9_]*");

    private final String title;
    private final String rule;

    DriverField(String title, String rule) {
        this.title = title;
        this.rule = rule;
    }

    /** What the field is called in a sentence. */
    public String title() {
        return title;
    }

    /** What it may hold, in one sentence. */
    public String rule() {
        return rule;
    }

    /** What is wrong with the text, in one sentence; empty when nothing is. Cheap, any thread. */
    public abstract Optional<String> problem(String text);

    /**
     * Refuses a text that has a problem.
     *
     * @throws KmodscopeException USAGE, with the problem and the field's rule
     */
    public void check(String text) throws KmodscopeException {
        var problem = problem(text);
        if (problem.isPresent()) {
            throw new KmodscopeException(Kind.USAGE, problem.get(), rule);
        }
    }

    private static Optional<String> nameProblem(String text, String what, boolean device) {
        if (text.isEmpty()) {
            return Optional.of("The " + what + " is empty.");
        }
        if (text.contains("/") || text.contains("\\")) {
            return Optional.of("\"" + text + "\" is a path, not a " + what + ".");
        }
        var wrong = text.codePoints().filter(c -> !inName(c, device)).findFirst();
        if (wrong.isPresent()) {
            return Optional.of(
                    "The " + what + " \"" + text + "\" has " + describe(wrong.getAsInt()) + ".");
        }
        if (!(device ? DEVICE_FORM : MODULE_FORM).matcher(text).matches()) {
            return Optional.of("The " + what + " \"" + text + "\" does not begin with a letter.");
        }
        if (text.length() > MAX_NAME) {
            return Optional.of(
                    "The %s has %d characters, %d more than it may have."
                            .formatted(what, text.length(), text.length() - MAX_NAME));
        }
        return Optional.empty();
    }

    private static boolean inName(int c, boolean device) {
        return c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c == '_'
                || device && (c == '-' || c >= 'A' && c <= 'Z');
    }

    private static String describe(int c) {
        if (c == ' ') {
            return "a space in it";
        }
        if (c == '.') {
            return "a dot in it";
        }
        if (c == '-') {
            return "a hyphen in it, which C does not allow in names; use an underscore";
        }
        if (c >= 'A' && c <= 'Z') {
            return "the upper-case letter %c in it, which is kept for macros".formatted(c);
        }
        if (c < ' ' || c == 0x7f) {
            return "a control character in it";
        }
        return c < 0x7f
                ? "the character %c in it".formatted(c)
                : "the character %s (U+%04X) in it, which is not ASCII"
                        .formatted(Character.toString(c), c);
    }

    private static Optional<String> lineProblem(String text, String what) {
        if (text.isBlank()) {
            return Optional.of("The " + what + " is empty.");
        }
        if (text.codePoints().anyMatch(DriverField::breaksLine)) {
            return Optional.of("The " + what + " has a line break or a control character in it.");
        }
        if (!text.equals(text.strip())) {
            return Optional.of("The " + what + " begins or ends with a blank.");
        }
        var length = Text.width(Text.escape(text));
        if (length > MAX_LINE) {
            return Optional.of(
                    "The %s has %d characters, %d more than it may have."
                            .formatted(what, length, length - MAX_LINE));
        }
        return Optional.empty();
    }

    private static boolean breaksLine(int c) {
        var type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
