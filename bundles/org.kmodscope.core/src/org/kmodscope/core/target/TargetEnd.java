/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/** How a target ended. */
public sealed interface TargetEnd {

    /** Its owner closed it. */
    record Closed() implements TargetEnd {}

    /**
     * The kernel panicked.
     *
     * @param reason the kernel's own words
     * @param log the end of the console, panic included
     */
    record Panicked(String reason, String log) implements TargetEnd {}

    /**
     * It vanished: killed, crashed, or the connection broke.
     *
     * @param reason what is known about it
     * @param log the end of the console
     */
    record Vanished(String reason, String log) implements TargetEnd {}
}
