/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import org.kmodscope.core.KmodscopeException;

/** Waits until a device is readable. Belongs to one thread, but {@link #wake}. */
interface Readiness extends AutoCloseable {

    /**
     * Waits.
     *
     * @return bits of {@link PollTable} for the device; 0 when it was woken or interrupted
     */
    int await() throws KmodscopeException;

    /** Has {@link #await} return, now and from now on; by any thread. */
    void wake();

    @Override
    void close();
}
