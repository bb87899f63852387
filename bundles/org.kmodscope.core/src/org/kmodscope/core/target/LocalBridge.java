/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.target;

import org.kmodscope.core.KmodscopeException;
import org.kmodscope.core.event.EventSource;

/** The JNA bridge in this process, for devices of this very machine. */
@FunctionalInterface
public interface LocalBridge {

    /**
     * Opens a device and watches it from the return on; close the source if it is never run.
     *
     * @throws KmodscopeException FAILED when the device cannot be opened or its driver lacks what
     *     the request needs, MISSING when this machine does
     */
    EventSource watch(ArmRequest request) throws KmodscopeException, InterruptedException;
}
