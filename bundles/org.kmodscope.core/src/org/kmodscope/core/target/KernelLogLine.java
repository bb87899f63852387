/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/**
 * One record of the kernel log, as /dev/kmsg gives it (Documentation/ABI/testing/dev-kmsg).
 *
 * @param level 0 (emergency) to 7 (debug)
 * @param sequence the kernel's number of this record
 * @param timeNanos since boot, on the kernel's log clock (microseconds are what it resolves)
 * @param text the message, without its line end
 */
public record KernelLogLine(int level, long sequence, long timeNanos, String text) {}
