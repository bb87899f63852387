/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/**
 * Writes to make.
 *
 * @param device the path in the target
 * @param count how many writes
 * @param bytes how many bytes each
 * @param perSecond writes per second, evenly spaced; 0 for as fast as the device takes them
 */
public record Stimulus(String device, long count, int bytes, double perSecond) {}
