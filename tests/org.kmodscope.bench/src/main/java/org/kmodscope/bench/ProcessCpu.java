/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;

/**
 * The CPU time of this whole process, with its compiler and its collector, by the same call as in
 * the C programs: Java's own figure comes in steps of ten milliseconds.
 */
final class ProcessCpu {

    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;

    private final Function clock = NativeLibrary.getProcess().getFunction("clock_gettime");
    private final Memory time = new Memory(2L * Long.BYTES);

    /** Nanoseconds since the start of the process. */
    long nanos() {
        if (clock.invokeInt(new Object[] {CLOCK_PROCESS_CPUTIME_ID, time}) != 0) {
            throw new IllegalStateException("the CPU time of this process cannot be read");
        }
        return time.getLong(0) * 1_000_000_000 + time.getLong(Long.BYTES);
    }
}
