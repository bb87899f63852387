/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The CPU time of this whole process, with its compiler and its collector, by the same call as in
 * the C programs: Java's own figure comes in steps of ten milliseconds.
 */
final class ProcessCpu {

    /** Mapped directly: by reflection, asking twice for 512 events costs 1 % of them. */
    private static final class Clock {

        static {
            Native.register(Clock.class, (String) null);
        }

        private Clock() {}

        static native int clock_gettime(int clock, Pointer time);
    }

    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;

    private final Memory time = new Memory(2L * Long.BYTES);

    /** Nanoseconds since the start of the process. */
    long nanos() {
        if (Clock.clock_gettime(CLOCK_PROCESS_CPUTIME_ID, time) != 0) {
            throw new IllegalStateException("the CPU time of this process cannot be read");
        }
        return time.getLong(0) * 1_000_000_000 + time.getLong(Long.BYTES);
    }
}
