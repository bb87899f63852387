/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.debug;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;

/** Finds the number of a driver's first ioctl in its headers (asm-generic/ioctl.h). */
public final class IoctlNumber {

    /** {@code _IO('x', 1)}: those without an argument, whose number needs no compiler. */
    private static final Pattern DEFINED =
            Pattern.compile(
                    "#\\s*define\\s+\\w+\\s+_IO\\(\\s*(?:'(.)'|(0x[0-9a-fA-F]{1,2}|\\d{1,3}))\\s*,"
                            + "\\s*(0x[0-9a-fA-F]{1,2}|\\d{1,3})\\s*\\)");

    private static final int TYPE_SHIFT = 8;

    private IoctlNumber() {}

    /** The first in the project's headers; empty when there is none without an argument. */
    public static OptionalLong first(Path project) throws KmodscopeException {
        try (Stream<Path> files = Files.list(project)) {
            List<Path> headers =
                    files.filter(file -> file.toString().endsWith(".h")).sorted().toList();
            for (Path header : headers) {
                Matcher matcher = DEFINED.matcher(Files.readString(header));
                if (matcher.find()) {
                    String character = matcher.group(1);
                    long type =
                            character == null
                                    ? Integer.decode(matcher.group(2))
                                    : character.charAt(0);
                    return OptionalLong.of(type << TYPE_SHIFT | Integer.decode(matcher.group(3)));
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.FAILED,
                    "The headers in " + project + " cannot be read: " + Reason.of(e) + ".",
                    "Check that they are there and are text.",
                    e);
        }
    }
}
