/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import org.kmodscope.core.KmodscopeException;

/**
 * The size of a lab's virtual machine.
 *
 * @param processors how many it has: {@value #LEAST_PROCESSORS} to {@value #MOST_PROCESSORS}
 * @param memoryMib its memory in MiB: {@value #LEAST_MIB} to {@value #MOST_MIB}
 */
public record MachineSize(int processors, int memoryMib) {

    /** Two processors, so that races can happen, and what a stock kernel needs. */
    public static final MachineSize DEFAULT = new MachineSize(2, 512);

    /** The fewest processors. */
    public static final int LEAST_PROCESSORS = 1;

    /** The most processors. */
    public static final int MOST_PROCESSORS = 64;

    /** The least memory, in MiB. */
    public static final int LEAST_MIB = 256;

    /** The most memory, in MiB. */
    public static final int MOST_MIB = 65536;

    /**
     * A size that a user asks for.
     *
     * @throws KmodscopeException USAGE when it is out of bounds
     */
    public static MachineSize of(int processors, int memoryMib) throws KmodscopeException {
        if (processors < LEAST_PROCESSORS || processors > MOST_PROCESSORS) {
            throw usage("processors", LEAST_PROCESSORS, MOST_PROCESSORS, processors);
        }
        if (memoryMib < LEAST_MIB || memoryMib > MOST_MIB) {
            throw usage("MiB of memory", LEAST_MIB, MOST_MIB, memoryMib);
        }
        return new MachineSize(processors, memoryMib);
    }

    private static KmodscopeException usage(String what, int least, int most, int asked) {
        return new KmodscopeException(
                KmodscopeException.Kind.USAGE,
                "A lab has " + least + " to " + most + ' ' + what + ", not " + asked + '.',
                "Choose a number between these.");
    }
}
