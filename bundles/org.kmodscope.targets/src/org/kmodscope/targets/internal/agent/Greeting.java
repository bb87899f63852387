/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

/**
 * What the agent says first.
 *
 * @param protocol the version of the protocol that it speaks
 * @param eventRecord the version of the records that it writes
 * @param monotonicNanos its CLOCK_MONOTONIC at that moment
 * @param release what {@code uname -r} prints there
 * @param machine what {@code uname -m} prints there
 */
public record Greeting(
        int protocol, int eventRecord, long monotonicNanos, String release, String machine) {

    static Greeting of(PayloadReader reader) {
        return new Greeting(
                reader.u32(), reader.u32(), reader.u64(), reader.string(), reader.string());
    }
}
