/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * What one of several models did in all its turns.
 *
 * @param source the name of the model's source
 * @param turns how many it had, the present one among them
 * @param nanos how long they were together
 * @param taken how many reads or requests brought data meanwhile
 * @param bytes how much they brought
 */
public record TurnTotals(String source, long turns, long nanos, long taken, long bytes) {

    /** How many reads or requests brought data in a second of its own time; 0 before it had any. */
    public double perSecond() {
        return nanos > 0 ? taken * 1e9 / nanos : 0;
    }
}
