/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/**
 * What a stimulus did.
 *
 * @param writes write calls that succeeded
 * @param bytes bytes that the device took
 * @param waits how often the device was full and had to be waited for
 * @param elapsedNanos from the first call to the end of the last
 */
public record StimulusResult(long writes, long bytes, long waits, long elapsedNanos) {}
