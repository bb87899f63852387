/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.KmodscopeException.Kind;
import org.kmodscope.core.Reason;

/**
 * The file of the user's boards, which the command line and the IDE share and people edit.
 *
 * @param file need not be there
 */
public record BoardFile(Path file) {

    /**
     * The user's: {@code ${XDG_CONFIG_HOME:-~/.config}/kmodscope/boards.json}.
     *
     * @param environment of the process
     */
    public static BoardFile of(Map<String, String> environment) {
        Path configuration =
                Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                        .filter(home -> home.startsWith("/"))
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home", "/"), ".config"));
        return new BoardFile(configuration.resolve("kmodscope").resolve("boards.json"));
    }

    /**
     * The boards in it; none when it is not there.
     *
     * @throws KmodscopeException USAGE when it cannot be understood
     */
    public Boards read() throws KmodscopeException {
        if (!Files.exists(file)) {
            return new Boards(List.of());
        }
        try {
            return Boards.parse(Files.readString(file));
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    "The boards in " + file + " cannot be read: " + e.getMessage() + ".",
                    "Correct the file; the user guide has an example.",
                    e);
        } catch (KmodscopeException e) {
            throw new KmodscopeException(e.kind(), file + ": " + e.getMessage(), e.remedy(), e);
        }
    }

    /**
     * Replaces them, whole or not at all.
     *
     * @param known what was in it when the change began
     * @throws KmodscopeException USAGE when something else is in it by now, or cannot be
     *     understood; MISSING when it cannot be written. It is as it was then.
     */
    public void replace(Boards known, Boards next) throws KmodscopeException {
        if (!read().equals(known)) {
            throw new KmodscopeException(
                    Kind.USAGE,
                    file + " was changed by somebody else meanwhile.",
                    "Look at what is there now, and make your change again.");
        }
        try {
            // A link, as people have for files that they keep elsewhere, stays one.
            Path real = Files.exists(file) ? file.toRealPath() : file;
            Path directory = Files.createDirectories(real.resolveSibling(""));
            Path fresh = Files.createTempFile(directory, "boards", ".new");
            try {
                Files.writeString(fresh, next.text());
                Files.move(
                        fresh,
                        real,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The boards cannot be written to " + file + ": " + Reason.of(e) + ".",
                    "Free space, or correct the permissions there.",
                    e);
        }
    }
}
