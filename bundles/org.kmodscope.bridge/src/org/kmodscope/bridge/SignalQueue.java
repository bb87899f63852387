/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import com.sun.jna.Pointer;

/** The limit of queued signals, RLIMIT_SIGPENDING of prlimit(2); the kernel counts per user. */
final class SignalQueue {

    private static final int RLIMIT_SIGPENDING = 11;

    private SignalQueue() {}

    /**
     * Raises this process's limit as far as it may go without privilege.
     *
     * @return the limit that holds now; -1 when there is none or it cannot be read. A low one is
     *     not an error: overflows are reported
     */
    static long raiseLimit() {
        Pointer limits = Libc.zeroed(16);
        if (Libc.prlimit(0, RLIMIT_SIGPENDING, null, limits) != 0) {
            return -1;
        }
        long soft = limits.getLong(0);
        long hard = limits.getLong(8);
        if (soft != hard) {
            limits.setLong(0, hard);
            if (Libc.prlimit(0, RLIMIT_SIGPENDING, limits, null) != 0) {
                return soft;
            }
        }
        return hard;
    }
}
