/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

/**
 * Requests or calls that a program made on a device, counted by the thread that made them.
 *
 * @param started how many were handed to the kernel or the C library
 * @param ended how many of them have ended, in whatever way
 * @param failed how many of those with an error (but not cancelled)
 * @param cancelled how many of those because they were cancelled
 * @param bytes what the others moved
 */
public record TransferStatistics(long started, long ended, long failed, long cancelled, long bytes)
        implements SourceStatistics {

    /**
     * How many are under way. After the end of a source: those that nobody can cancel. The kernel
     * keeps the device open for them, and a driver that never completes them keeps this process
     * from exiting.
     */
    public long outstanding() {
        return started - ended;
    }
}
