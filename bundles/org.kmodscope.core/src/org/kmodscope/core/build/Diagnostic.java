/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

import java.util.Locale;

/**
 * What a compiler, linker or modpost says about a place.
 *
 * @param file the path, relative to the project where it lies in it, absolute elsewhere; empty when
 *     the message has no place
 * @param line from 1; 0 when it has none
 * @param column from 1; 0 when it has none
 * @param severity how bad
 * @param text the message, without place and severity
 */
public record Diagnostic(String file, int line, int column, Severity severity, String text) {

    /** How bad a diagnostic is. */
    public enum Severity {
        ERROR,
        WARNING,
        NOTE
    }

    /** As compilers print it: {@code file:line:column: severity: text}, without what is unknown. */
    @Override
    public String toString() {
        StringBuilder place = new StringBuilder(file);
        if (line > 0) {
            place.append(':').append(line);
        }
        if (column > 0) {
            place.append(':').append(column);
        }
        if (!place.isEmpty()) {
            place.append(": ");
        }
        return place + severity.name().toLowerCase(Locale.ROOT) + ": " + text;
    }
}
