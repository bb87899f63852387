/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.process;

/** Takes what a program prints, line by line. */
@FunctionalInterface
public interface LineSink {

    /**
     * One line, on a thread of the command's; the two channels have a thread each. What it throws
     * ends the program and comes out of the call that ran it.
     *
     * @param line without its end; a longer line than 64 KiB comes in pieces
     */
    void line(Channel channel, String line);
}
