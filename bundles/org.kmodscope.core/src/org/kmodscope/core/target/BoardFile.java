/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kmodscope.core.ConfigFile;
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
        return new BoardFile(ConfigFile.of(environment, "boards.json").path());
    }

    /**
     * The boards in it; none when it is not there.
     *
     * @throws KmodscopeException USAGE when it cannot be understood
     */
    public Boards read() throws KmodscopeException {
        try {
            Optional<String> text = new ConfigFile(file).read();
            return text.isPresent() ? Boards.parse(text.get()) : new Boards(List.of());
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
            new ConfigFile(file).replace(next.text());
        } catch (IOException e) {
            throw new KmodscopeException(
                    Kind.MISSING,
                    "The boards cannot be written to " + file + ": " + Reason.of(e) + ".",
                    "Free space, or correct the permissions there.",
                    e);
        }
    }
}
