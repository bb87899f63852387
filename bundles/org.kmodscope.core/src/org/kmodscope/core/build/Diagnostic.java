/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.build;

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
}
