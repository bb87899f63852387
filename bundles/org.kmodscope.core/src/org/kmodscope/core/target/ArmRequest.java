/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

/**
 * What to watch, and how.
 *
 * @param device its path in the target, such as {@code /dev/globalfifo}
 * @param model how to get at what it has
 */
public record ArmRequest(String device, IoModel model) {

    /** By asynchronous notification, as in {@link IoModel.Signals}. */
    public ArmRequest(String device, boolean drain, int readBytes) {
        this(device, new IoModel.Signals(drain, readBytes));
    }
}
