/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

/** Takes what a program prints, as it comes. */
@FunctionalInterface
public interface ByteSink {

    /**
     * Some bytes, on a thread of the command's; the two channels have a thread each. What it throws
     * ends the program and comes out of the call that ran it.
     *
     * @param bytes at least one; the sink may keep the array
     */
    void bytes(Channel channel, byte[] bytes);
}
