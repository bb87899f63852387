/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * Turns the names that tools print into those a user knows: relative to the project for its own
 * files, absolute for others.
 *
 * @param sources where the tools saw the project
 * @param origin what relative names are relative to, unless they lie in the project
 */
record Naming(Path sources, Path origin) implements UnaryOperator<String> {

    @Override
    public String apply(String printed) {
        try {
            Path path = Path.of(printed);
            if (!path.isAbsolute()) {
                // Since 6.13 external modules are compiled in their own directory.
                Path own = sources.resolve(path).normalize();
                Path other = origin.resolve(path).normalize();
                path = !Files.exists(own) && Files.exists(other) ? other : own;
            }
            Path normal = path.normalize();
            if (normal.equals(sources)) {
                return ".";
            }
            return normal.startsWith(sources)
                    ? sources.relativize(normal).toString()
                    : normal.toString();
        } catch (InvalidPathException e) {
            return printed;
        }
    }
}
