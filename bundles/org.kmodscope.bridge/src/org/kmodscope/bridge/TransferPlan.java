/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.target.IoModel;
import org.kmodscope.core.target.IoModel.Direction;

/**
 * The requests that an engine keeps outstanding; they are all alike but for their place in a file.
 *
 * @param descriptor of the open device or file
 * @param direction which way bytes go
 * @param depth how many requests
 * @param bytes the size of each
 * @param positions whether it is a file in which requests have places, one behind the other; a
 *     device has none
 */
record TransferPlan(int descriptor, Direction direction, int depth, int bytes, boolean positions) {

    /** What a model means for a device. */
    static TransferPlan of(Descriptor device, IoModel.Queued model) {
        return new TransferPlan(
                device.number(),
                model.direction(),
                model.depth(),
                model.bytes(),
                device.isRegularFile());
    }

    boolean reads() {
        return direction == Direction.READ;
    }

    /** From one buffer to the next: whole pages, as O_DIRECT wants it. */
    long stride() {
        return (bytes + NativeBlock.PAGE - 1L) / NativeBlock.PAGE * NativeBlock.PAGE;
    }

    /** From the place of one request to that of the next. */
    long step() {
        return positions ? bytes : 0;
    }
}
