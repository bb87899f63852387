/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;

/** Files that a command is asked to write: looked at before a lab is booted for them. */
final class OutputFile {

    private OutputFile() {}

    /** Refuses a place where nothing can be written. */
    static void check(Path file) throws KmodscopeException {
        Path whole = file.toAbsolutePath().normalize();
        Path directory = whole.resolveSibling("");
        if (Files.isDirectory(whole) || !Files.isDirectory(directory)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    Files.isDirectory(whole)
                            ? file + " is a directory, not a file to write."
                            : "There is no directory " + directory + " for the file " + file + ".",
                    "Name a file in a directory that exists.");
        }
        if (!Files.isWritable(Files.exists(whole) ? whole : directory)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    file + " cannot be written: permission denied.",
                    "Name a file that you may write.");
        }
    }

    static KmodscopeException cannotBeWritten(Path file, IOException failure) {
        return new KmodscopeException(
                Kind.MISSING,
                file + " could not be written: " + failure.getMessage() + ".",
                "Make room, or name another place.",
                failure);
    }
}
