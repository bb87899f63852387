/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;
import java.util.OptionalLong;

/** The limit of queued signals, RLIMIT_SIGPENDING of prlimit(2); the kernel counts per user. */
final class SignalQueue {

    private static final int RLIMIT_SIGPENDING = 11;
    private static final long RLIM_INFINITY = -1;

    private SignalQueue() {}

    /**
     * Raises this process's limit as far as it may go without privilege.
     *
     * @return the limit that holds now, Long.MAX_VALUE when there is none; empty when a sandbox
     *     does not let it be read. A low one is not an error: overflows are reported
     */
    static OptionalLong raiseLimit() {
        Pointer limits = Libc.zeroed(16);
        if (Libc.prlimit(0, RLIMIT_SIGPENDING, null, limits) != 0) {
            return OptionalLong.empty();
        }
        long soft = limits.getLong(0);
        long hard = limits.getLong(8);
        if (soft != hard) {
            limits.setLong(0, hard);
            if (Libc.prlimit(0, RLIMIT_SIGPENDING, limits, null) != 0) {
                return limit(soft);
            }
        }
        return limit(hard);
    }

    private static OptionalLong limit(long raw) {
        return OptionalLong.of(raw == RLIM_INFINITY ? Long.MAX_VALUE : raw);
    }
}
