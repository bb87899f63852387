/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine can do at the same time.
 *
 * @param cores processors
 * @param freeMiB memory that programs can have (proc(5), MemAvailable)
 */
public record Capacity(int cores, long freeMiB) {

    /** A lab of 512 MiB with its emulator, and a compiler or two beside it. */
    private static final long LANE_MIB = 1_024;

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB$");

    /** What this machine can do now. */
    public static Capacity ofThisMachine() {
        int cores = Runtime.getRuntime().availableProcessors();
        try {
            Matcher matcher = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            if (matcher.find()) {
                return new Capacity(cores, Long.parseLong(matcher.group(1)) >> 10);
            }
        } catch (IOException unreadable) {
            // Without the figure one kernel at a time is the safe assumption.
            return new Capacity(cores, LANE_MIB);
        }
        return new Capacity(cores, LANE_MIB);
    }

    /**
     * How many kernels to work on at once: one more than there are cores, because a probe that
     * waits leaves its core to others; never more than the memory holds.
     */
    public int lanes() {
        return (int) Math.max(1, Math.min(cores + 1L, freeMiB / LANE_MIB));
    }
}
