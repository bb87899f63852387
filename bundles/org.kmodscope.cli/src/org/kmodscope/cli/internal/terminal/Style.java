/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.cli.internal.terminal;

/**
 * The few looks text can have. Notification is warm and completion is blue, as in the IDE, so that
 * nobody takes one for the other.
 */
public enum Style {
    PLAIN(""),
    TITLE("1"),
    FAINT("2"),
    GOOD("32"),
    WARNING("33"),
    BAD("1;31"),
    COMMAND("36"),
    /** A signal that says readable. */
    READY_IN("33"),
    /** A signal that says writable. */
    READY_OUT("38;5;208"),
    /** Asynchronous I/O. */
    DONE("34"),
    /** Synchronous calls. */
    CALL("32"),
    /** Events that are missing. */
    LOSS("30;43");

    private final String parameters;

    Style(String parameters) {
        this.parameters = parameters;
    }

    /** The text wrapped in this look's escape sequences (ECMA-48, SGR). */
    String wrap(String text) {
        return parameters.isEmpty() || text.isEmpty()
                ? text
                : "\u001b[" + parameters + "m" + text + "\u001b[0m";
    }
}
