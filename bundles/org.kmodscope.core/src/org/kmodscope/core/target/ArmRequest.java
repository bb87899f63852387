/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/**
 * How to watch a device.
 *
 * @param device its path in the target, such as {@code /dev/globalfifo}
 * @param drain whether to read what is there when the device says readable, as a monitoring program
 *     does; the reads are events, too
 * @param readBytes how much to ask for in one read
 */
public record ArmRequest(String device, boolean drain, int readBytes) {}
