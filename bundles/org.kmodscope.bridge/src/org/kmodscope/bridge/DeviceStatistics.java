/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

/**
 * What one armed device did, counted by the bridge's thread and as of its latest event.
 *
 * @param stream the number that its events carry
 * @param readable signals with a readable band (POLL_IN)
 * @param writable signals with a writable band (POLL_OUT)
 * @param other signals with another band (POLL_HUP, POLL_ERR, POLL_PRI)
 * @param resynchronised states found by poll(2) after an overflow, not by a signal
 * @param reads calls of read(2), when draining
 * @param bytes what they got
 * @param gone whether the device went away
 */
public record DeviceStatistics(
        int stream,
        long readable,
        long writable,
        long other,
        long resynchronised,
        long reads,
        long bytes,
        boolean gone) {}
