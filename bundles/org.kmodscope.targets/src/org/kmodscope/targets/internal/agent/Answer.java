/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

/** What the agent says to a request. */
public sealed interface Answer {

    /** It is done; what it gives depends on the request. */
    record Done(byte[] payload) implements Answer {}

    /**
     * It was refused or failed.
     *
     * @param errno the target's error number, 0 when there is none
     * @param text what to tell people
     */
    record Refused(int errno, String text) implements Answer {}
}
