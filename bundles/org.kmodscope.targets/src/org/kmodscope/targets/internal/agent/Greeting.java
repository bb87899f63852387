/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.agent;

/**
 * What the agent says first.
 *
 * @param protocol the version of the protocol that it speaks
 * @param eventRecord the version of the records that it writes
 * @param monotonicNanos its CLOCK_MONOTONIC at that moment
 * @param user the number of the user that it works as; 0 is root
 * @param release what {@code uname -r} prints there
 * @param machine what {@code uname -m} prints there
 * @param note what does not work there, while everything else does; empty when all works
 */
public record Greeting(
        int protocol,
        int eventRecord,
        long monotonicNanos,
        int user,
        String release,
        String machine,
        String note) {

    /** Whether it may load modules and read the kernel's log. */
    public boolean isRoot() {
        return user == 0;
    }

    static Greeting of(PayloadReader reader) {
        return new Greeting(
                reader.u32(),
                reader.u32(),
                reader.u64(),
                reader.u32(),
                reader.string(),
                reader.string(),
                reader.string());
    }
}
