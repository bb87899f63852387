/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.List;
import java.util.OptionalLong;

/**
 * What was met by asynchronous notification.
 *
 * @param overflows how often the kernel's signal queue overflowed; each time an unknown number of
 *     signals was lost
 * @param strays signals that no armed device sent, such as one sent by hand; they are not events
 * @param queueLimit how many signals the user may have queued (RLIMIT_SIGPENDING), Long.MAX_VALUE
 *     without limit; empty when this environment does not tell
 * @param devices one for each device that was armed and not disarmed since
 */
public record SignalStatistics(
        long overflows, long strays, OptionalLong queueLimit, List<DeviceStatistics> devices)
        implements SourceStatistics {}
