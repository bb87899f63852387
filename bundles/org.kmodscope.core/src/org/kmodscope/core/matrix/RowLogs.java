/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.Reason;

/** The directory with what was said on one kernel. */
record RowLogs(Path directory) {

    /** Removes the files of an earlier run, which would be taken for those of this one. */
    void clear() throws KmodscopeException {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Writes a file of lines. */
    void write(String name, Stream<?> lines) throws KmodscopeException {
        try {
            List<String> text = lines.map(String::valueOf).toList();
            Files.write(directory.resolve(name), text);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private KmodscopeException unwritable(IOException e) {
        return new KmodscopeException(
                KmodscopeException.Kind.MISSING,
                "The logs in " + directory + " cannot be written: " + Reason.of(e) + ".",
                "Free space, or correct permissions, in the project.",
                e);
    }
}
