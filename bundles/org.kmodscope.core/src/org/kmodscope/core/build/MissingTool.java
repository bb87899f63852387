/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kmodscope.core.KmodscopeException;

/**
 * Finds out that a build failed because this machine lacks a program or a library, from what shell,
 * make and loader print.
 */
final class MissingTool {

    private static final Pattern PROGRAM =
            Pattern.compile(
                    "^(?:/bin/)?sh: \\d+: (\\S+): not found$"
                            + "|^make(?:\\[\\d+\\])?: (\\S+): No such file or directory$"
                            + "|^.*: line \\d+: (\\S+): command not found$");
    private static final Pattern LIBRARY =
            Pattern.compile(
                    "^(\\S+): error while loading shared libraries: (\\S+):"
                            + " cannot open shared object file.*$");

    private static final Pattern CROSS = Pattern.compile("(.+-linux-.+)-(gcc(?:-\\d+)?)");

    private static final Map<String, String> PACKAGES =
            Map.of(
                    "ld", "binutils",
                    "as", "binutils",
                    "objcopy", "binutils",
                    "nm", "binutils",
                    "libelf.so.1", "libelf1",
                    "cpp", "cpp",
                    "awk", "gawk",
                    "perl", "perl");

    private MissingTool() {}

    /** What a line of output says is missing, as the failure to report; empty for other lines. */
    static Optional<KmodscopeException> read(String line) {
        Matcher program = PROGRAM.matcher(line);
        if (program.matches()) {
            for (int group = 1; group <= program.groupCount(); group++) {
                String name = program.group(group);
                if (name != null) {
                    return Optional.of(missing("The build needs the program " + name, name));
                }
            }
        }
        Matcher library = LIBRARY.matcher(line);
        if (library.matches()) {
            String name = library.group(2);
            return Optional.of(missing("The build needs the library " + name, name));
        }
        return Optional.empty();
    }

    /** The package of a compiler: that of {@code aarch64-linux-gnu-gcc} is named otherwise. */
    static String packageOf(String compiler) {
        String base = compiler.substring(compiler.lastIndexOf('/') + 1);
        Matcher cross = CROSS.matcher(base);
        return cross.matches() ? cross.group(2) + '-' + cross.group(1) : base;
    }

    private static KmodscopeException missing(String what, String name) {
        String base = name.substring(name.lastIndexOf('/') + 1);
        return new KmodscopeException(
                KmodscopeException.Kind.MISSING,
                what + ", which is not on this machine.",
                "Install it: sudo apt install " + PACKAGES.getOrDefault(base, base));
    }
}
