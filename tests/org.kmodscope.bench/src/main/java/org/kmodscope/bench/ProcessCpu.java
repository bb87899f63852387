/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bench;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/** The CPU time of this whole process, with its compiler and its collector. */
final class ProcessCpu {

    private final OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Nanoseconds since the start of the process. */
    long nanos() {
        long nanos = system.getProcessCpuTime();
        if (nanos < 0) {
            throw new IllegalStateException("this JVM does not tell its CPU time");
        }
        return nanos;
    }
}
