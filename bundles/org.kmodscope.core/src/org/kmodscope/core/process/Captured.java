/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

/**
 * How a program ended and what it printed.
 *
 * @param exit its exit status, or 128 + the signal that ended it
 * @param out the end of its standard output, at most {@link HostCommand#CAPTURED} bytes
 * @param err the same of its standard error; empty where both were joined
 */
public record Captured(int exit, String out, String err) {

    /** Standard error without blank ends, or standard output where there is none: for messages. */
    public String words() {
        return err.isBlank() ? out.strip() : err.strip();
    }
}
