/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import java.util.OptionalLong;

/**
 * What a bridge met besides the events of its devices.
 *
 * @param overflows how often the kernel's signal queue overflowed; each time an unknown number of
 *     signals was lost
 * @param strays signals that no armed device sent, such as one sent by hand; they are not events
 * @param queueLimit how many signals the user may have queued (RLIMIT_SIGPENDING), Long.MAX_VALUE
 *     without limit; empty when this environment does not tell
 */
public record BridgeStatistics(long overflows, long strays, OptionalLong queueLimit) {}
